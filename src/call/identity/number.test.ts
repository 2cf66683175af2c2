import { expect, test } from 'vitest';
import { callerOf, numberOf, plainUser } from './number.ts';

test.each([
  ['<sip:+493012345@192.0.2.1>;tag=a', '+493012345'],
  ['"A B" <sip:alice:secret@192.0.2.1>;tag=a', 'alice'],
  ['sip:alice@192.0.2.1;tag=a', 'alice'],
  ['<tel:+49-30-12345>;tag=a', '+493012345'],
  ['<sip:%2B4930@192.0.2.1>', '+4930'],
  ['<sip:192.0.2.1>;tag=a', ''],
  ['nonsense', ''],
])('the caller of %s is %s', (from, caller) => {
  expect(callerOf(from)).toBe(caller);
});

test.each([
  ['+49(30)123-45', '+493012345'],
  ['+4930;phone-context=example.com', '+4930'],
  ['alice.b-c', 'alice.b-c'],
])('the number of %s is %s', (user, number) => {
  expect(numberOf(user)).toBe(number);
});

test('an escape that need not be one hides nothing from a rule, one that must be stays', () => {
  expect(plainUser('%2B49%33')).toBe('+493');
  expect(plainUser('a%40b')).toBe('a%40b');
});
