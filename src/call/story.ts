import type { AttemptRecord, CallRecord, Decision, EndCause, LegIdentifiers, MediaCapture, RecordBasis } from '#cdr';
import type { StreamCounters } from '#codec/media-control';
import type { Instant, Octets, Open } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { RoutePlan } from '#policy/routing';
import { describeFlow } from '#sip/flow';
import type { CallFacts } from './checkpoint.ts';
import type { MediaBridge } from './media-bridge.ts';
import type { Talk } from './talk.ts';
import { talkFacts } from './talk-facts.ts';

/** What is known of a call when it begins. */
export interface Beginning {
  readonly id: string;
  readonly leg: LegIdentifiers;
  readonly caller: Octets;
  readonly calledUser: Octets;
  readonly startedAt: number;
}

/** Where it is to go, and why. `emergency`: the number of help that it is for. */
export interface Routed extends Pick<RoutePlan, 'route' | 'decisions' | 'basis'> {
  readonly emergency?: string;
}

/** The way it went, and why. */
type Way = Pick<CallRecord, 'route' | 'emergency' | 'basis' | 'bypassed' | 'captures'>;

interface Ended {
  readonly cause: EndCause;
  readonly wall: number;
  readonly mono: number;
}

/** Of one whose record is written. */
const nothing: Beginning = {
  id: '',
  leg: { trunk: '', remote: '', callId: '', localTag: '', remoteTag: '' },
  caller: '',
  calledUser: '',
  startedAt: 0,
};
const written: Ended = { cause: { by: 'nobody', reason: 'hangup' }, wall: 0, mono: 0 };

/** What a call's record will tell of it. */
export class Story {
  #beginning: Beginning;
  #leg: LegIdentifiers;
  #ringingAt: number | undefined;
  #answeredAt: number | undefined;
  #answeredMono = 0;
  #ended: Ended | undefined;
  #decisions: Decision[] = [];
  #attempts: AttemptRecord[] = [];
  #route: string | undefined;
  /** The number of help that it is for. */
  #emergency: string | undefined;
  #basis: RecordBasis | undefined;
  /** Its media went past us when it was answered. */
  #bypassed = false;
  counters: readonly StreamCounters[] | undefined;
  /** Copies of its media that somebody had made, and has made. */
  readonly captures: MediaCapture[] = [];

  constructor(beginning: Beginning) {
    this.#beginning = beginning;
    this.#leg = beginning.leg;
  }

  /** As a process that died had it. */
  static restored(facts: CallFacts, attempts: readonly AttemptRecord[]): Story {
    const { id, caller: leg, from: caller, to: calledUser, startedAt } = facts;
    const story = new Story({ id, leg, caller, calledUser, startedAt });
    story.#ringingAt = facts.ringingAt;
    story.#route = facts.route;
    story.#emergency = facts.emergency;
    story.#basis = facts.basis;
    story.#bypassed = facts.bypassed === true;
    story.captures.push(...(facts.captures ?? []));
    story.#decisions = [...facts.decisions];
    story.#attempts = [...attempts];
    return story;
  }

  get isRinging(): boolean {
    return this.#ringingAt !== undefined;
  }

  get leg(): LegIdentifiers {
    return this.#leg;
  }

  get isForHelp(): boolean {
    return this.#emergency !== undefined;
  }

  get answeredAt(): number | undefined {
    return this.#answeredAt;
  }

  get isOver(): boolean {
    return this.#ended !== undefined;
  }

  get attempts(): readonly AttemptRecord[] {
    return this.#attempts;
  }

  routed({ route, decisions, emergency, basis }: Routed): void {
    this.#route = route;
    this.#emergency = emergency;
    this.#basis = basis && basisOf(basis);
    for (const { rule, outcome } of decisions) this.decide(rule, outcome);
  }

  decide(rule: string, outcome: string): void {
    this.#decisions.push({ rule, outcome });
  }

  /** The same, of what comes again and again: once. */
  noted(rule: string, outcome: string): void {
    if (!this.#decisions.some((decision) => decision.rule === rule)) this.decide(rule, outcome);
  }

  rings(now: Instant): void {
    this.#ringingAt ??= now.wall;
  }

  attempted(attempt: AttemptRecord): void {
    this.#attempts.push(attempt);
  }

  answered(localTag: string, bypassed: boolean, now: Instant): void {
    this.#bypassed = bypassed;
    this.#leg = { ...this.#leg, localTag };
    this.#answeredAt = now.wall;
    this.#answeredMono = now.mono;
  }

  /** It was answered under a process that died: the wall clock bridges the gap, the monotonic one began anew. */
  answeredBefore(wall: number, now: Instant): void {
    this.#answeredAt = wall;
    this.#answeredMono = now.mono - Math.max(0, now.wall - wall);
  }

  ended(cause: EndCause, now: Instant): void {
    this.#ended = { cause, wall: now.wall, mono: now.mono };
    // What the call was answered by may be open: of a restored call, or one whose legs come from others.
    this.#attempts = this.#attempts.map((attempt) =>
      attempt.endedAt === 0 ? { ...attempt, endedAt: now.wall, end: cause } : attempt,
    );
  }

