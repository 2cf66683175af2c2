import { expect, test } from 'vitest';
import { audioParts, plainFraming } from './codec-bandwidth.ts';
import { tunnelOctets } from './tunnel.ts';

// G.711 in packets of 20 ms is 160 + 40 octets, with SRTP 10 more.
test.each([
  ['ipsec', 200, 56],
  ['ipsec', 210, 54],
  ['ipsec-nat', 200, 64],
  ['wireguard', 200, 68],
  ['wireguard', 208, 60],
  ['gre', 200, 24],
  ['gre-ipsec', 200, 60],
] as const)('%s adds to %d octets %d', (kind, packet, octets) => {
  expect(tunnelOctets(kind, packet)).toBe(octets);
  expect(tunnelOctets(kind, packet, 6)).toBe(octets + 20);
});

test('a call in a tunnel, part by part', () => {
  expect(audioParts('PCMA', { ...plainFraming, link: 18, srtp: 10, rtcp: 0.05 }, 'ipsec')).toEqual({
    payload: 64,
    headers: 16,
    srtp: 4,
    tunnel: 21.6,
    link: 7.2,
    rtcp: expect.closeTo(5.64, 6),
  });
});
