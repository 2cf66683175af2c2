import type { VoipMetrics } from '#codec/rtp';
import type { Cadence } from '#codec/tones';
import type { HostPort } from '#kernel';
import type { StreamCourse } from './course.ts';

/**
 * The language between the signalling and the media process: requests, responses and notifications, each one
 * JSON object in a frame (frame.ts) on a Unix socket. Every request is answered once; every plan is complete,
 * so applying the same one twice changes nothing and a restarted side can reconcile with `list`.
 */
export const mediaProtocolVersion = 1;

/** The two parties of a session as the relay sees them: `a` called us, `b` we called. */
export type MediaSide = 'a' | 'b';

/** Which of the configured media addresses a side uses. */
export type MediaInterface = 'internal' | 'external';

/** Where a peer's SDP says it listens. `rtcp` is rtp's port + 1 unless its SDP said otherwise (RFC 3605). */
export interface MediaRemote {
  readonly rtp: HostPort;
  readonly rtcp: HostPort;
}

export interface StreamSidePlan {
  readonly interface: MediaInterface;
  /** Absent until the peer's SDP is known, or while its port is 0. */
  readonly remote?: MediaRemote;
  /** The negotiated direction lets this peer send: only then is its silence worth a notice. */
  readonly sends: boolean;
  /** Raised whenever the peer's address changed by signalling: the relay learns its source anew. */
  readonly revision: number;
  /**
   * RTP clock rates in Hz of dynamic payload types this peer may send, for jitter; static ones are known (RFC 3551).
   * Leave telephone-event out: its packets repeat a timestamp on purpose (RFC 4733 2.5.1.2).
   */
  readonly clockRates?: Readonly<Record<number, number>>;
  /**
   * Where the two sides number a codec differently: payload types of what this peer sends -> those that the other peer was
   * told. Numbers that are not named stay.
   */
  readonly payloadTypes?: Readonly<Record<number, number>>;
  /** Payload types of this peer that carry others inside (RFC 2198), which are to be renumbered alike. */
  readonly redundant?: readonly number[];
  /** RTP/SAVP with this peer; absent = plain RTP. */
  readonly srtp?: SrtpPlan;
  /** Differentiated services code point of what is sent to this peer, 0-63; the system's unless given. */
  readonly dscp?: number;
  /** This peer sends nothing while nobody speaks there (comfort noise, DTX): its reports alone are as good as speech. */
  readonly pauses?: true;
  /** What this peer hears while nothing comes from the other one: the first RTP of that ends it. */
  readonly play?: PlayPlan;
  /** The keys that this peer presses go to the other one in a form of their own; absent = as they come. */
  readonly digits?: DigitsPlan;
  /** Payload types of telephone-event with this peer, either way; told while the session is captured, so that keys can be hidden. */
  readonly events?: readonly number[];
}

/** What becomes of the keys that one peer presses. */
export interface DigitsPlan {
  /** Payload types of the telephone-event that it sends (RFC 4733) -> their clock rates in Hz. */
  readonly events?: Readonly<Record<number, number>>;
  /** They are heard in its G.711 too. */
  readonly tones?: true;
  /** What they become: events for the other peer, tones of G.711 for it, or a `pressed` notice for signalling. */
  readonly as: 'events' | 'tones' | 'told';
  /** Clock rates in Hz of the telephone-event that the other peer takes -> the payload types that it wants. */
  readonly eventTypes?: Readonly<Record<number, number>>;
  /** The law of tones where the peer has said nothing in G.711 yet: one that the other peer takes. */
  readonly law?: 'PCMA' | 'PCMU';
}

/** A sound of ours, again and again until a plan comes without it; the same one in another plan goes on. */
export interface PlayPlan {
  readonly codec: 'PCMA' | 'PCMU';
  /** By which this peer knows the codec. */
  readonly payloadType: number;
  /** Ms of sound in a packet. */
  readonly ptime: number;
  readonly tones: Cadence;
}

/** RFC 4568: each direction has a key of its own. */
export interface SrtpPlan {
  /** What we encrypt with. */
  readonly send: SrtpKey;
  /** What the peer encrypts with: absent until its SDP has come; nothing of it can be read before. */
  readonly receive?: SrtpKey;
}

