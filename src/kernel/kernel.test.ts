import { describe, expect, test } from 'vitest';
import { bracketed, formatHostPort } from './address.ts';
import { AssertionError, assert, unreachable } from './assert.ts';

test.each([
  ['192.0.2.1', '192.0.2.1', '192.0.2.1:5060'],
  ['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:5060'],
  ['pbx.test', 'pbx.test', 'pbx.test:5060'],
])('%s is written %s, and %s with its port', (host, alone, both) => {
  expect(bracketed(host)).toBe(alone);
  expect(formatHostPort({ host, port: 5060 })).toBe(both);
});

describe('assertions', () => {
  test('what holds passes', () => {
    for (const truth of [true, 1, 'x', {}]) assert(truth, 'holds');
  });

  test.each([false, 0, '', null, undefined])('%j does not hold', (value) => {
    expect(() => assert(value, 'the leg has a dialog')).toThrow(new AssertionError('the leg has a dialog'));
  });

  test('an impossible member is named', () => {
    expect(() => unreachable({ kind: 'new' } as never, 'effect')).toThrow('effect: impossible {"kind":"new"}');
  });
});
