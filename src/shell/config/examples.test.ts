// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { certificateFolder, selfSigned } from '../../../test/support/certificates.ts';
import { soundFile } from './errors.ts';
import { jsonSchema } from './json-schema.ts';
import { readConfiguration } from './load.ts';
import { formatProblems } from './problems.ts';

const folder = new URL('../../../examples/', import.meta.url).pathname;
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

const certificates = certificateFolder();
afterAll(() => certificates.remove());
const ours = await selfSigned({ dns: ['sbc.example.com'] });
/** The files that no example can bring along. */
const files = {
  SBC_CERTIFICATE: certificates.write('sbc.pem', ours.certificate),
  SBC_KEY: certificates.write('sbc.key', ours.key),
};

function read(name: string, env: Record<string, string> = {}) {
  const loaded = readConfiguration(`${folder}${name}`, env);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

test.each(examples)('%s is sound, without a doubt', (name) => {
  expect(readConfiguration(`${folder}${name}`, files)).toMatchObject({ ok: true, warnings: [] });
});

test('itsp-tls.yaml says which certificate files it wants', () => {
  const loaded = readConfiguration(`${folder}itsp-tls.yaml`, { SBC_CERTIFICATE: `${certificates.path}/none.pem` });
  expect(loaded.ok ? [] : loaded.problems).toMatchObject([
    { code: 'TDM-1401', path: 'listeners[1].tls.certificate', message: expect.stringContaining('/none.pem cannot be') },
    { code: 'TDM-1401', path: 'listeners[1].tls.key', message: '/etc/tandem/sbc.key cannot be read: there is none.' },
  ]);
});

test.each(examples)('%s says where its schema is', (name) => {
  const up = '../'.repeat(name.split('/').length);
  const line = `# yaml-language-server: $schema=${up}docs/tandem.schema.json\n`;
  expect(readFileSync(`${folder}${name}`, 'utf8').startsWith(line)).toBe(true);
});

describe('pbx-itsp.yaml is fixed', () => {
  test('as it is', () => {
    const sip = { side: 'both', bind: { host: '127.0.0.1', port: 5060 }, advertise: { host: '127.0.0.1', port: 5060 } };
    const trunk = { transport: 'udp', capacity: {} };
    const local = { bind: '127.0.0.1', advertise: '127.0.0.1' };
    expect(read('pbx-itsp.yaml')).toMatchObject({
      listeners: [
        { ...sip, transport: 'udp' },
        { ...sip, transport: 'tcp' },
      ],
      trunks: [
        { ...trunk, name: 'pbx', kind: 'ip-pbx', addresses: [{ host: '127.0.0.1', port: 5080, matchPort: true }] },
        { ...trunk, name: 'itsp', kind: 'itsp', addresses: [{ host: '127.0.0.1', port: 5090, matchPort: true }] },
      ],
      routes: [
        { from: ['pbx'], to: ['itsp'] },
        { from: ['itsp'], to: ['pbx'] },
      ],
      unknownSource: 'refuse',
      media: { mode: 'anchor', internal: local, external: local, ports: { min: 20000, max: 39999 } },
      records: { path: './data' },
    });
  });

  test('with every switch', () => {
    const env = {
      TANDEM_SIP: '127.0.0.1:7060',
      TANDEM_PBX: '127.0.0.1:7080',
      TANDEM_ITSP: '127.0.0.1:7090',
      TANDEM_DATA: '/tmp/records',
      TANDEM_MEDIA: 'bypass',
    };
    expect(read('pbx-itsp.yaml', env)).toMatchObject({
      listeners: [{ bind: { port: 7060 }, advertise: { port: 7060 } }, { bind: { port: 7060 } }],
      trunks: [{ addresses: [{ port: 7080 }] }, { addresses: [{ port: 7090 }] }],
      media: { mode: 'bypass' },
      records: { path: '/tmp/records' },
    });
  });
});

test('the lab has a side each for the organisation and the providers', () => {
  const { listeners, trunks, media } = read('lab.yaml');
  expect(listeners.map(({ id, side, bind }) => [id, side, bind.host])).toEqual([
    ['lan/udp', 'internal', '127.0.0.1'],
    ['lan/tcp', 'internal', '127.0.0.1'],
    ['wan/udp', 'external', '127.0.0.2'],
    ['wan/tcp', 'external', '127.0.0.2'],
  ]);
  expect(trunks.map(({ name, side }) => [name, side])).toEqual([
    ['pbx', 'internal'],
    ['itsp', 'external'],
    ['itsp-backup', 'external'],
  ]);
  expect([media.internal.bind, media.external.bind]).toEqual(['127.0.0.1', '127.0.0.2']);
});

describe('the JSON Schema', () => {
  // As an editor sees a file: parsed by YAML's own rules, variables unresolved.
  const schema = z.fromJSONSchema(jsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const passes = (text: string) => schema.safeParse(parse(text)).success;

  test.each(examples)('passes %s', (name) => {
    expect(schema.safeParse(parse(readFileSync(`${folder}${name}`, 'utf8')))).toMatchObject({ success: true });
  });

  test.each([
    ['prefixes that are numbers to YAML', 'to: pbx', 'to: pbx\n    called: { prefix: [+49, 00] }'],
    ['one value for a list of one', 'to: pbx', 'to: pbx\n    called: { prefix: "+" }'],
    ['variables for numbers', 'kind: itsp', 'kind: itsp\n    capacity: { calls: "${CALLS:-10}" }'],
    ['variables for words', 'kind: itsp', 'kind: "${KIND}"'],
    ['short forms', 'routes:', 'media: { internal: 10.0.0.5 }\nroutes:'],
    ['short forms that are words', 'kind: itsp', 'kind: itsp\n    srtp: required\n    health: off'],
    ['words that are numbers to YAML', 'kind: itsp', 'kind: itsp\n    tls: { min-version: 1.3 }'],
    ['words that are no words to older editors', 'kind: itsp', 'kind: itsp\n    health: false'],
    ['texts that are numbers to YAML', 'kind: itsp', 'kind: itsp\n    credentials: { username: 17, password: 0042 }'],
    ['variables for true and false', 'kind: itsp', 'kind: itsp\n    registration: { gin: "${GIN}" }'],
    ['a map for a list of one', 'routes:', 'groups: [{ name: g, trunks: { trunk: pbx, weight: 2 } }]\nroutes:'],
  ])('passes %s', (_what, from, to) => {
    expect(passes(soundFile.replace(from, to))).toBe(true);
  });

  test.each([
    ['an unknown key', 'kind: itsp', 'kind: itsp\n    color: red'],
    ['an unknown word', 'kind: itsp', 'kind: isp'],
    ['a number out of range', 'kind: itsp', 'kind: itsp\n    capacity: { calls: 0 }'],
    ['a missing key', '    kind: itsp\n', ''],
    ['an empty list', 'to: pbx', 'to: []'],
    ['another version', 'kind: itsp', 'kind: itsp\n    tls: { min-version: 1.1 }'],
    ['a secret that is a map', 'kind: itsp', 'kind: itsp\n    credentials: { username: a, password: { a: b } }'],
  ])('does not pass %s', (_what, from, to) => {
    expect(passes(soundFile)).toBe(true);
    expect(passes(soundFile.replace(from, to))).toBe(false);
  });

  test('describes every key', () => {
    const bare: string[] = [];
    const walk = (part: unknown, path: string): void => {
      if (typeof part !== 'object' || part === null) return;
      const { properties, ...rest } = part as { properties?: Record<string, { description?: string; $ref?: string }> };
      for (const [key, inner] of Object.entries(properties ?? {})) {
        if (!inner.description && !inner.$ref) bare.push(`${path}.${key}`);
        walk(inner, `${path}.${key}`);
      }
      for (const [key, inner] of Object.entries(rest)) walk(inner, `${path}/${key}`);
    };
    walk(jsonSchema(), '');
    expect(bare).toEqual([]);
  });
});
