import { expect, test } from 'vitest';
import { loadConfiguration } from '#shell/config';
import { publicAddress } from './public-address.ts';

const bare = '{ type: internet, vpn: true } # bare';
const tunnelled = '{ type: internet, vpn: true }';

async function look(wan: string, connection: string, media = '198.51.100.9') {
  const text = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 10.1.0.5, ${wan} }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - name: itsp-a
    kind: itsp
    addresses: 203.0.113.10
    connection: ${connection}
media: { internal: 10.0.0.5, external: { bind: 10.1.0.5, advertise: ${media} } }
routes:
  - { name: out, from: pbx, to: itsp-a }
  - { name: in, from: itsp-a, to: pbx }
`;
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  // A file without a tunnel and without encryption cannot be loaded.
  const trunks = loaded.configuration.trunks.map((trunk) =>
    trunk.connection && connection === bare ? { ...trunk, connection: { ...trunk.connection, vpn: false } } : trunk,
  );
  return publicAddress({ ...loaded.configuration, trunks }, async (name) => {
    if (name === 'sbc.example.com') return ['198.51.100.7'];
    if (name === 'inner.example.com') return ['10.1.0.5'];
    throw new Error('no such name');
  });
}
const lookThrough = (connection: string) => look('advertise: 10.1.0.5', connection);

test.each([
  ['advertise: 198.51.100.7', bare, 'passed'],
  ['advertise: sbc.example.com', bare, 'passed'],
  ['advertise: inner.example.com', bare, 'failed'],
  ['advertise: gone.example.com', bare, 'failed'],
  ['advertise: 10.1.0.5', bare, 'failed'],
  ['advertise: 10.1.0.5', tunnelled, 'skipped'],
  ['advertise: 10.1.0.5', 'mpls', 'skipped'],
])('%s over %s: %s', async (wan, connection, verdict) => {
  const outcome = await look(wan, connection);
  expect(outcome.verdict).toBe(verdict);
  expect((outcome.todo ?? []).length > 0).toBe(verdict === 'failed');
});

test('media counts as well', async () => {
  const { verdict, todo } = await look('advertise: 198.51.100.7', bare, '10.1.0.5');
  expect(verdict).toBe('failed');
  expect(todo).toEqual(['Give the public address that the router maps to us as `media.external.advertise`.']);
});

test('what the DNS does not know is said so', async () => {
  expect((await look('advertise: gone.example.com', bare)).todo).toEqual(['Put gone.example.com into the DNS.']);
});

test('and so do both ends of a tunnel', async () => {
  const tunnel = '{ type: internet, tunnel: { kind: wireguard, ours: inner.example.com, theirs: 192.168.1.1 } }';
  expect(await lookThrough(tunnel)).toMatchObject({
    verdict: 'failed',
    came: [
      'our end of the tunnel of itsp-a: inner.example.com is 10.1.0.5, which nobody outside can send to',
      'the other end of the tunnel of itsp-a: 192.168.1.1, which nobody outside can send to',
    ],
    todo: [
      'Give the public address that the router maps to us as `connection.tunnel.ours`.',
      'Ask the provider of itsp-a for the public address of its end of the tunnel.',
    ],
  });
  const unknown = '{ type: internet, tunnel: { kind: wireguard, theirs: gone.example.com } }';
  expect((await lookThrough(unknown)).todo).toEqual([
    'Ask the provider of itsp-a for the right name of its end of the tunnel, or for its address.',
  ]);
  const sound = '{ type: internet, tunnel: { kind: wireguard, ours: 198.51.100.7, theirs: 203.0.113.1 } }';
  expect((await lookThrough(sound)).verdict).toBe('passed');
});
