import { expect, test } from 'vitest';
import type { User } from '#policy/configuration';
import { configuration, Desk, trunk, udp } from '../desk.testing.ts';

const itsp = trunk('itsp', '203.0.113.1', { dscp: { signalling: 40, media: 46 } });
const user = (name: string, more: Partial<User> = {}): User => ({
  name,
  line: `+49301${name.length}`,
  numbers: [],
  devices: 2,
  hidden: false,
  ...more,
});

const at = (name: string, host: string) => {
  const flow = udp('lan', host);
  const binding = {
    uri: `sip:${name}@${host}`,
    q: 1,
    expiresAt: 1_800_000_000_000,
    registeredAt: 0,
    callId: 'r',
    cseq: 1,
    flow,
    path: [],
  };
  return [`devices:${name}`, JSON.stringify([binding])] as const;
};

test('what is sent to a device bears its user’s mark, else that of all devices', () => {
  const desk = new Desk(
    configuration([itsp], {
      users: [user('ann'), user('bobby', { dscp: { signalling: 26, media: 34 } })],
      registrar: {
        domains: ['example.com'],
        realm: 'example.com',
        expires: { min: 0, max: 3_600_000 },
        dscp: { signalling: 24, media: 46 },
      },
    }),
    [at('ann', '10.0.1.1'), at('bobby', '10.0.1.2')],
  );
  for (const number of ['+493013', '+493015']) {
    const uri = `sip:${number}@192.0.2.1`;
    desk.request(udp('wan', '203.0.113.1'), 'INVITE', { uri, to: `<${uri}>` });
  }
  const marks = desk
    .of('send')
    .filter(({ octets }) => octets.startsWith('INVITE') || octets.startsWith('SIP/2.0 100'))
    .map(({ flow, dscp }) => `${flow.remote.host} ${dscp}`);
  expect(marks).toEqual(['203.0.113.1 40', '10.0.1.1 24', '203.0.113.1 40', '10.0.1.2 26']);
});
