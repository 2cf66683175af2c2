import type { PacketLoop } from '#media/packet-io';
import { DgramLoop } from './dgram.ts';
import { EpollLoop } from './epoll.ts';
import { loadLinuxCalls } from './linux-calls.ts';

/**
 * The fastest packet I/O that this host has: epoll on Linux, Node's own `dgram` elsewhere.
 * `wanted` ("epoll", "dgram") overrides; throws when it cannot be had. `say` is told what it cannot do when asked for.
 */
export function choosePacketLoop(wanted: string | undefined, say: (text: string) => void = () => {}): PacketLoop {
  if (wanted === 'dgram') return new DgramLoop(say);
  const calls = loadLinuxCalls();
  if (wanted === 'epoll') {
    if ('missing' in calls) throw new Error(`packet I/O epoll: ${calls.missing}`);
    return new EpollLoop(calls);
  }
  if (wanted !== undefined && wanted !== '') throw new Error(`packet I/O ${wanted}: not one of epoll, dgram`);
  return 'missing' in calls ? new DgramLoop(say) : new EpollLoop(calls);
}