export interface SrtpKey {
  /** A crypto suite of RFC 4568 6.2, RFC 6188 or RFC 7714. */
  readonly suite: string;
  /** Master key and salt, base64, as SDES writes them (RFC 4568 6.1). */
  readonly inline: string;
  /** RFC 3711 8.1: sent and expected at the end of each packet. */
  readonly mki?: { readonly value: number; readonly length: number };
}

export interface StreamPlan {
  /** The m-line's index: stable for the life of the call (RFC 3264 8). */
  readonly stream: number;
  /** The m-line's media type, for counters only: any RTP stream is relayed alike. */
  readonly media: string;
  /** T.38 by UDPTL, on the RTP ports; absent = RTP. Its sides have no `srtp`, and nothing in it is renumbered, played or heard. */
  readonly protocol?: 'udptl';
  readonly a: StreamSidePlan;
  readonly b: StreamSidePlan;
}

export interface SessionPlan {
  readonly session: string;
  readonly streams: readonly StreamPlan[];
  /** Milliseconds without RTP or RTCP where there should be some, before a `silent` notice; 0 = never. */
  readonly silenceMs: number;
  /** What comes and goes is copied, in clear, to a file, until a plan comes without it or a limit is reached. */
  readonly capture?: CapturePlan;
}

export interface CapturePlan {
  /** Of the file, without directory and ending: letters, digits, `-` and `_`. One that is over does not begin again. */
  readonly name: string;
  /** Ms and octets of the file, at most. */
  readonly ms: number;
  readonly octets: number;
  /** The keys that are pressed can be read in it; absent: their events and tones are written over. */
  readonly keys?: true;
}

/** Where we listen for a peer: to be written in the SDP that goes to it. */
export interface AllocatedSide {
  readonly host: string;
  readonly port: number;
  readonly rtcpPort: number;
}

export interface AllocatedStream {
  readonly stream: number;
  readonly a: AllocatedSide;
  readonly b: AllocatedSide;
}

/** What came from one peer on one stream. Loss and jitter by RFC 3550 A.3, A.8. */
export interface StreamSideCounters {
  packets: number;
  bytes: number;
  /** Expected less received; may be negative when packets were duplicated. */
  lost: number;
  /** Interarrival jitter in milliseconds; undefined when the clock rate is not known (RFC 3551 static types are). */
  jitterMs?: number;
  /** Last payload type seen, -1 before the first packet. */
  payloadType: number;
  /** RTCP packets that came. */
  rtcpPackets: number;
  /** Packets that were not relayed: from a source not latched, not RTP, or nowhere to send. */
  dropped: number;
  /** Packets that SRTP turned away: forged or under another key, and replayed. Absent on plain RTP. */
  unauthentic?: number;
  replayed?: number;
  /** The source we latched to, when one has sent. */
  source?: HostPort;
  /** Of what came last; absent before the first packet. */
  ssrc?: number;
  /** Where we listen for it, as its SDP was told. */
  local?: HostPort;
  /** What this peer said last of what had come to it: of the other direction. Absent: it said nothing. */
  report?: PeerReport;
}

/** By RTCP of the peer (RFC 3550 6.4), all of it measured there. */
export interface PeerReport {
  /** Packets since its beginning; negative where copies came. */
  readonly lost: number;
  /** Of what it expected since its report before: 0 to 1. */
  readonly fractionLost: number;
  /** Absent: the clock rate is not known. */
  readonly jitterMs?: number;
  /** Between us and the peer. */
  readonly roundTripMs?: number;
  readonly voip?: VoipMetrics;
}

export interface StreamCounters {
  readonly stream: number;
  readonly media: string;
  readonly a: StreamSideCounters;
  readonly b: StreamSideCounters;
  /** How it went over time; absent: it was too short, is a fax, or nobody asked. */
  readonly course?: StreamCourse;
}

/** What a process of ours takes of the machine. Ms, octets. */
export interface ProcessStats {
  readonly pid: number;
  /** Unix ms. */
  readonly startedAt: number;
  readonly cpuMs: number;
  /** How long its event loop was not waiting; absent where it waits in a way of its own. */
  readonly loopActiveMs?: number;
  /** How late it came to what was due, in the last minute or two. */
  readonly loopLagMs: { readonly median?: number; readonly p99?: number; readonly most: number };
  readonly memory: { readonly resident: number; readonly heap: number; readonly external: number };
}

