import type { CallRecord, ReceivedReport } from '#cdr';
import type { MediaNotification, MediaRequest, MediaResponse } from '#codec/media-control';
import type { HostPort, Octets } from '#kernel';
import type { ArmedCapture } from '#policy/captures';
import type { Configuration, Notify } from '#policy/configuration';
import type { DecisionOutcome, DecisionQuestion } from '#policy/decision';
import type { EmergencyNotice, PlaceOutcome } from '#policy/emergency';
import type { Flow, PeerCertificate, TlsTarget } from '#sip/flow';
import type { DnsAnswer, DnsQuestion } from '#sip/locate';

/** All that happens to the engine. Shells turn bytes, timers and answers into these; they decide nothing. */
export type Input =
  /**
   * One datagram, or one message framed from a stream. `arrived`: when the system took it in, monotonic ms, where that is known:
   * not of streams, whose peers are held back when we do not read.
   */
  | { readonly kind: 'received'; readonly flow: Flow; readonly octets: Octets; readonly arrived?: number }
  /** A peer opened a stream connection to us, or the one we asked for (`connect`) stands. */
  | { readonly kind: 'flow-opened'; readonly flow: Flow; readonly peer?: PeerCertificate }
  /** New requests to its peer are to go by another connection: it is old, or our certificate has changed. It stands until it is closed. */
  | { readonly kind: 'flow-retiring'; readonly connection: string }
  /** What the DNS said to `resolve`. */
  | { readonly kind: 'resolved'; readonly question: DnsQuestion; readonly answer: DnsAnswer }
  /** What came of `decide`. */
  | { readonly kind: 'decided'; readonly id: number; readonly outcome: DecisionOutcome }
  /** What came of `locate`. */
  | { readonly kind: 'located'; readonly id: number; readonly outcome: PlaceOutcome }
  /** A stream connection is gone, or could not be opened. */
  | { readonly kind: 'flow-closed'; readonly connection: string; readonly reason: string }
  /** A datagram to this address certainly did not arrive (ICMP, no route to host). */
  | { readonly kind: 'undeliverable'; readonly listener: string; readonly to: HostPort; readonly reason: string }
  | { readonly kind: 'media'; readonly message: MediaResponse | MediaNotification }
  /** The link to the media process fell; `hello` says when it is back. */
  | { readonly kind: 'media-down' }
  /** These calls' records are durable. */
  | { readonly kind: 'recorded'; readonly calls: readonly string[] }
  /** The deadline asked for by `nextDeadline()` has come. */
  | { readonly kind: 'wake' }
  /** Somebody wants to know at once whether a trunk lives. */
  | { readonly kind: 'probe'; readonly trunk: string }
  /** Somebody wants a trunk to register at once, whatever it waits for. */
  | { readonly kind: 'register'; readonly trunk: string }
  /** Another configuration holds from now on, with the same listeners and directories as the one before it (`policy/changes`). */
  | { readonly kind: 'configure'; readonly configuration: Configuration }
  /** Somebody lifts the ban of a source, as `bans` tells it. */
  | { readonly kind: 'unban'; readonly source: string }
  /** The owner wants to make test calls over a trunk: what comes from `source` by the listener with this id is such a call. */
  | { readonly kind: 'pass'; readonly trunk: string; readonly source: HostPort; readonly listener: string }
  /** Somebody ends a call; `by`: his name, for the decision trace. */
  | { readonly kind: 'end'; readonly call: string; readonly by: string }
  /**
   * Somebody wants the media of a call copied, within these limits in ms and octets, or no longer copied; `by` and `reason` are for its
   * record. `keys`: the keys that are pressed can be read in it.
   */
  | {
      readonly kind: 'capture';
      readonly call: string;
      readonly by: string;
      readonly reason: string;
      readonly ms: number;
      readonly octets: number;
      readonly keys?: true;
    }
  | { readonly kind: 'end-capture'; readonly call: string; readonly by: string }
  /** Who waits for the media of which calls to be copied: all of them. */
  | { readonly kind: 'arm'; readonly armed: readonly ArmedCapture[] }
  /** Take no new calls; `idle` is emitted when the last one has ended. */
  | { readonly kind: 'drain' }
  /** End every call that still stands. */
  | { readonly kind: 'stop' };

/** All that the engine does. Plain data: tests compare it, a journal keeps it. Carried out in order. */
export type Effect =
  /** `dscp`: the code point that the datagram is to bear; connections are marked as they open. */
  | { readonly kind: 'send'; readonly flow: Flow; readonly octets: Octets; readonly dscp?: number }
  /** Open a stream to `flow.remote` under the name `flow.connection`; what is sent before it stands waits, within a limit. */
  | { readonly kind: 'connect'; readonly flow: Flow; readonly tls?: TlsTarget }
  | { readonly kind: 'resolve'; readonly question: DnsQuestion }
  /** Ask the owner's service where a call goes; `decided` tells what came of it. */
  | { readonly kind: 'decide'; readonly id: number; readonly question: DecisionQuestion }
  /** Ask for the place that this URI stands for (RFC 6753); `located` tells what came of it. */
  | { readonly kind: 'locate'; readonly id: number; readonly uri: string }
  | { readonly kind: 'close'; readonly connection: string }
  | { readonly kind: 'media'; readonly request: MediaRequest }
  /** Keep this state of the call (JSON) so that it outlives the process: before anything else of the turn is carried out. */
  | { readonly kind: 'checkpoint'; readonly call: string; readonly state: string }
  /** The call's checkpoint is no longer needed. */
  | { readonly kind: 'forget'; readonly call: string }
  /** Make the record durable and answer with `recorded`. */
  | { readonly kind: 'record'; readonly record: CallRecord }
  /** Keep what a peer has told of the voice of a call. */
  | { readonly kind: 'report'; readonly report: ReceivedReport }
  /** Tell somebody of a call for help, as well as can be: nobody waits for it. Messages at SIP are sent by the engine itself. */
  | { readonly kind: 'notify'; readonly to: Exclude<Notify, { kind: 'message' }>; readonly notice: EmergencyNotice }
  /** Something was not acted on; counted by reason. */
  | { readonly kind: 'drop'; readonly reason: DropReason; readonly from?: HostPort }
  | {
      readonly kind: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly event: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  /** Draining is over: no call is left, and no request of ours waits for its answer. */
  | { readonly kind: 'idle' };

/** Every reason for which input is let fall; the counters bear these names. */
export const dropReasons = {
  'keep-alive': 'CRLF or a STUN-like keep-alive (RFC 5626 4.4.1), answered where the RFC asks.',
  'unknown-source': 'No trunk names this address.',
  'wrong-side': 'The trunk is known, but not on this listener.',
  'wrong-transport': 'The trunk speaks TLS, and this came in clear.',
  challenged: 'Credentials were asked for (401); what answers them is let in.',
  'wrong-credentials': 'Credentials that are not right.',
  banned: 'The source is banned for a while.',
  flood: 'More of it came from one source than may.',
  scanner: 'It bears the marks of a scanner.',
  malformed: 'Not a SIP message that can be answered.',
  'stray-response': 'A response that matches no transaction and no dialog.',
  'stray-ack': 'An ACK that matches no transaction and no dialog.',
  'stray-media': 'An answer or notice of the media process about a session nobody owns.',
  overload: 'A limit of ours was reached, or what is read had waited too long for a new call.',
} as const;
export type DropReason = keyof typeof dropReasons;
