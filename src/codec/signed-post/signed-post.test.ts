import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signature } from './signed-post.ts';

test('what another hand reckons of secret, time and body', () => {
  const expected = createHmac('sha256', 'hüsh').update('1700000000.{"text":"Hilfe für 112"}').digest('hex');
  expect(signature('hüsh', '1700000000', '{"text":"Hilfe für 112"}')).toBe(expected);
});
