import type { Cadence } from '#codec/tones';
import type { QualityReporting } from './quality.ts';

/**
 * How one trunk wants calls to behave, whatever the other side of a call does: each behaviour is interworked per leg.
 * Everything is optional on a trunk; what is absent is as its comment says.
 */
export interface Interworking {
  /** Absent: every codec passes as it is offered. */
  readonly codecs?: CodecPolicy;
  /** How hold is said to the trunk. Absent: as the other side said it. */
  readonly hold?: HoldDialect;
  /** What an INVITE to the trunk brings. Absent: an offer where the caller made one. */
  readonly offer?: 'early' | 'delayed';
  /** Reliable provisional responses (RFC 3262) with the trunk. Absent: `supported`. */
  readonly reliability?: 'off' | 'supported' | 'required';
  /** Early dialogs that the trunk can have of one INVITE of its own; 20 unless given. */
  readonly maxEarlyDialogs?: number;
  /** Who lets a caller of this trunk hear that it rings (RFC 3960). Absent: `far` when media comes, else the caller's phone. */
  readonly ringback?: 'far' | 'phone' | 'tone';
  /** With `tone`: what he hears. */
  readonly ringbackTone?: Cadence;
  readonly sessionTimer?: SessionTimer;
  readonly transfer?: TransferPolicy;
  /** How digits travel to and from the trunk: RFC 4733, INFO with one body or the other, tones in G.711. Absent: as they come. */
  readonly dtmf?: 'rtp-event' | 'info' | 'info-dtmf' | 'inband';
  /** T.38 with the trunk. Absent: `passed`. */
  readonly fax?: 't38' | 'audio';
  /** Absent: an ITSP is not trusted, others are; who is asserted passes, and History-Info tells of forwarding. */
  readonly callerIdentity?: IdentityPolicy;
  /** Rules on messages to and from the trunk, in order. */
  readonly manipulation?: readonly ManipulationRule[];
  /**
   * Requests beside calls that pass to and from it: "MESSAGE", or a method of one package, "SUBSCRIBE/presence",
   * "INFO/g.3gpp.iari". NOTIFYs go along with what was subscribed to. None unless given.
   */
  readonly passes?: readonly string[];
  /** Media types that the trunk takes; others go with port 0. Absent: all. */
  readonly media?: readonly ('audio' | 'video' | 'image' | 'text' | 'application' | 'message')[];
  /** Reports on voice quality (RFC 6035). Absent: none. */
  readonly quality?: QualityReporting;
}

export interface CodecPolicy {
  /** Encoding names of audio as in rtpmap, in order of preference, `telephone-event` and `CN` among them; no others pass. Absent: all. */
  readonly allow?: readonly string[];
  /** Ms of audio in a packet that is asked for. */
  readonly ptime?: number;
}

/** What a held side is told: the direction (RFC 3264 8.4), one direction only, or the address of nowhere (RFC 2543). */
export type HoldDialect = 'sendonly' | 'inactive' | 'zero-address';

/** RFC 4028. */
export interface SessionTimer {
  /** `off`: not offered, and a peer's is not taken up; `answer`: taken up when a peer asks; `offer`: asked for. */
  readonly mode: 'off' | 'answer' | 'offer';
  /** Ms. */
  readonly expires: number;
  readonly minimum: number;
  readonly refresher: 'us' | 'peer' | 'either';
  readonly method: 'update' | 'invite' | 'either';
}

export interface TransferPolicy {
  /** A REFER from the trunk: carried out by us, passed on to the other leg, or refused. Absent: by us, where media is anchored. */
  readonly refer?: 'local' | 'passed' | 'refused';
  /** A 3xx from the trunk: followed by us, or a refusal. Absent: a refusal. */
  readonly redirect?: 'local' | 'refused';
}

export interface IdentityPolicy {
  /** Its assertions about callers are believed (RFC 3325). */
  readonly trusted: boolean;
  /** Where the caller's identity is written beside From. */
  readonly header: 'p-asserted-identity' | 'p-preferred-identity' | 'remote-party-id' | 'none';
  /** How forwarding is told. */
  readonly history: 'history-info' | 'diversion' | 'both' | 'none';
  /** Private callers: `header`, Privacy tells and the identity is sent to who may know it; `anonymous`, it is not sent. */
  readonly privacy: 'header' | 'anonymous';
}

/**
 * What is changed in messages that come from or go to a trunk. Parts of messages are named as docs/manipulation.md has them
 * (`From.user`, `request-uri.host`, `P-Early-Media`, `sdp.audio`), patterns are those of src/policy/manipulation, values may
 * hold `$1` and `{caller}`. All texts are text, not octets. Sound only if `ruleFaults` finds nothing.
 */
export interface ManipulationRule {
  readonly name: string;
  /** What comes from the trunk, before calls read it; or what goes there, after all else. */
  readonly direction: 'in' | 'out';
  /** Methods of requests, and of the requests that responses answer; any unless given. */
  readonly methods?: readonly string[];
  /** Both unless given. */
  readonly of?: 'requests' | 'responses';
  /** Responses of these statuses, both ends included; requests are none of them. */
  readonly statuses?: readonly { readonly from: number; readonly to: number }[];
  /** Requests outside dialogs, which may begin one, or those in dialogs; with the responses to them. Both unless given. */
  readonly dialog?: 'outside' | 'inside';
  /** Whose call it is part of: one that came from the trunk, or one that we make to it. Any, and none, unless given. */
  readonly call?: 'from-trunk' | 'to-trunk';
  /** All of these must hold. */
  readonly when?: readonly ManipulationCondition[];
  readonly do: readonly ManipulationStep[];
}

export type ManipulationCondition =
  /** Of the values of the part one matches, or none does. */
  | { readonly kind: 'matches' | 'not'; readonly part: string; readonly pattern: string }
  | { readonly kind: 'present' | 'absent'; readonly part: string };

export type ManipulationStep =
  /** One more header field. */
  | { readonly kind: 'add'; readonly part: string; readonly value: string }
  /** In place of what there is; a header field that is missing is added. */
  | { readonly kind: 'set'; readonly part: string; readonly value: string }
  | { readonly kind: 'remove'; readonly part: string; readonly matching?: string }
  | { readonly kind: 'replace'; readonly part: string; readonly matching: string; readonly value: string }
  | { readonly kind: 'copy'; readonly from: string; readonly part: string }
  /** Lines of SDP: of a media type, of the `session` level, or wherever they stand; added ones at the session level. */
  | { readonly kind: 'sdp-add'; readonly media?: string; readonly value: string }
  | { readonly kind: 'sdp-remove'; readonly media?: string; readonly matching: string }
  | { readonly kind: 'sdp-replace'; readonly media?: string; readonly matching: string; readonly value: string }
  /** Of a response, by another of its class. */
  | { readonly kind: 'status'; readonly status: number; readonly phrase?: string };
