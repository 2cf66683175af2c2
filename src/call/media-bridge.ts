import type {
  AllocatedStream,
  MediaInterface,
  MediaRemote,
  SessionPlan,
  StreamPlan,
  StreamSidePlan,
} from '#codec/media-control';
import {
  type Anchor,
  addressOf,
  anchored,
  type Direction,
  directionOf,
  formatSdp,
  hasRtcpMux,
  isUnspecified,
  parseSdp,
  rtcpOf,
  type SessionDescription,
} from '#codec/sdp';
import type { Octets } from '#kernel';

export type BridgeSide = 'a' | 'b';

interface SideState {
  interface: MediaInterface;
  remote: MediaRemote | undefined;
  direction: Direction;
  revision: number;
}

interface StreamState {
  media: string;
  a: SideState;
  b: SideState;
  /** Our ports, once the media process gave them. */
  ports: AllocatedStream | undefined;
}

interface Written {
  /** o= of what we send to this side (RFC 3264 8: one session id, the version counts changes). */
  readonly sessionId: string;
  version: number;
  /** What was sent last, but for o=, to see whether it changed. */
  last: Octets;
}

/** Plain data: what a checkpoint keeps of the media of a call. */
export interface MediaBridgeState {
  streams: StreamState[];
  a: Written;
  b: Written;
}

const sends = (direction: Direction) => direction === 'sendrecv' || direction === 'sendonly';
const receives = (direction: Direction) => direction === 'sendrecv' || direction === 'recvonly';

/**
 * The media of one anchored call: what each side's SDP said, our ports, and the SDP that each side sees.
 * Offers and answers pass through; addresses, ports and the origin are ours (RFC 3264, docs/life-of-a-call.md).
 */
export class MediaBridge {
  readonly session: string;
  readonly state: MediaBridgeState;

  constructor(session: string, state: MediaBridgeState) {
    this.session = session;
    this.state = state;
  }

  static fresh(session: string, sessionIds: readonly [string, string]): MediaBridge {
    return new MediaBridge(session, {
      streams: [],
      a: { sessionId: sessionIds[0], version: 0, last: '' },
      b: { sessionId: sessionIds[1], version: 0, last: '' },
    });
  }

  /** Puts a side on the interface of the trunk it uses; true when streams must be allocated anew for it. */
  place(side: BridgeSide, which: MediaInterface): boolean {
    let moved = false;
    for (const stream of this.state.streams) {
      if (stream[side].interface === which) continue;
      stream[side].interface = which;
      stream.ports = undefined;
      moved = true;
    }
    return moved;
  }

  /**
   * Makes room for every stream of an offer (RFC 3264 8: m-lines are only ever added).
   * Returns true when the media process has to give ports before the offer can go on.
   */
  room(sdp: SessionDescription, interfaces: Readonly<Record<BridgeSide, MediaInterface>>): boolean {
    const { streams } = this.state;
    for (let i = streams.length; i < sdp.media.length; i++) {
      const side = (of: BridgeSide): SideState => ({
        interface: interfaces[of],
        remote: undefined,
        direction: 'sendrecv',
        revision: 0,
      });
      streams.push({ media: sdp.media[i]!.media, a: side('a'), b: side('b'), ports: undefined });
    }
    return streams.some((stream) => stream.ports === undefined);
  }

  /** Takes back the room for streams that came to nothing; true when there were any. */
  trim(streams: number): boolean {
    if (this.state.streams.length <= streams) return false;
    this.state.streams.length = streams;
    return true;
  }

  /** The media process's answer to a plan. */
  allocated(streams: readonly AllocatedStream[]): void {
    for (const ports of streams) {
      const stream = this.state.streams[ports.stream];
      if (stream) stream.ports = ports;
    }
  }

