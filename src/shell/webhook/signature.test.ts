import { expect, test } from 'vitest';
import { signatures } from './signature.ts';

test('is that of the example of Standard Webhooks, and of two secrets there are two', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    body: '{"test": 2432232314}',
  };
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  expect(signatures([secret], message)).toBe(signature);
  expect(signatures(['whsec_AAAA', secret], message)).toMatch(/^v1,\S{44} v1,g0hM9SsE/);
});
