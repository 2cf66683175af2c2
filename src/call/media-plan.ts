import type { CapturePlan, PlayPlan, SessionPlan, SrtpPlan, StreamPlan, StreamSidePlan } from '#codec/media-control';
import { receives, sends } from '#media/offer-answer';
import { redundantTypes, renumbered } from './media-codecs.ts';
import { digitsPlan } from './media-digits.ts';
import type { BridgeSide, MediaBridgeState, SideState, StreamState } from './media-state.ts';

/** What a side hears of ours on a stream. */
export interface Played {
  readonly side: BridgeSide;
  readonly stream: number;
  readonly plan: PlayPlan;
}

/** What holds beside the state that is kept. */
interface Passing {
  /** This side is not to hear anything yet: it listens to somebody else. */
  readonly deaf: BridgeSide | undefined;
  readonly played: Played | undefined;
  readonly capture: CapturePlan | undefined;
}

/** What the media process is to do. */
export function planOf(
  session: string,
  { streams, a, b }: MediaBridgeState,
  { deaf, played, capture }: Passing,
  silenceMs: number,
): SessionPlan {
  const plans = streams.map((stream, index): StreamPlan => {
    const side = (of: BridgeSide, dscp: number | undefined): StreamSidePlan => {
      const plan = {
        ...sidePlan(stream, of, dscp),
        ...digitsPlan({ a, b }, stream, of),
        ...(capture ? { events: eventTypesOf(stream[of]) } : {}),
      };
      if (of === deaf) {
        const { remote: _, ...unheard } = plan;
        return { ...unheard, sends: false };
      }
      return played?.side === of && played.stream === index ? { ...plan, play: played.plan } : plan;
    };
    return {
      stream: index,
      media: stream.media,
      ...(stream.udptl ? { protocol: 'udptl' } : {}),
      a: side('a', a.dscp),
      b: side('b', b.dscp),
    };
  });
  return { session, streams: plans, silenceMs, ...(capture ? { capture } : {}) };
}

/** Of a fax, nothing that is RTP's is in it. */
function sidePlan(stream: StreamState, of: BridgeSide, dscp: number | undefined): StreamSidePlan {
  const { [of]: side, [of === 'a' ? 'b' : 'a']: other, udptl, pauses } = stream;
  const srtp = udptl ? undefined : srtpOf(side);
  const payloadTypes = udptl ? undefined : renumbered(side, other);
  const redundant = payloadTypes ? redundantTypes(side) : [];
  return {
    interface: side.interface,
    sends: sends(side.direction) && receives(other.direction) && side.remote !== undefined,
    revision: side.revision,
    ...(side.remote === undefined ? {} : { remote: side.remote }),
    ...(payloadTypes ? { payloadTypes } : {}),
    ...(redundant.length > 0 ? { redundant } : {}),
    ...(srtp ? { srtp } : {}),
    ...(dscp === undefined ? {} : { dscp }),
    ...(pauses ? { pauses } : {}),
  };
}

/** Of telephone-event with a side, whichever way. */
function eventTypesOf({ types = {}, heard = {} }: SideState): readonly number[] {
  const known = [...Object.entries(types), ...Object.entries(heard)];
  return known.filter(([key]) => key.startsWith('telephone-event/')).map(([, type]) => type);
}

/** Until a side that was told keys has answered, nothing from it can be trusted to be plain RTP. */
function srtpOf({ receive, terms, keys = {} }: SideState): SrtpPlan | undefined {
  if (receive) return { send: { suite: receive.suite, inline: keys[receive.suite]! }, receive };
  const [first] = terms ? [] : Object.entries(keys);
  return first && { send: { suite: first[0], inline: first[1] } };
}
