import type { CallRecord, EndReason } from '#cdr';
import type { Authorised, DigestRequest, Refused, Tried } from '#codec/digest';
import type { CapturePlan, MediaRequest, MediaResponse } from '#codec/media-control';
import type { SipRequest, SipResponse } from '#codec/sip-message';
import { type Deadlines, detach, formatHostPort, type HostPort, type Instant, type Octets, type Random } from '#kernel';
import type { Occupancy, Room } from '#policy/admission';
import type { Configuration, Listener, Trunk } from '#policy/configuration';
import type { EmergencyFacts, EmergencyPlan, PlaceOutcome } from '#policy/emergency';
import type { Evidence } from '#policy/health';
import type { End } from '#policy/location';
import type { Manipulation } from '#policy/manipulation';
import type { Directive, RoutePlan } from '#policy/routing';
import type { DialogTable } from '#sip/dialog';
import type { Flow, FlowTable, FlowTransport, TlsTarget } from '#sip/flow';
import type {
  ClientFailure,
  ClientTransaction,
  Rewriter,
  ServerTransaction,
  Sleeper,
  TransactionLayer,
} from '#sip/transaction';

/** What every part of a call, and the engine, know of it. */
export interface CallHandle {
  readonly id: string;
  readonly services: CallServices;
  /** Ends it whatever its state. */
  terminate(reason: EndReason, now: Instant): void;
}

/**
 * Whoever waits for what becomes of a transaction: an attempt, a re-INVITE, a BYE. Belongs to one call, but for what the
 * engine asks of trunks on its own account (REGISTER, OPTIONS).
 */
export interface Party {
  readonly call?: CallHandle;
  /** The To tag of its answers to the INVITE that it serves. */
  readonly tag?: string;
  /** A response to its request. */
  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void;
  /** Its request has failed without a final response. */
  onFailure(failure: ClientFailure, reason: string, now: Instant): void;
  /** The INVITE it serves was cancelled; the CANCEL itself is answered already. */
  onCancel?(now: Instant, reason: string | undefined): void;
}

/** Whose a dialog is: it takes what comes inside. */
export interface DialogUser {
  readonly call: CallHandle;
  /** Who may speak in it. */
  readonly trunk: Trunk;
  /** Where its peer spoke from last. */
  readonly flow: Flow;
  /** What becomes of the messages of its dialog; undefined: nothing. */
  readonly rewriter?: Rewriter | undefined;
  onRequest(transaction: ServerTransaction<Party>, request: SipRequest, flow: Flow, now: Instant): void;
  onAck(request: SipRequest, now: Instant): void;
  /** A 2xx to an INVITE whose transaction has ended: the ACK was lost. */
  onStrayAnswer(response: SipResponse, now: Instant): void;
}

export type Transactions = TransactionLayer<Party>;

/** Ms that a call waits for an answer of the media process. */
export const mediaPatience = 2_000;

/** Who waits for an answer of the media process. */
export interface MediaWaiter {
  /** Absent: of none. */
  readonly call?: CallHandle | undefined;
  onMedia(response: MediaResponse, now: Instant): void;
  /** The link or the process fell before it answered; there is one again. */
  onMediaUnanswered(now: Instant): void;
}

/** A media request without its id, which the engine gives. */
export type MediaOrder = MediaRequest extends infer R
  ? R extends { readonly id: number }
    ? Omit<R, 'id'>
    : never
  : never;

/** One address of a trunk, and how it is reached. */
export interface TrunkTarget {
  readonly transport: FlowTransport;
  readonly remote: HostPort;
  /** The name that was asked for to find it. */
  readonly name?: string;
  /** Whose rules a TLS connection to it follows; those of the trunk unless given. */
  readonly tls?: TlsTarget | undefined;
  /** The connection of the flow that is registered there, to be preferred. */
  readonly connection?: string | undefined;
  /** It is another node of ours, which rings the devices of the user that are registered there. */
  readonly node?: true;
  /** Of a device that registered here. */
  readonly device?: RegisteredDevice | undefined;
  /** Others that ring at once with it. */
  readonly together?: readonly TrunkTarget[];
  /** Where devices of one user ring one after the other: until when it may, monotonic ms, and whether none comes after it. */
  readonly turn?: { readonly until: number; readonly last: boolean };
}

