import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { Sensitive } from '#kernel';
import { pack, unpack } from './packed.ts';

const password = 'correct horse';

const configuration: Configuration = {
  listeners: [],
  trunks: [
    {
      name: 'itsp',
      kind: 'itsp',
      side: 'external',
      transport: 'tls',
      addresses: [{ host: 'sip.itsp.example', port: 5061, matchPort: false }],
      credentials: [{ realm: 'itsp', username: 'alice', password: new Sensitive(password) }],
      authenticate: { realm: 'us', username: 'bob', password: new Sensitive(''), algorithms: ['SHA-256'] },
      capacity: { calls: 10 },
      setupTimeout: 1000,
      ringTimeout: 1000,
    },
  ],
  routes: [],
  unknownSource: 'refuse',
  media: {
    mode: 'anchor',
    internal: { bind: '::1', advertise: '::1' },
    external: { bind: '::1', advertise: '::1' },
    ports: { min: 20_000, max: 20_999 },
    silence: 0,
  },
  records: { path: './data' },
  timers: { t1: 500, t2: 4000, t4: 5000 },
};

/** What the channel between two processes of Node does to a message. */
const sent = <T>(message: T): T => JSON.parse(JSON.stringify(message)) as T;

describe('a configuration sent to another process', () => {
  const arrived = unpack(sent(pack(configuration)));

  test('arrives as it was, secrets too', () => {
    expect(arrived).toEqual(configuration);
    const [trunk] = arrived.trunks;
    expect(trunk!.credentials![0]!.password).toBeInstanceOf(Sensitive);
    expect(trunk!.credentials![0]!.password.reveal()).toBe(password);
    expect(trunk!.authenticate!.password.reveal()).toBe('');
  });

  test('hides its secrets again where it is printed', () => {
    for (const one of [configuration, arrived]) {
      const shown = [JSON.stringify(one), inspect(one, { depth: 9, showHidden: true }), String(one.trunks[0])];
      expect(shown.join()).not.toContain(password);
    }
  });

  test('whatever its values are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        fc.pre(!JSON.stringify(value).includes('$secret'));
        const one = { value: sent(value), deep: [{ hidden: new Sensitive(text) }] } as unknown as Configuration;
        const { deep, value: same } = unpack(sent(pack(one))) as unknown as typeof one & {
          deep: [{ hidden: Sensitive<string> }];
          value: unknown;
        };
        expect(same).toEqual(sent(value));
        expect(deep[0].hidden.reveal()).toBe(text);
      }),
    );
  });
});
