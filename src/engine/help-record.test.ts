import { expect, test } from 'vitest';
import type { Configuration } from '#policy/configuration';
import { configuration, Desk, requests, trunk, udp } from './desk.testing.ts';

test('a call for help is found by the site that it came from, as every other call is', () => {
  const made = configuration([trunk('help', '203.0.113.1')]);
  const berlin = {
    name: 'berlin',
    kind: 'central',
    country: 'DE',
    subnets: [],
    resilient: false,
    survivability: 'none',
  } as const;
  const desk = new Desk({
    ...made,
    trunks: made.trunks.map((one) => (one.kind === 'ip-pbx' ? { ...one, site: 'berlin' } : one)),
    sites: [berlin],
    emergency: {
      numbers: [{ number: '112', masks: [] }],
      to: ['help'],
      sites: {},
      locations: [],
      notify: [],
      callback: 60_000,
    },
  } as unknown as Configuration);
  desk.request(udp('lan', '10.0.0.2'), 'INVITE', { uri: 'sip:112@192.0.2.1' });
  const [invite] = requests(desk.take(), 'INVITE');
  expect(invite?.flow.remote.host).toBe('203.0.113.1');
  desk.respond(invite!, 486);
  desk.pass(40_000);
  const [ended] = desk.of('record');
  expect(ended?.record).toMatchObject({ emergency: '112', route: 'emergency', basis: { site: 'berlin' } });
});