/** How a device is called that registered here (RFC 3261 16.6 step 6, RFC 3327, RFC 5626). */
export interface RegisteredDevice {
  /** Its Contact: the Request-URI. */
  readonly contact: Octets;
  /** The way that its REGISTER came, topmost first. */
  readonly path: readonly Octets[];
  /** Id of the listener that it registered by: through a NAT there is no other way. */
  readonly listener: string;
}

/** As the decision trace names it: a user is no trunk to people. */
export function ruleOf({ name, user }: Trunk): string {
  return `${user ? 'user' : 'trunk'} ${name}`;
}

/** As health, records and logs name it: "tls 192.0.2.1:5061". */
export function describeTarget({ transport, remote }: TrunkTarget): string {
  return detach(`${transport} ${formatHostPort(remote)}`);
}

export type TargetsFound =
  | { readonly kind: 'targets'; readonly targets: readonly TrunkTarget[] }
  /** The DNS is being asked. */
  | { readonly kind: 'pending' }
  /** The trunk can't be called now, and why. `resort`: where a try is better than none, when there is nothing else. */
  | { readonly kind: 'failed'; readonly reason: string; readonly resort?: TrunkTarget };

/** Who waits for the targets of a trunk. */
export interface TargetWaiter {
  readonly call?: CallHandle | undefined;
  onLocated(now: Instant): void;
}

/** How requests travel to a trunk, beside its address. */
export interface TrunkWay {
  /** The host of Request-URI and To; the target's name or address unless given. */
  readonly domain?: string;
  /** The host of From and identities that speak for us; our own unless given. */
  readonly home?: string;
  /** The registered flow is of UDP: large requests go by it as well. */
  readonly keepsUdp?: boolean;
  /** Service-Route of the registration (RFC 3608), topmost first. */
  readonly routes: readonly Octets[];
  /** The user part of our Contact. */
  readonly contactUser?: Octets;
  readonly tls?: TlsTarget;
}

/** What calls ask of, and tell, those who look after the trunks. */
export interface TrunkServices {
  targets(trunk: Trunk, now: Instant): TargetsFound;
  /** `onLocated` once the look-up that `targets` found pending has ended, well or not. */
  await(trunk: Trunk, waiter: TargetWaiter, now: Instant): void;
  /** Why a target is not to be tried now; undefined when it may be. */
  skip(trunk: Trunk, target: TrunkTarget, now: Instant): string | undefined;
  /** True when a try at a target that is to be skipped would tell within milliseconds. */
  showsAtOnce(trunk: Trunk, target: TrunkTarget): boolean;
  /** What a call learned of a target. */
  heard(trunk: Trunk, target: TrunkTarget, evidence: Evidence, now: Instant): void;
  way(trunk: Trunk): TrunkWay;
  /** The trunk of this name, or who stands for a user of it who speaks by `flow`. */
  named(name: string, flow: Flow): Trunk | undefined;
  /** It stands for a user whose devices register where nobody can be reached from here. */
  isLost(trunk: Trunk): boolean;
  /** Of a user: by which flow the device with this Contact is reached now. */
  flowTo(trunk: Trunk, contact: Octets): Flow | undefined;
  /** Of a user: which of its devices has this Contact (RFC 5626 4.1, with its brackets). */
  instanceAt(trunk: Trunk, contact: Octets, now: Instant): Octets | undefined;
  /** Credentials by nonces at hand, for a new request. */
  beforehand(trunk: Trunk, request: DigestRequest): Authorised;
  /** The answer to a 401 or 407 of a request that went with `tried`, or why there is none. */
  authorized(trunk: Trunk, response: SipResponse, request: DigestRequest, tried: Tried): Authorised | Refused;
}

/** The listener of each transport by which a side is reached. */
export type Sockets = Readonly<Record<FlowTransport, Listener | undefined>>;

/** What is to be told of a call for help to who wants to know. */
export interface HelpCall {
  readonly id: string;
  readonly plan: EmergencyPlan;
  /** Whom help can call back, and who that is: a trunk or a user. */
  readonly caller: Octets;
  readonly source: Trunk;
  /** Who was asked first; absent of a test. */
  readonly trunk?: Trunk;
}

