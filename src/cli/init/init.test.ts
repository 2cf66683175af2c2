import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConfiguration, profileOf } from '#shell/config';
import { type Answers, faults, placesOf, providerProfiles, transportOf, wantsRegistration } from './answers.ts';
import { configurationText } from './configuration-text.ts';
import { init } from './init.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-init-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const answers: Answers = {
  profile: 'generic-udp-register',
  name: 'itsp-a',
  provider: 'sip.example.com',
  transport: 'udp',
  user: '+4930123',
  bind: '10.0.0.5',
  pbx: '10.0.0.20',
  numbers: '+4930',
};
const loaded = (text: string) => {
  const files = new Map([
    ['./p', 'secret'],
    ['./certificate.pem', ''],
    ['./key.pem', ''],
  ]);
  return loadConfiguration(text, {
    file: 'tandem.yaml',
    env: {},
    files: {
      read: (path: string) => (files.has(path) ? { text: files.get(path)! } : { reason: 'there is none' }),
    },
  } as never);
};
const errors = (text: string) => {
  const found = loaded(text);
  return found.ok ? [] : found.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
};

describe('the first configuration', () => {
  test('has what was answered, with a comment on what needs one, and is sound', () => {
    const text = configurationText(answers, './p', profileOf(answers.profile));
    expect(errors(text)).toEqual([]);
    expect(text.split('\n').length).toBeLessThan(40);
    expect(text).toContain('    domain: sip.example.com # looked up in the DNS\n');
    expect(text).toContain('    called: { prefix: "+4930" }\n');
    expect(text).toContain('credentials: { username: "+4930123", password-file: ./p }');
    const configuration = loaded(text);
    expect(configuration).toMatchObject({
      configuration: {
        listeners: [{ bind: { host: '10.0.0.5', port: 5060 } }, { transport: 'tcp' }],
        trunks: [{ name: 'pbx' }, { name: 'itsp-a', domain: 'sip.example.com', registration: {} }],
        routes: [{ to: ['itsp-a'] }, { to: ['pbx'] }],
      },
    });
  });

  test.each(providerProfiles().map(({ name }) => name))(
    'by the profile %s asks for nothing that the profile forbids',
    (profile) => {
      const known = profileOf(profile);
      const { user, ...others } = answers;
      const text = configurationText(
        {
          ...others,
          ...(wantsRegistration(known) && user !== undefined && { user }),
          profile,
          transport: transportOf(known),
          advertise: 'sbc.example.com',
          provider: placesOf(known) ?? 'sip.example.com',
        },
        './p',
        known,
      );
      // Certificates are not what is asked here.
      expect(errors(text).filter((code) => !code.startsWith('TDM-14'))).toEqual([]);
    },
  );

  test('quotes what YAML would take for something else', () => {
    const text = configurationText(
      { ...answers, provider: '[2001:db8::1]:5061, 203.0.113.7', name: 'no', numbers: '' },
      './p',
      undefined,
    );
    expect(text).toContain('next-hop: ["[2001:db8::1]:5061", "203.0.113.7"]');
    expect(text).toContain('- name: "no"');
  });
});

test.each([
  ['provider', 'sip.example.com', true],
  ['provider', 'a.example:5061, b.example', true],
  ['provider', 'sip example', false],
  ['pbx', 'sip:pbx', false],
  ['bind', 'localhost', false],
  ['name', 'a b', false],
  ['numbers', '+49-30', false],
] as const)('%s %s: %s', (key, value, fits) => expect(faults[key]!(value) === undefined).toBe(fits));

describe('without a terminal', () => {
  test('what is missing is named', async () => {
    const file = join(folder, 'tandem.yaml');
    await expect(init(file, { profile: 'generic-udp-register', pbx: '10.0.0.2' }, undefined)).rejects.toMatchObject({
      exitCode: 2,
      message: 'nobody can be asked here: say --provider, --user, --password-file too.',
    });
    await expect(init(file, { profile: 'nope', pbx: '10.0.0.2' }, undefined)).rejects.toMatchObject({ exitCode: 2 });
    await expect(init(file, { profile: 'generic-ip-pbx', pbx: 'x y', provider: 'a.b' }, undefined)).rejects.toThrow(
      /--pbx/,
    );
  });

  test('the file is written and checked; one that is there is left', async () => {
    const file = join(folder, 'tandem.yaml');
    const password = join(folder, 'p');
    writeFileSync(password, 'x', { mode: 0o600 });
    const options = { ...answers, passwordFile: password };
    expect(await init(file, options, undefined)).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain(`password-file: ${password}`);
    await expect(init(file, options, undefined)).rejects.toThrow(/is there already/);
    expect(await init(file, { ...options, force: true }, undefined)).toBe(0);
  });
});

/** Keys, each when what is on the screen asks for it. */
async function typed(file: string, script: readonly (readonly [question: RegExp, keys: string])[]): Promise<number> {
  const input = new PassThrough();
  const output = new PassThrough();
  let screen = '';
  let at = 0;
  output.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const next = script[at];
    if (!next?.[0].test(screen)) return;
    at++;
    screen = '';
    // When the question has been drawn, and hears keys.
    setImmediate(() => input.write(next[1]));
  });
  return init(file, {}, { input, output });
}

test('by a terminal: each question in its turn; a wrong answer is asked again; the password is in a file of its own', async () => {
  const file = join(folder, 'tandem.yaml');
  const profiles = providerProfiles().map(({ name }) => name);
  const down = '\x1b[B'.repeat(profiles.indexOf('generic-udp-register'));
  const status = await typed(file, [
    [/Whose trunk/, `${down}\r`],
    [/shall it be called/, '-a\r'],
    [/Where is it/, 'sip example\r'],
    [/A name or an address/, `${'\x7f'.repeat(8)}.example\r`],
    [/outbound proxy/, '\r'],
    [/user name/, '4930123\r'],
    [/password/, 'geheim\r'],
    [/Which address/, `${'\x7f'.repeat(45)}10.0.0.5\r`],
    [/public address/, '\r'],
    [/your PBX/, '10.0.0.20\r'],
    [/numbers begin/, '+4930\r'],
    [/Start it now/, 'n'],
  ]);
  expect(status).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('- name: itsp-a');
  expect(text).toContain('domain: sip.example');
  expect(text).not.toContain('geheim');
  const secret = join(folder, 'itsp-a.password');
  expect(readFileSync(secret, 'utf8')).toBe('geheim\n');
  expect(statSync(secret).mode & 0o777).toBe(0o600);
});

test('who would rather not answer: nothing is written', async () => {
  const file = join(folder, 'tandem.yaml');
  await expect(typed(file, [[/Whose trunk/, '\x03']])).rejects.toMatchObject({ exitCode: 130 });
  expect(() => statSync(file)).toThrow();
});
