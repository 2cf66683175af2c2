import { expect, test } from 'vitest';
import { itspWith } from './codes-entry.ts';
import { soundFile } from './errors.ts';
import { loadConfiguration } from './load.ts';

function load(keys: string) {
  const text = soundFile.replace(/^trunks:\n(?: .*\n)+/m, itspWith(keys));
  return loadConfiguration(text, { file: 'tandem.yaml', env: {} });
}

function itsp(keys: string) {
  const loaded = load(keys);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.configuration.trunks[1]!;
}

test('a tunnel, and where media comes from', () => {
  const trunk = itsp(
    'connection: { type: internet, vlan: 101, tunnel: { kind: gre-ipsec, ours: 198.51.100.7, theirs: VPN.itsp.example } }\nmedia-networks: [203.0.113.64/26, "2001:db8::/64"]\n',
  );
  expect(trunk.connection).toEqual({
    type: 'internet',
    vpn: true,
    vlan: 101,
    tunnel: { kind: 'gre-ipsec', ours: '198.51.100.7', theirs: 'vpn.itsp.example', port: 51820 },
  });
  expect(trunk.mediaNetworks).toEqual([
    { host: '203.0.113.64', bits: 26 },
    { host: '2001:db8::', bits: 64 },
  ]);
});

test('what kind it is may be all that is said', () => {
  expect(itsp('connection: { type: internet, tunnel: wireguard }\n').connection).toMatchObject({ vpn: true });
});

test('one that hides nothing is none over the internet', () => {
  const loaded = load('connection: { type: internet, vpn: true, tunnel: gre }\n');
  expect(loaded.ok ? [] : loaded.problems.map(({ code, message }) => [code, message])).toEqual([
    ['TDM-1221', 'it runs over the internet without TLS and SRTP, through GRE, which encrypts nothing.'],
  ]);
  expect(itsp('connection: { type: private, tunnel: gre }\n').connection).toMatchObject({ vpn: true });
});
