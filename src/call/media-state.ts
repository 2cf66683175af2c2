import type { AllocatedStream, MediaInterface, MediaRemote, SrtpKey } from '#codec/media-control';
import {
  addressOf,
  type Direction,
  hasRtcpMux,
  isUnspecified,
  type MediaDescription,
  rtcpOf,
  type SessionDescription,
} from '#codec/sdp';
import type { Octets } from '#kernel';
import type { HoldDialect, Trunk } from '#policy/configuration';
import { type Codecs, codecsOf, type PayloadTypes } from './media-codecs.ts';
import type { MediaSecurity, Terms } from './media-security.ts';

export type BridgeSide = 'a' | 'b';

/** What a trunk says of its media. */
export type Face = Pick<Trunk, 'side' | 'srtp' | 'dscp' | 'codecs' | 'dtmf' | 'hold' | 'media' | 'fax'>;

/** One stream as it stands with one side. */
export interface SideState extends PayloadTypes {
  interface: MediaInterface;
  remote: MediaRemote | undefined;
  /** What the side wishes, whatever it is told of the other. */
  direction: Direction;
  revision: number;
  /** The m= line of the side's SDP that it is run by; the first of the stream's unless set. */
  line?: number;
  /** How we write it; absent until it was agreed on, and when it is gone. */
  terms?: Terms;
  /** Present: SRTP, and this is the peer's key. */
  receive?: SrtpKey;
  /** Our keys by suite, of those suites that this side was told. Never one of another side or stream. */
  keys?: Record<string, string>;
  /** The suite that was agreed on when the last exchange began: its key is used up once another is. */
  used?: string;
}

/** How keys may travel on a stream as it was agreed on, where a side has a form of its own for them. */
export interface StreamKeys {
  /** Clock rates in Hz of the telephone-event that each side takes and sends. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** The first law of G.711 that was agreed on. */
  readonly law?: 'PCMA' | 'PCMU';
}

export interface StreamState {
  media: string;
  keys?: StreamKeys;
  /** A fax by T.38. */
  udptl?: true;
  /** Voice for the tones of a modem, in which no key is to be heard. */
  modem?: true;
  /** Who sends may stop while nobody speaks: comfort noise, or a codec that pauses by itself, was agreed on. */
  pauses?: true;
  a: SideState;
  b: SideState;
  /** Our ports, once the media process gave them. */
  ports: AllocatedStream | undefined;
}

/** What one side's session is, and what we have written in it. */
export interface SideSession {
  /** o= of what we send to this side (RFC 3264 8: one session id, the version counts changes). */
  readonly sessionId: string;
  /** The rest of o=, where its peer has begun the session; ours unless given. */
  readonly origin?: { readonly username: Octets; readonly host: string };
  version: number;
  /** What was sent last, but for o=, to see whether it changed. */
  last: Octets;
  /** The stream of each m= line. Two lines of one stream are alternatives: SRTP and RTP. */
  layout: number[];
  interface: MediaInterface;
  security: MediaSecurity;
  dscp?: number;
  /** Absent: all that are offered. */
  codecs?: Codecs;
  /** Absent: as the other side says it. */
  hold?: HoldDialect;
  /** Media types that it takes; all unless given. */
  media?: NonNullable<Trunk['media']>;
  /** T.38 with it; absent: as `media` says. */
  fax?: NonNullable<Trunk['fax']>;
  /** How much of what is optional is left out of what we write, since requests did not fit (`trimmed`). */
  trim?: number;
}

/** Plain data: what a checkpoint keeps of the media of a call. Holds keys. */
export interface MediaBridgeState {
  streams: StreamState[];
  /** T.38 was offered in place of voice, and not taken: voice is for a modem's tones now. */
  fax?: true;
  a: SideSession;
  b: SideSession;
}

/** A session that nothing has been said in. */
export function freshSession(sessionId: string): SideSession {
  return { sessionId, version: 0, last: '', layout: [], interface: 'external', security: { mode: 'off' } };
}

/** A stream of which nothing has been said. */
export function freshStream(session: MediaBridgeState, media: string): StreamState {
  const side = (of: BridgeSide): SideState => ({
    interface: session[of].interface,
    remote: undefined,
    direction: 'sendrecv',
    revision: 0,
  });
  return { media, a: side('a'), b: side('b'), ports: undefined };
}

/** What a process before this one kept, which may have known nothing of security. */
export function completed(state: MediaBridgeState): MediaBridgeState {
  for (const side of ['a', 'b'] as const) {
    const known: Partial<SideSession> = state[side];
    known.layout ??= state.streams.map((_, stream) => stream);
    known.interface ??= state.streams[0]?.[side].interface ?? 'external';
    known.security ??= { mode: 'off' };
  }
  return state;
}

/** As if it had said nothing; true when it had. Its keys were told to somebody else. */
export function forgetSide(known: SideState): boolean {
  delete known.line;
  delete known.terms;
  delete known.receive;
  delete known.keys;
  delete known.used;
  delete known.types;
  delete known.heard;
  known.direction = 'sendrecv';
  if (known.remote === undefined) return false;
  known.remote = undefined;
  known.revision++;
  return true;
}

/** The side is of this trunk: what that says of media, but for its security. */
export function takeFace(session: SideSession, trunk: Face): void {
  session.interface = trunk.side;
  if (trunk.dscp) session.dscp = trunk.dscp.media;
  else delete session.dscp;
  const codecs = codecsOf(trunk);
  if (codecs) session.codecs = codecs;
  else delete session.codecs;
  if (trunk.hold) session.hold = trunk.hold;
  else delete session.hold;
  if (trunk.media) session.media = trunk.media;
  else delete session.media;
  if (trunk.fax) session.fax = trunk.fax;
  else delete session.fax;
}

/** A key that protected a stream is not used once more after another, or none, has taken its place. */
export function retireKeys(known: SideState): void {
  if (known.used !== undefined && known.used !== known.receive?.suite) delete known.keys?.[known.used];
  if (known.receive) known.used = known.receive.suite;
  else delete known.used;
}

export function remoteOf(sdp: SessionDescription, media: MediaDescription): MediaRemote | undefined {
  const host = addressOf(sdp, media);
  if (host === undefined || isUnspecified(host)) return undefined;
  const rtp = { host, port: media.port };
  return { rtp, rtcp: hasRtcpMux(media) ? rtp : (rtcpOf(sdp, media) ?? { host, port: media.port + 1 }) };
}

export function sameRemote(a: MediaRemote | undefined, b: MediaRemote | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.rtp.host === b.rtp.host && a.rtp.port === b.rtp.port && a.rtcp.host === b.rtcp.host && a.rtcp.port === b.rtcp.port
  );
}
