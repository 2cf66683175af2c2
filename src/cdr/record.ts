import type { CaptureEnd, StreamCounters } from '#codec/media-control';

/** Who ended a call. */
export type EndedBy = 'caller' | 'callee' | 'tandem' | 'nobody';

/** Why, in one word of ours; docs/end-causes.md is tested against this table. */
export const endReasons = {
  hangup: 'A party hung up (BYE).',
  cancelled: 'The caller gave up before the answer (CANCEL).',
  busy: 'The called party is busy or declined (486, 600, 603).',
  rejected: 'The called side refused the call with another final status.',
  'no-route':
    'No route matches the call (404), or none that who calls may use (403), or one that refuses it, or all that it leads to is disabled (503).',
  'no-capacity': 'Every trunk that could carry the call is full, or the user who is called has as many as he may.',
  'no-bandwidth': 'A link between the sites has no room for the call.',
  'answered-elsewhere': 'Another device that rang with it was answered first.',
  'no-answer': 'It rang until the ring deadline.',
  'no-progress': 'No trunk of the route made progress before the setup deadline.',
  unreachable: 'No trunk of the route could be reached.',
  'bad-request': 'The request cannot be served as it stands (400, 413, 415, 420, 488, 501…).',
  tested: 'It tried what would become of a call for help: nobody was called.',
  loop: 'The request came back to us (482, 483).',
  'no-ack':
    'The caller never acknowledged the answer, or a reliable response before it (RFC 3261 13.3.1.4, RFC 3262 3).',
  'media-silent':
    'Nothing came for the configured time, and a party that was asked is not in the call any more; or for as long as may be.',
  'media-lost': 'The media process died under the call.',
  'no-media-ports': 'The media process could not give ports.',
  'dialog-lost': 'The peer does not know the dialog any more (481, 408 inside the dialog).',
  transferred: 'A party was transferred, or another took its place: who is left goes on in another call.',
  'session-expired': 'Nobody refreshed the session in its time (RFC 4028).',
  restarted: 'The signalling process restarted while the call was being set up.',
  operator: 'Somebody who runs the program ended it; the decisions of the call say who.',
  drained: 'The program was told to stop.',
  internal: 'An invariant of ours broke; the log has the assertion.',
} as const;
export type EndReason = keyof typeof endReasons;

/** The one end of a call or attempt: serves record, counters, log and API. Raw upstream causes are kept, never flattened. */
export interface EndCause {
  readonly by: EndedBy;
  readonly reason: EndReason;
  /** The final status, of the far side where there was one: raw. */
  readonly sip?: { readonly status: number; readonly phrase: string };
  /** Q.850 cause from a Reason header (RFC 3326), raw. */
  readonly q850?: { readonly cause: number; readonly text?: string };
  /** The Reason header as it came. */
  readonly reasonHeader?: string;
}

/** How one side of a call or attempt is known on the wire. */
export interface LegIdentifiers {
  readonly trunk: string;
  /** "udp 192.0.2.1:5060" */
  readonly remote: string;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** One try to reach one target of one trunk. Times are Unix ms. */
export interface AttemptRecord {
  readonly leg: LegIdentifiers;
  /** As sent to this trunk. */
  readonly caller: string;
  readonly called: string;
  readonly startedAt: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
  readonly endedAt: number;
  readonly end: EndCause;
}

/** One line of the decision trace: a rule or trunk tried and what came of it. */
export interface Decision {
  readonly rule: string;
  readonly outcome: string;
}

/** By what it was decided where a call goes, beside its route: whose call it is, and by which rules of his. */
export interface RecordBasis {
  readonly user?: string;
  /** Where the caller was. */
  readonly site?: string;
  readonly policy?: string;
  /** The class of routes in which its route was found. */
  readonly usage?: string;
}

/** A copy of its media in a file that somebody had made. Times are Unix ms. */
export interface MediaCapture {
  /** Of the file, without directory and ending. */
  readonly name: string;
  readonly by: string;
  /** Why he wanted it. */
  readonly reason: string;
  /** The keys that were pressed can be read in it. */
  readonly keys?: true;
  /** Ms and octets that were asked for. */
  readonly most?: { readonly ms: number; readonly octets: number };
  /** Id under which somebody had waited for such a call. */
  readonly armed?: string;
  /** The copy of the call that went on in this one. */
  readonly continues?: string;
  readonly startedAt: number;
  /** Somebody has stopped it, and the media process has not said yet what it came to. */
  readonly ending?: true;
  readonly endedAt?: number;
  /** Why it ended; `lost`: with the media process. */
  readonly why?: CaptureEnd | 'lost';
  /** Of `failed`. */
  readonly detail?: string;
  readonly packets?: number;
  /** Packets that are not in it, since the disk did not keep up. */
  readonly dropped?: number;
  /** Of the file. */
  readonly octets?: number;
}

/** One record a call, durable before the call is forgotten. Times are Unix ms. */
export interface CallRecord {
  readonly call: string;
  readonly leg: LegIdentifiers;
  /** User part of From, and of the Request-URI, as received; or as the trunk's rules on messages left it. */
  readonly caller: string;
  readonly called: string;
  readonly route?: string;
  /** A call for help: its number, as trunks get it. */
  readonly emergency?: string;
  /** Absent where none of it is known. */
  readonly basis?: RecordBasis;
  readonly decisions: readonly Decision[];
  readonly startedAt: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
  readonly endedAt: number;
  /** Ms from answer to end on the monotonic clock, 0 when not answered: a clock jump does not bend it. */
  readonly talkMs: number;
  readonly end: EndCause;
  readonly attempts: readonly AttemptRecord[];
  /** Its media went past us when it was answered: nothing of that is measured. */
  readonly bypassed?: true;
  /** Of its media; absent: none was made. */
  readonly captures?: readonly MediaCapture[];
  /** Undefined: not measured (bypass, never answered, or media process lost). Of a bypassed call: from when it was anchored on. */
  readonly media?: readonly StreamCounters[];
}
