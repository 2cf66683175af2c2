import { expect, test } from 'vitest';
import type { User } from '#policy/configuration';
import { american, bare, irish, Net, office, site, where } from './nodes.testing.ts';

/** Help at two nodes: the primary is told the place, the secondary, which ends at another node, too or by a number of it. */

const elin = '+35319990001';
/** Known by the number that desks call from; her calls go to a mobile phone while no device of hers is there. */
const caller: User = {
  ...{ name: 'ann', line: '+4930', numbers: [], devices: 1, hidden: false, site: 'dublin' },
  forward: { unregistered: '+353187' },
};
const organisation = (more: object) => ({
  ...bare,
  trunks: [{ ...irish, emergency: 'location' as const }, { ...american, ...more }, office],
  sites: [{ ...site('dublin'), location: 'dublin' }, site('tukwila')],
  users: [caller],
  emergency: {
    numbers: [{ number: '999', masks: ['112'] }],
    to: ['irish', 'american'],
    sites: {},
    locations: [{ name: 'dublin', civic: { country: 'IE', FLR: '2' }, elins: [elin] }],
    notify: [],
    callback: 60_000,
  },
});

/** Asks at a node of Dublin; the pool's own ways fail, and the first INVITE that leaves at Tukwila is given back. */
function secondary(net: Net) {
  net.request('dub-1', '10.1.0.9', 'sip:112@10.1.0.1');
  for (let next = net.invite(); next; next = net.invite()) {
    if (next.from === 'tuk') return next;
    expect(next.octets).toContain('<ca:FLR>2</ca:FLR>');
    net.respond(next, 503);
  }
  throw new Error('nobody was asked at Tukwila');
}

test('primary and secondary at nodes of different places: each is called by the node that has it, and told the place (E-9)', () => {
  const invite = secondary(new Net(organisation({ emergency: 'location' })));
  expect(where(invite)).toBe('tuk 203.0.113.2 999');
  expect(invite.octets).toContain('<ca:FLR>2</ca:FLR>');
  expect(invite.octets).toContain('Priority: emergency');
});

test('a secondary that is told nothing is told nothing by its node', () => {
  const invite = secondary(new Net(organisation({})));
  expect(where(invite)).toBe('tuk 203.0.113.2 999');
  expect(invite.octets).not.toContain('Geolocation');
});

test('a number of the place is shown by the node whose trunk knows it, and a call back there reaches whom a call to who called reaches', () => {
  const net = new Net(organisation({ emergency: 'elin' }));
  const invite = secondary(net);
  expect(invite.octets).toMatch(/^From: .*\+35319990001@/m);
  net.respond(invite, 486);
  net.out.length = 0;
  net.request('tuk', '203.0.113.2', `sip:${elin}@192.0.2.1`);
  expect(where(net.invite())).toMatch(/^dub-. 203\.0\.113\.1 0187$/);
});
