import { expect, test } from 'vitest';
import type { Flow, Trunk } from '#engine/ports';
import { streamMarks } from './stream-marks.ts';

const trunk = (name: string, host: string, signalling: number) =>
  ({ name, addresses: [{ host, port: 5060 }], dscp: { signalling, media: 46 } }) as unknown as Trunk;
const from = (host: string): Flow => ({ transport: 'tls', listener: 'tls', remote: { host, port: 40_000 } });
const registrar = { domains: [], realm: 'r', expires: { min: 0, max: 0 }, dscp: { signalling: 24, media: 46 } };

test('a connection is marked as its trunk is, else as devices are', () => {
  const trunks = [trunk('one', '192.0.2.1', 40), trunk('two', '192.0.2.2', 46)];
  const mark = streamMarks({ trunks, registrar });
  expect(mark(from('192.0.2.1'))).toBe(40);
  expect(mark(from('198.51.100.9'), { names: [], trustedBy: ['two'] })).toBe(46);
  expect(mark(from('198.51.100.9'))).toBe(24);
  expect(streamMarks({ trunks })(from('198.51.100.9'))).toBeUndefined();
});
