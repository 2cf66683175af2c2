import { describe, expect, test } from 'vitest';
import { read, told } from './organisation.testing.ts';

describe('what is kept of calls, and who is told of them', () => {
  test('nothing and nobody, unless it is said', () => {
    expect(read('').tracing).toBeUndefined();
    expect(read('tracing: {}\n').tracing).toEqual({ keep: [], lifetime: 7 * 86_400_000, size: 1e9 });
  });

  test('by rules, each of which says one thing or several', () => {
    const { tracing } = read(`tracing:
  keep: [failed, { trunk: pbx }, { number: "+49*" }, { calls: failed, number: "4711" }]
  days: 30
  size: 2.5 GB
  homer: 192.0.2.9
  otlp: https://collector.example.com:4318/v1/traces
`);
    expect(tracing).toEqual({
      keep: [{ failed: true }, { trunk: 'pbx' }, { number: '+49*' }, { failed: true, number: '4711' }],
      lifetime: 30 * 86_400_000,
      size: 2.5e9,
      homer: { to: { host: '192.0.2.9', port: 9060 }, transport: 'udp', id: 2001 },
      otlp: { url: 'https://collector.example.com:4318/v1/traces' },
    });
    const more = read(`tracing:
  homer: { to: "192.0.2.9:9061", transport: tcp, id: 7, password: "\${PIN}" }
  otlp: { url: "http://127.0.0.1:4318/v1/traces", authorization: Bearer x }
`).tracing!;
    expect(more.homer).toMatchObject({ to: { port: 9061 }, transport: 'tcp', id: 7 });
    expect(more.homer!.password!.reveal()).toBe('s3cret');
    expect(more.otlp!.authorization!.reveal()).toBe('Bearer x');
    expect(JSON.stringify(more)).not.toMatch(/s3cret|Bearer/);
  });

  test('media, where it is said who may have it copied, of which calls and how much', () => {
    const day = 86_400_000;
    expect(read('tracing: { media: {} }\n').tracing!.media).toEqual({ longest: 60_000, size: 1e7, lifetime: day });
    expect(read('tracing: { media: ann }\n').tracing!.media).toMatchObject({ by: ['ann'] });
    const { keys, media } = read(`tracing:
  keys: shown
  media: { by: [ann, support/desk], trunks: pbx, longest: 5m, size: 50MB, days: 3 }
`).tracing!;
    expect([keys, media]).toEqual([
      true,
      { by: ['ann', 'support/desk'], trunks: ['pbx'], longest: 300_000, size: 5e7, lifetime: 3 * day },
    ]);
  });

  test.each([
    ['media: { trunks: [pbx, nobody] }', 'TDM-1202 tracing.media.trunks[1]: there is no trunk "nobody".'],
    ['media: { sites: paris }', 'TDM-1231 tracing.media.sites[0]: there is no site "paris".'],
    ['media: { by: "a b" }', 'TDM-1122 tracing.media.by[0]: "a b" is no account.'],
    ['size: 500', 'TDM-1127 tracing.size: 500 has no unit.'],
    ['size: 1kB', 'TDM-1127 tracing.size: "1kB" is not a size from 1MB to 10TB.'],
    ['size: 99TB', 'TDM-1127 tracing.size: "99TB" is not a size from 1MB to 10TB.'],
    ['keep: { trunk: nobody }', 'TDM-1202 tracing.keep.trunk: there is no trunk "nobody".'],
    ['keep: { number: "+49 30*" }', 'TDM-1122 tracing.keep.number: "+49 30*" is neither a number nor its beginning.'],
    ['otlp: collector', 'TDM-1126 tracing.otlp.url: "collector" is not an address on the web.'],
    [
      'homer: { to: 192.0.2.9, password: a, password-file: b }',
      'TDM-1216 tracing.homer.password-file: `password` gives the password already.',
    ],
  ])('%s', (keys, message) => {
    expect(told(`tracing: { ${keys} }\n`)).toEqual([message]);
  });
});
