import { describe, expect, test } from 'vitest';
import { parseServer, Servers } from './servers.ts';

test.each([
  ['192.0.2.53', '192.0.2.53', 53],
  ['192.0.2.53:5300', '192.0.2.53', 5300],
  ['2001:db8::53', '2001:db8::53', 53],
  ['[2001:db8::53]', '2001:db8::53', 53],
  ['[2001:db8::53]:5300', '2001:db8::53', 5300],
  ['fe80::1%eth0', 'fe80::1%eth0', 53],
])('the system writes %s', (text, host, port) => {
  expect(parseServer(text)).toEqual({ host, port });
});

test.each(['', 'name', 'name:53', '192.0.2.53:0', '192.0.2.53:70000', '192.0.2.53:x'])('no server: "%s"', (text) => {
  expect(parseServer(text)).toBeUndefined();
});

describe('in order', () => {
  const [a, b, c] = [1, 2, 3].map((last) => ({ host: `192.0.2.${last}`, port: 53 })) as [
    { host: string; port: number },
    { host: string; port: number },
    { host: string; port: number },
  ];
  const made = () => {
    const servers = new Servers([a, b, c]);
    const order = (now: number) => servers.inOrder(now).map(({ address }) => address);
    return { order, first: servers.inOrder(0)[0]! };
  };

  test('who is silent twice in a row stands last for half a minute', () => {
    const { order, first } = made();
    first.silent(1000);
    expect(order(1000)).toEqual([a, b, c]);
    first.silent(2000);
    expect(order(2000)).toEqual([b, c, a]);
    expect(order(31_999)).toEqual([b, c, a]);
    expect(order(32_000)).toEqual([a, b, c]);
  });

  test('an answer in between clears it', () => {
    const { order, first } = made();
    first.silent(1000);
    first.answered();
    first.silent(2000);
    expect(order(2000)).toEqual([a, b, c]);
  });

  test('who cannot be reached stands last at once', () => {
    const { order, first } = made();
    first.unreachable(1000);
    expect(order(1000)).toEqual([b, c, a]);
    first.answered();
    expect(order(1000)).toEqual([a, b, c]);
  });
});
