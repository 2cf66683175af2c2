import type { SessionDescription } from '#codec/sdp';
import { type MediaBridge, readSdp } from './media-bridge.ts';
import { type BridgeSide, freshStream } from './media-state.ts';

/**
 * Side b comes from another call, where it has m= lines already, of these media types: they stay, in their order (RFC 3264 8), and what
 * side a offers finds its place in them by its media.
 */
export function seat(media: MediaBridge, offer: SessionDescription, lines: readonly string[]): void {
  const fault = media.offer('a', offer);
  if (fault !== undefined) return;
  const { streams, a, b } = media.state;
  for (const type of lines) {
    let seated = a.layout.find((stream) => streams[stream]!.media === type && !b.layout.includes(stream));
    if (seated === undefined) {
      seated = streams.length;
      streams.push(freshStream(media.state, type));
    }
    b.layout.push(seated);
  }
}

/** A side was told of more m= lines in another call, and is back: they stay, and are empty (RFC 3264 8). */
export function keepLines({ state }: MediaBridge, side: BridgeSide): void {
  const { layout, last } = state[side];
  const said = readSdp(last);
  if ('fault' in said) return;
  for (const { media } of said.sdp.media.slice(layout.length)) {
    layout.push(state.streams.length);
    state.streams.push(freshStream(state, media));
  }
}
