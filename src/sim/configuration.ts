import type { Configuration, Listener, Trunk } from '#engine/ports';
import type { HostPort } from '#kernel';
import type { Dice } from './dice.ts';
import type { Mix } from './mix.ts';

export interface PeerAddress {
  readonly name: string;
  readonly side: 'internal' | 'external';
  readonly address: HostPort;
}

/** The host of ours that each side sees. */
export const ourHosts = { internal: '10.0.0.1', external: '192.0.2.1' } as const;

export const peerAddresses: readonly PeerAddress[] = [
  { name: 'pbx', side: 'internal', address: { host: '10.0.0.20', port: 5060 } },
  { name: 'north', side: 'external', address: { host: '198.51.100.30', port: 5060 } },
  { name: 'south', side: 'external', address: { host: '198.51.100.40', port: 5080 } },
];

/** An address of the second provider's where nobody is. */
export const deadAddress: HostPort = { host: '198.51.100.49', port: 5060 };

/** The system under test: a PBX inside, two providers outside, of which the second takes what the first cannot. */
export function configurationOf(mix: Mix, dice: Dice): Configuration {
  const listeners: Listener[] = [];
  for (const side of ['internal', 'external'] as const) {
    for (const transport of ['udp', 'tcp'] as const) {
      const bind = { host: ourHosts[side], port: 5060 };
      listeners.push({ id: `${side}/${transport}`, name: side, side, transport, bind, advertise: bind });
    }
  }
  const setupTimeout = dice.between(4_000, 12_000);
  const ringTimeout = dice.between(8_000, 25_000);
  const trunks = peerAddresses.map(
    ({ name, side, address }): Trunk => ({
      name,
      kind: side === 'internal' ? 'ip-pbx' : 'itsp',
      side,
      transport: mix.tcp.has(name) ? 'tcp' : 'udp',
      addresses: [
        ...(mix.deadAddress && name === 'south' ? [{ ...deadAddress, matchPort: false }] : []),
        { ...address, matchPort: dice.chance(0.5) },
      ],
      capacity: {
        ...(mix.callsLimit === undefined ? {} : { calls: mix.callsLimit }),
        ...(mix.callsPerSecond === undefined ? {} : { callsPerSecond: mix.callsPerSecond }),
      },
      setupTimeout,
      ringTimeout,
    }),
  );
  return {
    listeners,
    trunks,
    routes: [
      { name: 'out', from: ['pbx'], to: dice.chance(0.5) ? ['north', 'south'] : ['south', 'north'] },
      { name: 'in', from: ['north', 'south'], to: ['pbx'] },
    ],
    unknownSource: dice.chance(0.5) ? 'refuse' : 'ignore',
    media: {
      mode: mix.bypass ? 'bypass' : 'anchor',
      internal: { bind: ourHosts.internal, advertise: ourHosts.internal },
      external: { bind: ourHosts.external, advertise: ourHosts.external },
      ports: { min: 20000, max: 40000 },
      silence: 20_000,
    },
    records: { path: 'records' },
    timers: { t1: 500, t2: 4000, t4: 5000 },
  };
}