/** Who waits for a place that a call for help tells by reference. */
export interface PlaceWaiter {
  readonly call: CallHandle;
  /** Undefined: it has taken too long. */
  onLocated(outcome: PlaceOutcome | undefined, now: Instant): void;
}

/** Who knows of calls for help. */
export interface HelpServices {
  /** True when it would be one for somebody: by what was dialled, and the Request-URI. Quick: every call is asked. */
  mayBe(called: Octets, uri: Octets): boolean;
  /** The address is one of a site of ours. */
  isHouse(address: string): boolean;
  /** Undefined when it is none for who makes it. */
  plan(facts: EmergencyFacts, now: Instant): EmergencyPlan | undefined;
  /** One is under way: who is to know is told. It must not be waited for. */
  begun(call: HelpCall, now: Instant): void;
  /** Asks for the place that the URI stands for; undefined: nobody is asked. The waiter is told, once, unless it lets go before. */
  locate(uri: Octets, waiter: PlaceWaiter, now: Instant): (() => void) | undefined;
}

/** What else there is to a call that is to be routed. */
export interface PlanFacts {
  /** Where who calls speaks from, an IP literal. */
  readonly address?: string;
  /** Which device of a user is meant: its instance id (RFC 5627). */
  readonly instance?: Octets;
  /** Who is to talk, where another one calls for him. */
  readonly talker?: { readonly trunk: Trunk; readonly address: string };
  /** Whoever has the number is not asked: it is called by the routes. */
  readonly outside?: boolean;
  /** To a voice mail box. */
  readonly deposit?: boolean;
  /** What somebody outside has said of it. */
  readonly decided?: Directive;
}

/** A call as somebody outside is asked about it. */
export interface OutsideFacts extends PlanFacts {
  readonly source: Trunk;
  readonly called: Octets;
  readonly caller: Octets;
}

/** Who waits for what is said of a call outside. */
export interface DecisionWaiter {
  readonly call: CallHandle;
  onDecided(decided: Directive, now: Instant): void;
}

/** `asked`: the waiter is told, once, unless it lets go before. */
export type AskedOutside =
  | { readonly kind: 'decided'; readonly decided: Directive }
  | { readonly kind: 'asked'; letGo(): void };

/** Those outside who may say where a call goes. */
export interface DecisionServices {
  /** Undefined: about such a call nobody is asked. */
  ask(facts: OutsideFacts, waiter: DecisionWaiter, now: Instant): AskedOutside | undefined;
}

/** Who knows whose media is copied. */
export interface CaptureServices {
  /** What is to be copied of the call with this id, whose plan is being made. */
  of(call: string): CapturePlan | undefined;
  /** A leg of one call goes on in another. */
  leaves(call: string, into: string): void;
}

/** What a call may do and ask; the engine implements it. */
export interface CallServices {
  readonly configuration: Configuration;
  readonly transactions: Transactions;
  readonly dialogs: DialogTable<DialogUser>;
  readonly flows: FlowTable;
  readonly deadlines: Deadlines<Sleeper>;
  readonly occupancy: Occupancy;
  readonly room: Room;
  readonly trunks: TrunkServices;
  readonly random: Random;
  /** Absent: no number is one for help. */
  readonly help: HelpServices | undefined;
  readonly decisions: DecisionServices;
  readonly captures: CaptureServices;
  /** Where a call goes that came by this trunk; a call takes its turn of a group. */
  plan(source: Trunk, called: Octets, caller: Octets, more?: PlanFacts): RoutePlan;
  /** Where an end of a call is: a trunk, or who stands for a user and speaks from `address`. */
  placeOf(trunk: Trunk, address: string | undefined): End;
  /** The trunk's rules on messages, where it has any. */
  manipulation(trunk: Trunk): Manipulation | undefined;
  /** The listener by which requests to this trunk leave, per transport. */
  listenersFor(trunk: Trunk, host: string): Sockets;
  media(order: MediaOrder, waiter: MediaWaiter | undefined): number;
  checkpoint(call: string, state: object): void;
  /** A call that was made of others, to be known like those that came. */
  begin(call: CallHandle): void;
  forget(call: CallHandle): void;
  record(record: CallRecord): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>): void;
}