/** All that the relay has counted since it began, and what it holds. */
export interface MediaStats {
  readonly sessions: number;
  readonly streams: number;
  /** Sessions of which a party, or both, should be heard and is not. */
  readonly silent: number;
  /** Of peers; `lost` by RFC 3550 A.3, `late`: behind one that was sent after it. */
  readonly packets: {
    readonly received: number;
    readonly lost: number;
    readonly late: number;
    readonly dropped: number;
  };
  readonly octets: number;
  readonly rtcpPackets: number;
  /** Pairs of ports: of each interface, or of both where they have the same address. */
  readonly ports: readonly { readonly interface: string; readonly pairs: number; readonly taken: number }[];
  /** Requests that found none. */
  readonly refused: number;
}

export type MediaRequest =
  /** Creates the session or brings it to the plan: missing streams get ports, streams left out give theirs back. */
  | { readonly id: number; readonly kind: 'apply'; readonly plan: SessionPlan }
  /** Ends the session; the answer carries its last counters, and how it went over time. */
  | { readonly id: number; readonly kind: 'close'; readonly session: string }
  /** `course`: with how they went over time. */
  | {
      readonly id: number;
      readonly kind: 'counters';
      readonly sessions: readonly string[];
      readonly course?: boolean;
    }
  /** A peer has told a key by signalling: it goes on as one that came in its media. */
  | {
      readonly id: number;
      readonly kind: 'press';
      readonly session: string;
      readonly from: MediaSide;
      readonly key: string;
      readonly ms: number;
    }
  | { readonly id: number; readonly kind: 'list' }
  | { readonly id: number; readonly kind: 'stats' };

export type MediaFailure = 'no-ports' | 'unknown-session' | 'bad-request';

export type MediaResponse =
  | {
      readonly id: number;
      readonly kind: 'applied';
      readonly session: string;
      readonly streams: readonly AllocatedStream[];
    }
  | {
      readonly id: number;
      readonly kind: 'closed';
      readonly session: string;
      readonly counters: readonly StreamCounters[];
    }
  | {
      readonly id: number;
      readonly kind: 'counters';
      readonly sessions: Readonly<Record<string, readonly StreamCounters[]>>;
    }
  /** `taken`: it is on its way, or has gone it by another; else there is no way, or too many wait. */
  | { readonly id: number; readonly kind: 'press'; readonly session: string; readonly taken: boolean }
  | { readonly id: number; readonly kind: 'list'; readonly sessions: readonly string[] }
  /** `process`: of a relay that is in one. */
  | { readonly id: number; readonly kind: 'stats'; readonly stats: MediaStats; readonly process?: ProcessStats }
  | { readonly id: number; readonly kind: 'failed'; readonly reason: MediaFailure; readonly detail: string };

export type MediaNotification =
  /** First frame on a connection. `instance` differs for every start of the media process. */
  | { readonly kind: 'hello'; readonly version: number; readonly instance: string }
  | SilenceNotice
  | KeyNotice
  | CaptureNotice;

/** Why a capture is over: a plan came without it, a limit was reached, the session is closed, or the file could not be written. */
export type CaptureEnd = 'stopped' | 'time' | 'size' | 'closed' | 'failed';

/** A capture is over; told once more to who connects while the session stands. */
export interface CaptureNotice {
  readonly kind: 'captured';
  readonly session: string;
  readonly name: string;
  readonly why: CaptureEnd;
  /** Of `failed`. */
  readonly detail?: string;
  /** That are in the file; and those that are not, since the disk did not keep up. */
  readonly packets: number;
  readonly dropped: number;
  /** Of the file. */
  readonly octets: number;
}

/** A key that a peer has pressed, for `ms`; when it is over, and of peers whose plan says that it is told. */
export interface KeyNotice {
  readonly kind: 'pressed';
  readonly session: string;
  readonly from: MediaSide;
  /** `0`-`9`, `*`, `#`, `A`-`D`, `!` for the hook flash. */
  readonly key: string;
  readonly ms: number;
}

/** Of audio and video. */
export interface SilenceNotice {
  /**
   * `silent`: for at least the plan's `silenceMs` no packet came from any peer that should send; told again each time that as
   * much has passed once more. `heard`: such a silence is over, somebody is heard again or need not be.
   */
  readonly kind: 'silent' | 'heard';
  readonly session: string;
  /** How long it has lasted. */
  readonly silentMs: number;
  /** It is the silence of this peer alone, while the other one speaks; told once. */
  readonly side?: MediaSide;
}
