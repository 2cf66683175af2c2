import { expect, test } from 'vitest';
import { KeepAlive } from './keep-alive.ts';

const make = (interval = 25_000) => new KeepAlive(interval, 10_000);

test('a ping after each stretch of silence, for as long as pongs come', () => {
  const keepAlive = make();
  let heard = 0;
  for (let at = 0; at < 200_000; at += 1_000) {
    const act = keepAlive.look(at, heard);
    expect(act).toBe(at - heard === 25_000 ? 'ping' : undefined);
    if (act !== 'ping') continue;
    heard = at;
    keepAlive.heard();
    keepAlive.pong();
  }
  expect(keepAlive.answers).toBe(true);
});

test('a peer that has answered and does not any more is dead', () => {
  const keepAlive = make();
  keepAlive.look(25_000, 0);
  keepAlive.pong();
  expect(keepAlive.look(50_000, 25_000)).toBe('ping');
  expect(keepAlive.look(60_000, 25_000)).toBeUndefined();
  expect(keepAlive.look(60_001, 25_000)).toBe('dead');
});

test('anything that it says shows that it lives', () => {
  const keepAlive = make();
  keepAlive.look(25_000, 0);
  keepAlive.pong();
  keepAlive.look(50_000, 25_000);
  keepAlive.heard();
  expect(keepAlive.look(70_000, 59_000)).toBeUndefined();
  expect(keepAlive.look(84_000, 59_000)).toBe('ping');
});

test('a peer that does not know them is asked once and left in peace, whatever else it says', () => {
  const keepAlive = make();
  expect(keepAlive.look(25_000, 0)).toBe('ping');
  keepAlive.heard();
  expect(keepAlive.look(35_001, 26_000)).toBeUndefined();
  expect(keepAlive.look(500_000, 26_000)).toBeUndefined();
  expect(keepAlive.answers).toBe(false);
});

test('a CRLF that nobody asked for teaches nothing', () => {
  const keepAlive = make();
  expect(keepAlive.pong()).toBe(false);
  expect(keepAlive.answers).toBe(false);
});

test('0: never', () => {
  expect(make(0).look(1e9, 0)).toBeUndefined();
});