  facts(): CallFacts {
    const { id, caller: from, calledUser: to, startedAt } = this.#beginning;
    const facts: Open<CallFacts> = { id, caller: this.#leg, from, to, startedAt, decisions: this.#decisions };
    if (this.#ringingAt !== undefined) facts.ringingAt = this.#ringingAt;
    return this.#withWay(facts);
  }

  /** Of the ended call. */
  record(): CallRecord {
    const { cause, wall, mono } = this.#ended!;
    const { id, caller, calledUser, startedAt } = this.#beginning;
    const answeredAt = this.#answeredAt;
    const record: Open<CallRecord> = {
      call: id,
      leg: this.#leg,
      caller,
      called: calledUser,
      decisions: this.#decisions,
      startedAt,
      endedAt: wall,
      talkMs: answeredAt === undefined ? 0 : Math.max(0, Math.round(mono - this.#answeredMono)),
      end: cause,
      attempts: this.#attempts,
    };
    if (this.#ringingAt !== undefined) record.ringingAt = this.#ringingAt;
    if (answeredAt !== undefined) record.answeredAt = answeredAt;
    if (this.counters !== undefined && answeredAt !== undefined) record.media = this.counters;
    return this.#withWay(record);
  }

  #withWay<T extends object>(told: T & Open<Way>): T {
    if (this.#route !== undefined) told.route = this.#route;
    if (this.#emergency !== undefined) told.emergency = this.#emergency;
    if (this.#basis) told.basis = this.#basis;
    if (this.#bypassed) told.bypassed = true;
    if (this.captures.length > 0) told.captures = this.#capturesNow();
    return told;
  }

  /** Of an ended call none goes on. */
  #capturesNow(): readonly MediaCapture[] {
    const end = this.#ended;
    if (!end) return [...this.captures];
    return this.captures.map(({ ending: _, ...one }) => (one.why ? one : { ...one, endedAt: end.wall, why: 'lost' }));
  }

  /** What was decided and tried until now. */
  trace(): object {
    return this.#withWay({ leg: this.#leg, decisions: this.#decisions, attempts: this.#attempts });
  }

  /** It is written: nothing of weight is to stay. */
  clear(): void {
    this.#beginning = nothing;
    this.#leg = nothing.leg;
    this.#ringingAt = undefined;
    this.#answeredAt = undefined;
    this.#answeredMono = 0;
    this.#ended = written;
    this.#decisions = [];
    this.#attempts = [];
    this.captures.length = 0;
    this.counters = undefined;
  }

  /** As status tells it: with the trunk that it came by, and the legs that talk or the trunk that is tried. */
  inspect(
    source: Trunk,
    talk: Pick<Talk, 'caller' | 'callee'> | undefined,
    trying: Trunk | undefined,
    media: MediaBridge | undefined,
  ): Record<string, unknown> {
    const callee = talk?.callee;
    const { startedAt } = this.#beginning;
    const { remote, callId } = this.#leg;
    // The one by which a call was answered under another process is here as well, and open.
    const failed = this.#attempts.filter(({ endedAt }) => endedAt !== 0).length;
    return {
      route: this.#route,
      ...(this.#emergency === undefined ? {} : { emergency: this.#emergency }),
      ...(this.#basis?.user === undefined ? {} : { user: this.#basis.user }),
      ...(this.#basis?.site === undefined ? {} : { site: this.#basis.site }),
      ...(failed === 0 ? {} : { failed }),
      ...(this.captures.length === 0 ? {} : { captures: [...this.captures] }),
      startedAt,
      ringingAt: this.#ringingAt,
      answeredAt: this.#answeredAt,
      a: { trunk: source.name, remote, callId },
      b: callee
        ? { trunk: callee.trunk.name, remote: describeFlow(callee.flow), callId: callee.dialog.callId }
        : trying && { trunk: trying.name },
      ...(talk && !this.isOver ? talkFacts(media, talk) : {}),
    };
  }
}

/** What records keep of it; undefined: nothing. */
function basisOf({ user, site, policy, usage }: NonNullable<RoutePlan['basis']>): RecordBasis | undefined {
  if (user === undefined && site === undefined && policy === undefined && usage === undefined) return undefined;
  return {
    ...(user === undefined ? {} : { user }),
    ...(site === undefined ? {} : { site }),
    ...(policy === undefined ? {} : { policy }),
    ...(usage === undefined ? {} : { usage }),
  };
}
