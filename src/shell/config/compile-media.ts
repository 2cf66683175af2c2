import type { Listener, MediaAddress, MediaConfiguration, Side } from '#engine/ports';
import { isName } from './addresses.ts';
import type { MediaEntry } from './schema.ts';

/** Where the file says that RTP goes. */
export type MediaPlaces = Pick<MediaEntry, 'address' | 'internal' | 'external'>;

export function compileMedia(entry: MediaEntry, listeners: readonly Listener[]): MediaConfiguration {
  return {
    mode: entry.mode,
    internal: mediaAddress(entry, 'internal', listeners),
    external: mediaAddress(entry, 'external', listeners),
    ports: entry.ports,
    ...(entry.bypass && { bypass: entry.bypass }),
    ...(entry.site !== undefined && { site: entry.site }),
    silence: entry.silence,
    ...(entry['longest-silence'] > 0 && { longestSilence: entry['longest-silence'] }),
  };
}

/** The side's own, else the one of both, else where the side's first listener is: media then goes where signalling goes. */
export function mediaAddress(entry: MediaPlaces, side: Side, listeners: readonly Listener[]): MediaAddress {
  const own = entry[side];
  if (own) return { bind: own.bind, advertise: own.advertise ?? own.bind };
  if (entry.address) return { bind: entry.address, advertise: entry.address };
  const listener = listeners.find((one) => serves(one, side)) ?? listeners[0]!;
  const { bind, advertise } = listener;
  // SDP takes an address: not every peer looks names up.
  return { bind: bind.host, advertise: isName(advertise.host) ? bind.host : advertise.host };
}

function serves(listener: Pick<Listener, 'side'>, side: Side): boolean {
  return listener.side === 'both' || listener.side === side;
}
