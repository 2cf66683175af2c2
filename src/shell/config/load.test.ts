// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { soundFile } from './errors.ts';
import { loadConfiguration } from './load.ts';
import { formatProblems, type Problem } from './problems.ts';

type Env = Record<string, string>;

function load(text: string, env: Env = {}) {
  return loadConfiguration(text, { file: 'tandem.yaml', env });
}

function problems(text: string, env: Env = {}): readonly Problem[] {
  const loaded = load(text, env);
  return loaded.ok ? loaded.warnings : loaded.problems;
}

/** `4:11 TDM-1104`. */
function found(text: string, env: Env = {}): string[] {
  return problems(text, env).map(({ line, column, code }) => `${line}:${column} ${code}`);
}

function configuration(text: string, env: Env = {}) {
  const loaded = load(text, env);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

/** A sound file with another trunk section. */
function trunks(text: string): string {
  return soundFile.replace(/trunks:\n[\s\S]*(?=routes:)/, `trunks:\n${text}`);
}

/** What every trunk has unless the file says otherwise. */
const health = { interval: 60_000, misses: 5, successes: 1, failedCalls: 5 };
const dscp = { signalling: 24, media: 46 };

const pbx = '  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n';
const itsp = '  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n';

describe('what a file means', () => {
  test('everything that can be said', () => {
    const text = `listeners:
  - name: lan
    side: internal
    bind: 10.0.0.5:5062
    transports: tcp
  - name: wan
    side: external
    bind: "[2001:DB8:0::5]"
    advertise: "[2001:db8::6]:5080"
trunks:
  - name: gw
    kind: pstn-gateway
    transport: tcp
    addresses: [10.0.0.20, "10.0.0.21:5070"]
    capacity: { calls: 30, calls-per-second: 5 }
    setup-timeout: 1.5s
    ring-timeout: 2m
  - name: itsp
    kind: itsp
    addresses: "[2001:db8:1::1]"
routes:
  - name: one
    from: gw
    called: { prefix: [+49, 00] }
    to: [itsp]
  - name: two
    called: { pattern: '1\\d\\d' }
    to: [gw, itsp]
unknown-source: ignore
media:
  mode: bypass
  internal: 10.0.0.5
  external: { bind: "::", advertise: 2001:db8::6 }
  ports: 20001-30000
  silence: never
records: { path: /var/lib/tandem }
sip: { t1: 250ms, t2: 2s, t4: 2500ms, user-agent: Tandem 1 }
`;
    expect(configuration(text)).toEqual({
      listeners: [
        {
          id: 'lan/tcp',
          name: 'lan',
          side: 'internal',
          transport: 'tcp',
          bind: { host: '10.0.0.5', port: 5062 },
          advertise: { host: '10.0.0.5', port: 5062 },
        },
        ...(['udp', 'tcp'] as const).map((transport) => ({
          id: `wan/${transport}`,
          name: 'wan',
          side: 'external',
          transport,
          bind: { host: '2001:db8::5', port: 5060 },
          advertise: { host: '2001:db8::6', port: 5080 },
        })),
      ],
      trunks: [
        {
          name: 'gw',
          kind: 'pstn-gateway',
          side: 'internal',
          transport: 'tcp',
          addresses: [
            { host: '10.0.0.20', port: 5060, matchPort: false },
            { host: '10.0.0.21', port: 5070, matchPort: true },
          ],
          health,
          dscp,
          capacity: { calls: 30, callsPerSecond: 5 },
          setupTimeout: 1500,
          ringTimeout: 120_000,
        },
        {
          name: 'itsp',
          kind: 'itsp',
          side: 'external',
          transport: 'udp',
          addresses: [{ host: '2001:db8:1::1', port: 5060, matchPort: false }],
          health,
          dscp,
          capacity: {},
          setupTimeout: 10_000,
          ringTimeout: 180_000,
        },
      ],
      routes: [
        // A number to YAML, but not to us.
        { name: 'one', from: ['gw'], called: { prefixes: ['+49', '00'] }, to: ['itsp'] },
        { name: 'two', from: [], called: { pattern: '^1\\d\\d$' }, to: ['gw', 'itsp'] },
      ],
      unknownSource: 'ignore',
      media: {
        mode: 'bypass',
        internal: { bind: '10.0.0.5', advertise: '10.0.0.5' },
        external: { bind: '::', advertise: '2001:db8::6' },
        // RTP is even, RTCP the odd port above it.
        ports: { min: 20002, max: 29999 },
        silence: 0,
      },
      records: { path: '/var/lib/tandem' },
      protection: { requestsPerSecond: 20, ban: 300_000, signatures: [], never: [] },
      timers: { t1: 250, t2: 2000, t4: 2500 },
      userAgent: 'Tandem 1',
    });
  });

  test('where records are is said by the file, else by the environment, else it is beside us', () => {
    const text =
      'listeners: [{ name: all, bind: 192.0.2.5 }]\n' +
      'trunks: [{ name: a, kind: itsp, addresses: 203.0.113.10 }]\nroutes: [{ name: r, to: a }]\n';
    const of = (more: string, env: Record<string, string>) => {
      const loaded = loadConfiguration(text + more, { file: 'tandem.yaml', env });
      return loaded.ok && loaded.configuration.records.path;
    };
    expect(of('', {})).toBe('./data');
    for (const more of ['', 'records: {}\n'])
      expect(of(more, { TANDEM_DATA: '/var/lib/tandem' })).toBe('/var/lib/tandem');
    expect(of('records: { path: /srv }\n', { TANDEM_DATA: '/var/lib/tandem' })).toBe('/srv');
    expect(of('', { TANDEM_DATA: '' })).toBe('./data');
  });

  test('as little as can be said', () => {
    const { listeners, media, unknownSource, records, timers, userAgent } = configuration(
      'listeners: [{ name: all, bind: 192.0.2.5 }]\n' +
        'trunks: [{ name: a, kind: itsp, addresses: 203.0.113.10 }]\n' +
        'routes: [{ name: r, to: a }]\n',
    );
    expect(listeners.map(({ id, side, advertise }) => ({ id, side, advertise }))).toEqual([
      { id: 'all/udp', side: 'both', advertise: { host: '192.0.2.5', port: 5060 } },
      { id: 'all/tcp', side: 'both', advertise: { host: '192.0.2.5', port: 5060 } },
    ]);
    const here = { bind: '192.0.2.5', advertise: '192.0.2.5' };
    expect(media).toEqual({
      mode: 'anchor',
      internal: here,
      external: here,
      ports: { min: 20000, max: 39999 },
      silence: 30_000,
    });
    expect({ unknownSource, records, timers, userAgent }).toEqual({
      unknownSource: 'refuse',
      records: { path: './data' },
      timers: { t1: 500, t2: 4000, t4: 5000 },
      userAgent: undefined,
    });
  });

  test('media goes where the signalling of its side goes, unless the file says otherwise', () => {
    const { media } = configuration(
      soundFile.replace('bind: 192.0.2.5', 'bind: 0.0.0.0:5070\n    advertise: 198.51.100.5'),
    );
    expect(media.internal).toEqual({ bind: '10.0.0.5', advertise: '10.0.0.5' });
    expect(media.external).toEqual({ bind: '0.0.0.0', advertise: '198.51.100.5' });
  });

  test('YAML anchors serve to say a thing once', () => {
    const text = trunks(
      `${pbx}    capacity: &room { calls: 30 }\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n    capacity: *room\n`,
    );
    expect(configuration(text).trunks.map((trunk) => trunk.capacity)).toEqual([{ calls: 30 }, { calls: 30 }]);
  });

  test('a byte order mark and Windows line ends change nothing', () => {
    expect(configuration(`\uFEFF${soundFile.replaceAll('\n', '\r\n')}`)).toEqual(configuration(soundFile));
  });
});

describe('variables', () => {
  const text = trunks(
    `${pbx}    capacity: { calls: \${CALLS:-20}, calls-per-second: \${CPS:-} }\n` +
      '  - name: itsp-a\n    kind: itsp\n    addresses: [${A:-203.0.113.10:5060}, "${B:-}", ${C:-203.0.113.12}]\n',
  );
  const of = (env: Env) => {
    const [one, two] = configuration(text, env).trunks;
    return { capacity: one!.capacity, addresses: two!.addresses.map(({ host, port }) => `${host}:${port}`) };
  };

  test('stand anywhere in a value, in [ ] and { } too; an empty one counts as not written', () => {
    expect(of({})).toEqual({ capacity: { calls: 20 }, addresses: ['203.0.113.10:5060', '203.0.113.12:5060'] });
    expect(of({ CALLS: '7', CPS: '3', B: '203.0.113.11:5070' })).toEqual({
      capacity: { calls: 7, callsPerSecond: 3 },
      addresses: ['203.0.113.10:5060', '203.0.113.11:5070', '203.0.113.12:5060'],
    });
  });

  test('never become structure', () => {
    const hostile = '5 }\n  - name: evil\n    kind: itsp\n';
    expect(problems(text, { CALLS: hostile })).toMatchObject([{ code: 'TDM-1107', path: 'trunks[0].capacity.calls' }]);
    expect(configuration(soundFile, {}).trunks).toHaveLength(2);
  });

  test('leave every position as it is in the file', () => {
    const long = 'sip:\n  user-agent: "${A:-a longer text}"\n  t1: { x: ${B:-q, r}, t2: 1 }\n';
    expect(found(`${soundFile}${long}`)).toEqual([`${soundFile.split('\n').length + 2}:7 TDM-1103`]);
  });

  test('of a password need not be set for whoever only looks', () => {
    const itsp = '  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n';
    const text = trunks(`${pbx}${itsp}    credentials: { username: "\${ACCOUNT}", password: "\${SECRET}" }\n`);
    const load = (env: Env) => loadConfiguration(text, { file: 'f', env, withoutSecrets: true });
    const named = (path: string) => ({ code: 'TDM-1006', path: `trunks[1].credentials.${path}` });
    expect(problems(text)).toMatchObject([named('username'), named('password')]);
    expect(load({})).toMatchObject({ ok: false, problems: [named('username')] });
    expect(load({ ACCOUNT: 'alice' })).toMatchObject({ ok: true, warnings: [] });
  });

  test('that are missing are all named, and not reported as missing keys too', () => {
    expect(
      problems(trunks(`${pbx}  - name: \${NAME}\n    kind: \${KIND}\n    addresses: \${ADDRESS}\n`)),
    ).toMatchObject([
      { code: 'TDM-1006', path: 'trunks[1].name', message: expect.stringContaining('NAME') },
      { code: 'TDM-1006', path: 'trunks[1].kind', message: expect.stringContaining('KIND') },
      { code: 'TDM-1006', path: 'trunks[1].addresses', message: expect.stringContaining('ADDRESS') },
      // Known by its index, since its name is not; the routes still look for it.
      { code: 'TDM-1202' },
      { code: 'TDM-1202' },
    ]);
  });
});

describe('problems', () => {
  test('are told all at once, in the order of the file, each with its place and cure', () => {
    const text = `listeners:
  - name: lan
    side: inside
    bind: 10.0.0.5:99999
trunks:
  - name: itsp-a
    kind: itps
    adresses: 203.0.113.10
    capacity: { calls: 0 }
  - name: itsp-b
    kind: itsp
    addresses: [sip_itsp.example, "203.0.113.11:x"]
routes:
  - name: out
    to: [itsp-a, itspb]
media:
  ports: 40000-20000
  cps: 3
`;
    expect(
      formatProblems(problems(text)),
    ).toBe(`tandem.yaml:3:11: TDM-1108 listener "lan", side: there is no \`inside\` here.
  It takes internal, external or both.
tandem.yaml:4:11: TDM-1105 listener "lan", bind: "99999" is not a port.
  Give a port from 1 to 65535.
tandem.yaml:7:11: TDM-1108 trunk "itsp-a", kind: there is no \`itps\` here.
  Did you mean \`itsp\`? It takes itsp, pstn-gateway or ip-pbx.
tandem.yaml:8:5: TDM-1101 trunk "itsp-a", adresses: there is no key \`adresses\` here.
  Did you mean \`addresses\`?
tandem.yaml:9:24: TDM-1107 trunk "itsp-a", capacity.calls: "0" is not a number from 1 to 1000000.
  Give a whole number in the range; for no limit at all leave the key out.
tandem.yaml:12:17: TDM-1115 trunk "itsp-b", addresses[0]: "sip_itsp.example" is not the name of a host.
  Give the name alone, such as sip.itsp.example, with a port behind it where one is wanted.
tandem.yaml:12:35: TDM-1105 trunk "itsp-b", addresses[1]: "x" is not a port.
  Give a port from 1 to 65535.
tandem.yaml:15:18: TDM-1202 route "out", to[1]: there is no trunk or group "itspb".
  Did you mean "itsp-b"?
tandem.yaml:17:10: TDM-1112 media.ports: 40000-20000 runs backwards.
  Write 20000-40000.
tandem.yaml:18:3: TDM-1101 media.cps: there is no key \`cps\` here.
  Known here: mode, bypass, address, internal, external, site, ports, silence, longest-silence, ringback-tone.
10 errors
`);
  });

  test('of an entry do not hide those between entries', () => {
    const text = trunks(
      `${pbx}    colour: red\n${itsp}  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n`,
    );
    expect(problems(text).map((problem) => problem.code)).toEqual(['TDM-1101', 'TDM-1201', 'TDM-1213']);
  });

  test('an unknown key that is known elsewhere is sent there', () => {
    const cure = (text: string) => problems(text)[0]!.cure;
    expect(cure(`${soundFile}ports: 20000-30000\n`)).toBe('`ports` belongs in media.');
    expect(cure(trunks(`${pbx}    unknown-source: ignore\n${itsp}`))).toBe(
      '`unknown-source` belongs in the top level of the file.',
    );
    expect(cure(trunks(`${pbx}    bind: 10.0.0.5\n${itsp}`))).toBe(
      'Did you mean `kind`? `bind` belongs in listeners, or nodes.media.internal, or nodes.media.external, or media.internal, or media.external.',
    );
  });

  test('what follows from broken syntax is not told', () => {
    const broken = problems(`${soundFile}media:\n\tports: 5\nsip: [\n`);
    expect(broken).toMatchObject([{ code: 'TDM-1002', cure: 'Indent with spaces: YAML takes no tabs.' }]);
  });

  test.each([
    ['a list at the top', '- a\n- b\n', 'TDM-1103'],
    ['a text at the top', 'tandem\n', 'TDM-1103'],
    ['two documents', `${soundFile}---\n${soundFile}`, 'TDM-1005'],
    ['nothing', '', 'TDM-1004'],
    ['an alias of nothing', `${soundFile}media: *other\n`, 'TDM-1005'],
  ])('%s', (_what, text, code) => {
    expect(problems(text).map((problem) => problem.code)).toEqual([code]);
  });

  test('aliases that grow without end are cut short', () => {
    let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 9; i++)
      bomb += `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]\n`;
    expect(problems(bomb).map((problem) => problem.code)).toContain('TDM-1005');
    expect(problems(`${soundFile}media: &m\n  internal: *m\n`).map((problem) => problem.code)).toContain('TDM-1005');
  });

  test('keys that every JavaScript object has are unknown like any other', () => {
    for (const key of ['__proto__', 'constructor', 'toString'])
      expect(problems(`${soundFile}${key}: { media: 1 }\n`)).toMatchObject([{ code: 'TDM-1101', path: key }]);
  });

  test('no text makes it throw', () => {
    const lines = `${soundFile}media: { ports: 1-2 }\nsip:\n  t1: 5s\n`.split('\n');
    const odd = fc.constantFrom(
      '${',
      '${A}',
      '- ',
      ': ',
      '  ',
      '&a',
      '*a',
      '!!x',
      '"',
      '[',
      '{',
      '? ',
      '|',
      '\t',
      '0',
      'x',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...lines), odd), { maxLength: 40 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        (parts, breaks) => {
          const text = parts.map((part, i) => part + (breaks[i] ? '' : '\n')).join('');
          const loaded = load(text);
          if (loaded.ok) return;
          for (const { line, column, message, cure } of loaded.problems) {
            expect(line).toBeLessThanOrEqual(text.split('\n').length);
            expect(column).toBeGreaterThan(0);
            expect(message && cure).toBeTruthy();
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('values', () => {
  const address = (text: string) =>
    problems(trunks(`${pbx}  - name: itsp-a\n    kind: itsp\n    addresses: ${text}\n`));
  test.each([
    ['"2001:db8::5:5060"', 'TDM-1104', 'Write [2001:db8::5:5060].'],
    ['"[::ffff:203.0.113.10]"', 'TDM-1104', 'Write 203.0.113.10.'],
    ['"[fe80::1%eth0]:5060"', 'TDM-1104', 'Use a global or unique local address.'],
    ['300.1.1.1', 'TDM-1104', 'Write 192.0.2.10, or an IPv6 address such as 2001:db8::10.'],
    ['"[203.0.113.10]:5060"', 'TDM-1104', 'Write 192.0.2.10, or an IPv6 address such as 2001:db8::10.'],
    ['203.0.113.10:0', 'TDM-1105', 'Give a port from 1 to 65535.'],
    ['"203.0.113.10:"', 'TDM-1105', 'Give a port from 1 to 65535.'],
    ['203.0.113.10:65536', 'TDM-1105', 'Give a port from 1 to 65535.'],
    ['255.255.255.255', 'TDM-1204', 'Give the address of one machine.'],
  ])('address %s: %s', (text, code, cure) => {
    expect(address(text)).toMatchObject([{ code, cure }]);
  });

  const silence = (text: string) => load(`${soundFile}media:\n  silence: ${text}\n`);
  test.each([
    ['60s', 60_000],
    ['60 s', 60_000],
    ['1500ms', 1500],
    ['2m', 120_000],
    ['2min', 120_000],
    ['1h', 3_600_000],
    ['never', 0],
  ])('duration %s is %i ms', (text, ms) => {
    expect(silence(text)).toMatchObject({ ok: true, configuration: { media: { silence: ms } } });
  });
  test.each([
    ['60', 'Write 60s, or 60ms.'],
    ['0s', 'Give a duration from 1s to 24h, or never.'],
    ['25h', 'Give a duration from 1s to 24h, or never.'],
    ['-1s', 'Write a number and its unit: 500ms, 10s, 3m, 1h.'],
    ['1d', 'Write a number and its unit: 500ms, 10s, 3m, 1h.'],
  ])('duration %s is refused', (text, cure) => {
    expect(silence(text)).toMatchObject({ ok: false, problems: [{ code: 'TDM-1106', cure }] });
  });

  test.each([
    ['2m', undefined, 120_000],
    ['never', undefined, undefined],
    ['30s', 'Make it longer than `silence`.', undefined],
  ])('the longest silence: %s', (text, cure, ms) => {
    const loaded = load(`${soundFile}media:\n  longest-silence: ${text}\n`);
    if (cure === undefined) {
      expect(loaded).toMatchObject({ ok: true, configuration: { media: { silence: 30_000 } } });
      expect(loaded.ok && loaded.configuration.media.longestSilence).toBe(ms);
    } else expect(loaded).toMatchObject({ ok: false, problems: [{ code: 'TDM-1216', cure }] });
  });

  const ports = (text: string) => load(`${soundFile}media:\n  ports: ${text}\n`);
  test.each([
    ['20000-20099', 20000, 20099],
    ['20001-20100', 20002, 20099],
    ['20000 - 20100', 20000, 20099],
    ['65520-65535', 65520, 65535],
  ])('ports %s: whole pairs from %i to %i', (text, min, max) => {
    expect(ports(text)).toMatchObject({ ok: true, configuration: { media: { ports: { min, max } } } });
  });
  test.each([
    ['20000', 'TDM-1112'],
    ['20000-', 'TDM-1112'],
    ['20000-20003', 'TDM-1112'],
    ['100-20000', 'TDM-1112'],
    ['20000-65536', 'TDM-1105'],
  ])('ports %s: %s', (text, code) => {
    expect(ports(text)).toMatchObject({ ok: false, problems: [{ code }] });
  });
});

describe('entries together', () => {
  test.each([
    ['the same address', '203.0.113.10', '203.0.113.10', true],
    ['the same address and port', '203.0.113.10:5070', '203.0.113.10:5070', true],
    ['every port, and one of them', '203.0.113.10', '203.0.113.10:5070', true],
    ['one written otherwise', '"[2001:db8:0::1]"', '"[2001:DB8::1]"', true],
    ['two ports', '203.0.113.10:5060', '203.0.113.10:5070', false],
    ['two addresses', '203.0.113.10', '203.0.113.11', false],
  ])('two trunks with %s', (_what, one, two, clash) => {
    const text = `listeners: [{ name: v4, bind: 192.0.2.5 }, { name: v6, bind: "[2001:db8::5]" }]
trunks: [{ name: a, kind: itsp, addresses: ${one} }, { name: b, kind: itsp, addresses: ${two} }]
routes: [{ name: all, to: [a, b] }]
media: { mode: bypass }
`;
    expect(problems(text).map((problem) => problem.code)).toEqual(clash ? ['TDM-1208'] : []);
  });

  test.each([
    ['10.0.0.5', '10.0.0.5', true],
    ['0.0.0.0', '10.0.0.5', true],
    ['10.0.0.5', '0.0.0.0', true],
    ['10.0.0.5:5061', '10.0.0.5:5062', false],
    ['"[::]"', '10.0.0.5', false],
  ])('listeners on %s and %s', (one, two, clash) => {
    const text = soundFile.replace(
      /listeners:\n[\s\S]*(?=trunks:)/,
      `listeners:
  - { name: a, bind: ${one}, advertise: ${one.includes('[') ? '"[2001:db8::7]"' : '10.0.0.7'} }
  - { name: b, bind: ${two}, advertise: 10.0.0.7 }
`,
    );
    expect(problems(text).filter((problem) => problem.code === 'TDM-1206')).toHaveLength(clash ? 1 : 0);
  });

  test.each([
    ['the other side', 'side: external', 'side: internal', 1],
    ['another transport', 'side: external', 'side: external\n    transports: tcp', 1],
    ['both sides', 'side: external', 'side: both', 0],
  ])('a trunk, and a listener of %s', (_what, before, after, count) => {
    const missing = problems(soundFile.replace(before, after)).filter((problem) => problem.code === 'TDM-1207');
    expect(missing).toHaveLength(count);
  });

  test('a trunk with addresses of both IP versions needs listeners of both', () => {
    const text = trunks(`${pbx}  - name: itsp-a\n    kind: itsp\n    addresses: [203.0.113.10, "[2001:db8::1]"]\n`);
    expect(problems(text)).toMatchObject([
      { code: 'TDM-1207', path: 'trunks[1].addresses[1]', message: 'no listener for it: external side, udp, IPv6.' },
    ]);
  });

  test('a loop shows through a wildcard, and through what is advertised', () => {
    const looped = (bind: string, peer: string) =>
      problems(
        `listeners: [{ name: all, ${bind} }]\ntrunks: [{ name: a, kind: itsp, addresses: "${peer}" }]\nroutes: [{ name: r, to: a }]\nmedia: { mode: bypass }\n`,
      ).map((problem) => problem.code);
    expect(looped('bind: 0.0.0.0, advertise: 192.0.2.5', '127.0.0.1:5060')).toContain('TDM-1209');
    expect(looped('bind: 0.0.0.0, advertise: "192.0.2.5:5080"', '192.0.2.5:5080')).toContain('TDM-1209');
    expect(looped('bind: 0.0.0.0, advertise: 192.0.2.5', '192.0.2.5:5070')).toEqual([]);
  });

  const routes = (text: string) =>
    problems(soundFile.replace(/routes:\n[\s\S]*/, `routes:\n${text}`)).map(({ code, path }) => `${code} ${path}`);
  const all = '  - { name: all, to: [pbx, itsp-a] }\n';
  test.each([
    ['a route behind one for everything', `${all}  - { name: x, from: pbx, to: itsp-a }\n`, ['TDM-1301 routes[1]']],
    [
      'behind two that share its trunks',
      `  - { name: a, from: pbx, to: itsp-a }\n  - { name: b, from: itsp-a, to: pbx }\n${all}`,
      ['TDM-1301 routes[2]'],
    ],
    [
      'behind shorter prefixes, all of them',
      `  - { name: a, called: { prefix: ["+4", "0"] }, to: pbx }\n  - { name: b, called: { prefix: ["+49", "00"] }, to: itsp-a }\n`,
      ['TDM-1301 routes[1]'],
    ],
    [
      'behind shorter prefixes, one of them',
      `  - { name: a, called: { prefix: "+4" }, to: pbx }\n  - { name: b, called: { prefix: ["+49", "00"] }, to: itsp-a }\n`,
      [],
    ],
    [
      'behind the same pattern',
      `  - { name: a, called: { pattern: "1." }, to: pbx }\n  - { name: b, called: { pattern: "^1.$" }, to: itsp-a }\n`,
      ['TDM-1301 routes[1]'],
    ],
    ['behind one of another trunk', `  - { name: a, from: pbx, to: itsp-a }\n${all}`, []],
  ])('%s', (_what, text, expected) => {
    expect(routes(text)).toEqual(expected);
  });

  test('no doubt is told about routes while one of them is not sound', () => {
    expect(routes('  - { name: a, from: pbx, to: pbx, called: x }\n')).toEqual(['TDM-1103 routes[0].called']);
  });

  test('thousands of entries are no burden', () => {
    const many = Array.from({ length: 2000 }, (_, i) => i);
    const text = `listeners: [{ name: all, bind: 192.0.2.5 }]
trunks:
${many.map((i) => `  - { name: t${i}, kind: itsp, addresses: "203.0.113.${i % 250}:${6000 + i}" }`).join('\n')}
routes:
${many.map((i) => `  - { name: r${i}, from: t${i}, to: t${(i + 1) % 2000} }`).join('\n')}
`;
    expect(configuration(text).routes).toHaveLength(2000);
  });
});
