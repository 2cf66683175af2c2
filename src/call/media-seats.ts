import type { SessionDescription } from '#codec/sdp';
import type { MediaBridge } from './media-bridge.ts';
import type { BridgeSide, MediaBridgeState, SideState } from './media-state.ts';

/**
 * Side b comes from another call, where it has m= lines already: they stay, in their order (RFC 3264 8), and what side a offers
 * finds its place in them by its media. `from`: that call's media, and what the side is there.
 */
export function seat(media: MediaBridge, offer: SessionDescription, from: MediaBridgeState, side: BridgeSide): void {
  const fault = media.offer('a', offer);
  if (fault !== undefined) return;
  const { streams, a, b } = media.state;
  const fresh = (of: BridgeSide): SideState => ({
    interface: media.state[of].interface,
    remote: undefined,
    direction: 'sendrecv',
    revision: 0,
  });
  for (const index of from[side].layout) {
    const type = from.streams[index]!.media;
    let seated = a.layout.find((stream) => streams[stream]!.media === type && !b.layout.includes(stream));
    if (seated === undefined) {
      seated = streams.length;
      streams.push({ media: type, a: fresh('a'), b: fresh('b'), ports: undefined });
    }
    b.layout.push(seated);
  }
}