  /** False when a stream has other ports than both sides were told: another media process has begun the session anew. */
  isAt(streams: readonly AllocatedStream[]): boolean {
    return streams.every(({ stream, a, b }) => {
      const told = this.state.streams[stream]?.ports;
      return !told || (told.a.port === a.port && told.b.port === b.port);
    });
  }

  get complete(): boolean {
    return this.state.streams.every((stream) => stream.ports !== undefined);
  }

  /** Takes over where a side listens and whether it sends: when its offer was answered, or its answer came. */
  learn(side: BridgeSide, sdp: SessionDescription): void {
    this.state.streams.forEach((stream, i) => {
      const media = sdp.media[i];
      const known = stream[side];
      const remote = media && media.port !== 0 ? remoteOf(sdp, i) : undefined;
      if (!sameRemote(known.remote, remote)) {
        known.remote = remote;
        known.revision++;
      }
      known.direction = media && media.port !== 0 ? directionOf(sdp, media) : 'inactive';
      const host = media && addressOf(sdp, media);
      // RFC 2543 hold: c=0.0.0.0 wants nothing sent, and its holder sends as before or not at all.
      if (host !== undefined && isUnspecified(host)) known.direction = sends(known.direction) ? 'sendonly' : 'inactive';
    });
  }

  /** A later attempt's answer must not be mixed with an earlier one's; true when there was something to forget. */
  forget(side: BridgeSide): boolean {
    let forgot = false;
    for (const stream of this.state.streams) {
      if (stream[side].remote === undefined) continue;
      stream[side].remote = undefined;
      stream[side].revision++;
      forgot = true;
    }
    return forgot;
  }

  /** The SDP of one side as the other is to see it. */
  translate(to: BridgeSide, sdp: SessionDescription): Octets {
    const written = this.state[to];
    const anchors: (Anchor | undefined)[] = this.state.streams
      .slice(0, sdp.media.length)
      .map((stream) => stream.ports?.[to]);
    const host = anchors.find((anchor) => anchor !== undefined)?.host ?? '0.0.0.0';
    const write = (version: number) =>
      formatSdp(
        anchored(sdp, {
          origin: { username: '-', sessionId: written.sessionId, version: String(version), host },
          media: anchors,
        }),
      );
    const same = write(written.version);
    if (same === written.last) return same;
    written.version++;
    written.last = write(written.version);
    return written.last;
  }

  plan(silenceMs: number): SessionPlan {
    const streams: StreamPlan[] = this.state.streams.map((stream, index) => ({
      stream: index,
      media: stream.media,
      a: sidePlan(stream.a, stream.b),
      b: sidePlan(stream.b, stream.a),
    }));
    return { session: this.session, streams, silenceMs };
  }
}

/** Parsed SDP, or the reason why it is none. */
export function readSdp(body: Octets): { readonly sdp: SessionDescription } | { readonly fault: string } {
  const parsed = parseSdp(body);
  return 'kind' in parsed ? { fault: parsed.reason } : { sdp: parsed };
}

function sidePlan(side: SideState, other: SideState): StreamSidePlan {
  const plan = {
    interface: side.interface,
    sends: sends(side.direction) && receives(other.direction) && side.remote !== undefined,
    revision: side.revision,
  };
  return side.remote === undefined ? plan : { ...plan, remote: side.remote };
}

function remoteOf(sdp: SessionDescription, index: number): MediaRemote | undefined {
  const media = sdp.media[index]!;
  const host = addressOf(sdp, media);
  if (host === undefined || isUnspecified(host)) return undefined;
  const rtp = { host, port: media.port };
  return { rtp, rtcp: hasRtcpMux(media) ? rtp : (rtcpOf(sdp, media) ?? { host, port: media.port + 1 }) };
}

function sameRemote(a: MediaRemote | undefined, b: MediaRemote | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.rtp.host === b.rtp.host && a.rtp.port === b.rtp.port && a.rtcp.host === b.rtcp.host && a.rtcp.port === b.rtcp.port
  );
}
