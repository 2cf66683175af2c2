import type { Trunk } from '#engine/ports';
import { formatAddress, trunkFacts } from './check-trunk.ts';
import { formatDuration } from './duration.ts';

/** What a trunk is by its file, defaults written out. No secrets. */
export function trunkConfiguration(trunk: Trunk): [what: string, how: string][] {
  const { kind, side, transport, naptr, addresses, capacity, setupTimeout, ringTimeout } = trunk;
  const { calls, callsPerSecond } = capacity;
  return [
    ['kind', `${kind}, ${side}`],
    ['transport', naptr ? `by NAPTR, else ${transport}` : transport],
    ['addresses', addresses.map(formatAddress).join(', ')],
    ...trunkFacts(trunk),
    ['calls', calls === undefined ? 'no limit' : `at most ${calls}`],
    ...(callsPerSecond === undefined ? [] : [['calls a second', `at most ${callsPerSecond}`] as [string, string]]),
    ['waits', `${formatDuration(setupTimeout)} for progress, ${formatDuration(ringTimeout)} for the answer`],
  ];
}
