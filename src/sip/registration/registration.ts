import { assert, type Deadline, type Instant, type Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Sleeper, Target } from '#sip/transaction';
import { keptBinding, type RegistrationCheckpoint, takenUp } from './checkpoint.ts';
import { Exchange, type ExchangeUser, type Granted, maxRequests, type Outcome } from './exchange.ts';
import { Pace } from './pace.ts';
import { Places } from './places.ts';
import {
  addressOfRecord,
  contactUri,
  describeTarget,
  type Identifiers,
  newIdentifiers,
  registrarUri,
} from './request.ts';
import type { RegistrationServices, RegistrationSettings } from './settings.ts';
import type { Binding, RegistrationStage, RegistrationStatus } from './status.ts';
import { backOff, refreshAfter, within } from './times.ts';
import { Walk } from './walk.ts';

/** Ms that a server has to answer while others are left to ask, and when none is: longer than RFC 3261's Timer F. */
const patience = { others: 10_000, last: 40_000 };
/** Ms for the names of one registrar's servers. */
const locatePatience = 10_000;
/** Ms for taking a registration back: we are about to go. */
const farewell = 5_000;
/** RFC 5626 4.5 min-reg-time: a flow that does not last as long has failed. */
const shortLived = 120_000;
const defaultFlowJitter = 1_000;
/** The shortest wait after a walk that came to nothing. */
const leastWait = 5_000;

/**
 * One trunk's registration (RFC 3261 10, 5626, 6140): asks registrars and their servers in order until one takes us, refreshes in
 * time, and falls back, forth and off. Unless it was never started or was taken back, a deadline of its own is always armed.
 */
export class Registration implements Sleeper, ExchangeUser {
  readonly settings: RegistrationSettings;
  readonly services: RegistrationServices;
  readonly identifiers: Identifiers;
  #stage: RegistrationStage = 'unregistered';
  #since: number;
  #cseq = 0;
  /** The longest Min-Expires so far (RFC 3261 10.2.8). */
  #least = 0;
  #binding: Binding | undefined;
  #walk: Walk | undefined;
  #exchange: Exchange | undefined;
  /** Those that brought no answer in their time: since then nobody has taken us. */
  #left = new WeakSet<Exchange>();
  /** The one thing waited for. */
  #timer: Deadline<Sleeper> | undefined;
  /** Wall ms of the next REGISTER; undefined while one is under way. */
  #nextAt: number | undefined;
  #expiry: Deadline<Sleeper> | undefined;
  readonly #places: Places;
  readonly #pace = new Pace();
  /** Walks in a row that came to nothing. */
  #fruitless = 0;
  /** Flows in a row that did not last. */
  #losses = 0;
  #tries = 0;
  /** A connection that is being replaced: calls may use it yet, and the next REGISTER goes by another. */
  #retiring: string | undefined;
  /** The server whose first hop knows nothing of RFC 5626. */
  #withoutOutbound: string | undefined;
  #lastAnswer: RegistrationStatus['lastAnswer'];
  #lastError: RegistrationStatus['lastError'];

  constructor(
    settings: RegistrationSettings,
    services: RegistrationServices,
    now: Instant,
    identifiers = newIdentifiers(settings, services.random),
  ) {
    assert(settings.registrars.length > 0, 'a registration has a registrar');
    this.settings = settings;
    this.services = services;
    this.identifiers = identifiers;
    this.#since = now.wall;
    this.#places = new Places(settings, services.random);
  }

  /**
   * Takes up what an earlier process left: a registration that holds and whose sockets are still there goes on, one by a connection
   * that does not stand is made anew soon, any other from the start; all not before `after` ms.
   */
  static restored(
    checkpoint: RegistrationCheckpoint,
    settings: RegistrationSettings,
    services: RegistrationServices,
    now: Instant,
    after = 0,
  ): Registration {
    const { callId, tag, instance, cseq, least } = checkpoint;
    const identifiers = { callId, tag, instance: settings.instance ?? instance };
    const registration = new Registration(settings, services, now, identifiers);
    registration.#cseq = cseq;
    registration.#least = least;
    const kept = checkpoint.binding;
    if (!kept || !registration.#resume(kept, now, after, checkpoint.stands === true)) registration.start(now, after);
    return registration;
  }

  get stage(): RegistrationStage {
    return this.#stage;
  }

  /** The flow it is registered over, which the trunk's calls are to use; undefined while there is none. */
  get flow(): Flow | undefined {
    return this.#binding?.flow;
  }

  /** Where it is registered, for `TransactionLayer.request`: with the connection of its flow while that stands. */
  get target(): Target | undefined {
    return this.#binding && withConnection(this.#binding);
  }

  /** RFC 3608: the Route of calls, topmost first. */
  get serviceRoute(): readonly Octets[] {
    return this.#binding?.serviceRoute ?? [];
  }

  /** The URI that it registered, the one that calls to us come to. */
  get contact(): Octets | undefined {
    return this.#binding?.contact;
  }

  /** Begins after this many ms; nothing when it has begun. */
  start(now: Instant, after = 0): void {
    if (this.#stage !== 'unregistered') return;
    this.#arm('start', after, now, true);
  }

  /** Somebody mended what was wrong: tries at once, whatever was to be waited for. */
  retry(now: Instant): void {
    if (this.#exchange || this.#walk) return;
    this.#places.forgive();
    this.#begin(now);
  }

  /** The look-up that `find` was waiting for has come to an end. */
  located(now: Instant): void {
    if (!this.#walk?.locating) return;
    this.#find(this.#walk, now);
    this.#onward(now);
  }

  /** A stream connection is to be replaced while it stands: registers anew by another. */
  flowRetiring(connection: string, now: Instant): void {
    if (this.#binding?.flow?.connection !== connection && this.#exchange?.connection !== connection) return;
    this.#retiring = connection;
    if (this.#stage === 'registered') this.#moveOn(now);
  }

  /** A stream connection is gone. */
  flowClosed(connection: string, reason: string, now: Instant): void {
    const binding = this.#binding;
    if (binding?.flow?.connection !== connection) return;
    binding.flow = undefined;
    this.#trouble(`the connection to ${describeTarget(binding.target)} closed: ${reason}`, now);
    if (this.#stage === 'registered') {
      if (now.mono - binding.grantedAt >= shortLived) this.#losses = 0;
      const { retry, flowJitter = defaultFlowJitter } = this.settings;
      const { random } = this.services;
      const wait =
        this.#losses === 0 ? within(random, flowJitter / 10, flowJitter) : backOff(retry, this.#losses, random);
      this.#losses++;
      this.#arm('retry', wait, now, true);
      this.#enter('refreshing', now);
    }
    this.services.changed(now);
  }

  /** Takes the registration back, if it may hold: we are about to go. Ends in `unregistered`. */
  unregister(now: Instant): void {
    if (this.#stage === 'unregistering') return;
    const binding = this.#binding;
    // One that was not answered yet may have been taken all the same.
    const place = binding ? { ...binding, target: withConnection(binding) } : this.#exchange?.facts;
    this.#exchange?.abandon();
    this.#exchange = undefined;
    this.#walk = undefined;
    this.#left = new WeakSet();
    if (!place) return this.#gone(now);
    this.#arm('unregister', farewell, now);
    this.#enter('unregistering', now);
    const { registrar, target, contact } = place;
    this.#exchange = new Exchange(this, {
      registrar,
      target,
      contact,
      outbound: this.#outboundAt(target),
      remove: true,
    });
    this.#exchange.start(now);
  }

  /** Another registration goes on with what `state` told: from this one nothing comes any more. */
  giveUp(): void {
    this.#exchange?.abandon();
    this.#exchange = undefined;
    this.#left = new WeakSet();
    this.#walk = undefined;
    this.#forget();
    this.#disarm();
  }

  wake(name: string, now: Instant): void {
    if (name === 'expiry') return this.#lapsed(now);
    this.#timer = undefined;
    switch (name) {
      case 'locate':
        this.#walk!.locating = false;
        this.#notLocated(this.#walk!, 'its names were not found in time', now);
        return this.#onward(now);
      case 'answer':
        return this.#exchange!.unanswered(now);
      case 'pace':
        return this.#onward(now);
      case 'unregister':
        this.#exchange?.abandon();
        return this.#gone(now);
      default:
        this.#begin(now); // start, refresh, retry
    }
  }

  get asked(): number {
    return Math.max(this.settings.expires, this.#least);
  }

  lengthen(least: number): void {
    this.#least = Math.max(this.#least, least);
  }

  nextCseq(): number {
    return ++this.#cseq;
  }

  sending(now: Instant): void {
    this.#pace.note(now.mono);
    if (this.#stage !== 'unregistering') {
      const quick = this.#walk!.more && this.#fruitless === 0;
      this.#arm('answer', quick ? patience.others : patience.last, now);
    }
    this.services.changed(now);
  }

  answered(status: number, phrase: string, target: Target, now: Instant): void {
    this.#lastAnswer = { status, phrase, at: now.wall, from: describeTarget(target) };
  }

  over(exchange: Exchange, outcome: Outcome, now: Instant): void {
    this.#disarm();
    this.#exchange = undefined;
    if (this.#stage === 'unregistering') return this.#gone(now);
    const { target, registrar } = exchange.facts;
    if (exchange.outboundRefused) this.#withoutOutbound = describeTarget(target);
    if (outcome.kind === 'granted') return this.#granted(exchange, outcome, now);
    const walk = this.#walk!;
    if (outcome.kind === 'refused') {
      this.#trouble(outcome.text, now);
      this.#refused(registrar, outcome.retryAfter ?? 0, now);
    } else if (outcome.kind === 'elsewhere') {
      this.#trouble(outcome.text, now);
      const until = now.mono + (outcome.retryAfter ?? 0);
      this.#places.failed(registrar, target, now.mono, until);
      walk.mayBeAskedAt(until);
      if (outcome.silent) this.#left.add(exchange);
      if (outcome.silent?.connection !== undefined) {
        this.services.suspect?.(outcome.silent, 'a REGISTER was not answered', now);
      }
    }
    this.#onward(now);
  }

  /** The server that we left has taken us: that holds for as long as no other one does, and is not forgotten till it has to be refreshed. */
  grantedLate(exchange: Exchange, grant: Granted, now: Instant): void {
    if (!this.#left.has(exchange)) return;
    if (this.#binding && describeTarget(this.#binding.target) !== describeTarget(exchange.facts.target)) return;
    if (!this.#walk) return this.#granted(exchange, grant, now);
    this.#bind(exchange, grant, now);
    this.#enter('refreshing', now);
    this.services.changed(now);
  }

  status(): RegistrationStatus {
    const { settings } = this;
    const binding = this.#binding;
    const place = binding ?? this.#exchange?.facts;
    const registrar = settings.registrars[place?.registrar ?? this.#walk?.registrar ?? 0]!;
    const asked = settings.outbound && this.#withoutOutbound === undefined ? 'asked' : 'off';
    return {
      stage: this.#stage,
      since: this.#since,
      addressOfRecord: addressOfRecord(settings, registrar),
      registrar: registrarUri(registrar),
      ...(place && { target: describeTarget(place.target) }),
      ...(place && { contact: place.contact }),
      ...(binding && { granted: binding.granted, expiresAt: binding.expiresAt }),
      ...(binding?.seenAs !== undefined && { seenAs: binding.seenAs }),
      ...(this.#nextAt !== undefined && { nextAt: this.#nextAt }),
      ...(this.#lastAnswer && { lastAnswer: this.#lastAnswer }),
      ...(this.#lastError && { lastError: this.#lastError }),
      tries: this.#tries,
      serviceRoute: binding?.serviceRoute ?? [],
      path: binding?.path ?? [],
      outbound: binding?.outbound ? 'granted' : asked,
      ...(binding?.keepAlive !== undefined && { keepAlive: binding.keepAlive }),
      ...(binding?.flow && { flow: binding.flow }),
    };
  }

  state(): RegistrationCheckpoint {
    const { settings, identifiers } = this;
    const binding = this.#binding && keptBinding(settings, this.#binding, this.#nextAt ?? 0);
    return { v: 1, ...identifiers, cseq: this.#cseq, least: this.#least, ...(binding && { binding }) };
  }

  /** The same for one of this process that goes on with it: its connection stands, and its times are told by the clock that does not jump. */
  handOver({ mono, wall }: Instant): RegistrationCheckpoint {
    const state = this.state();
    if (!state.binding || !this.#binding) return state;
    const inWall = (at: number) => wall + at - mono;
    const refreshAt = this.#nextAt !== undefined && this.#timer ? inWall(this.#timer.at) : 0;
    return {
      ...state,
      stands: true,
      binding: { ...state.binding, expiresAt: inWall(this.#binding.expires), refreshAt },
    };
  }

  /** A walk from the start, or, while a registration holds, from where it is. */
  #begin(now: Instant): void {
    this.#places.tidy(now.mono);
    if (!this.#binding) this.#withoutOutbound = undefined;
    this.#walk = new Walk(this.#places.order(this.#binding?.registrar, now.mono));
    this.#disarm();
    this.#enter(this.#binding ? 'refreshing' : 'registering', now);
    this.services.changed(now);
    this.#onward(now);
  }

  /** Asks the next server. */
  #onward(now: Instant): void {
    const walk = this.#walk!;
    for (;;) {
      if (walk.locating) return;
      this.#hurryHome(walk, now);
      const target = walk.nextTarget();
      if (target) {
        if (this.#ask(walk, target, now)) return;
      } else if (walk.nextRegistrar()) {
        this.#find(walk, now);
      } else {
        return this.#fruitlessWalk(walk, now);
      }
    }
  }

  /** Before the registration that we have runs out, it is refreshed where it is. */
  #hurryHome(walk: Walk, now: Instant): void {
    const binding = this.#binding;
    if (!binding || binding.expires - now.mono > 2 * patience.others) return;
    const { registrar, target } = binding;
    if (!walk.hasAsked(registrar, target) && this.#places.peace(registrar, target, now.mono) === undefined)
      walk.straightTo(registrar, target);
  }

  #find(walk: Walk, now: Instant): void {
    const found = this.services.registrars.find(walk.registrar, now);
    if (found.kind === 'pending') {
      if (!walk.locating) this.#arm('locate', locatePatience, now);
      walk.locating = true;
      return;
    }
    if (walk.locating) this.#disarm();
    walk.locating = false;
    if (found.kind === 'failed') this.#notLocated(walk, found.reason, now);
    else if (found.targets.length === 0) this.#notLocated(walk, 'there is none', now);
    else this.#located(walk, found.targets, now);
  }

  #notLocated(walk: Walk, reason: string, now: Instant): void {
    const { host } = this.settings.registrars[walk.registrar]!;
    this.#trouble(`no server of ${host} can be located: ${reason}`, now);
    this.#places.failed(walk.registrar, undefined, now.mono);
    walk.mayBeAskedAt(now.mono);
    // Where it took us before, it may again: the DNS has its own troubles.
    if (this.#binding?.registrar === walk.registrar) walk.targets([this.#binding.target]);
  }

  #located(walk: Walk, targets: readonly Target[], now: Instant): void {
    const { registrar } = walk;
    const binding = this.#binding;
    const home = binding?.registrar === registrar ? binding.target : undefined;
    for (const target of targets) {
      const until = this.#places.peace(registrar, target, now.mono);
      if (until !== undefined) walk.mayBeAskedAt(until);
    }
    walk.targets(this.#places.sorted(registrar, targets, home, now.mono));
  }

  /** False when it cannot be asked. */
  #ask(walk: Walk, target: Target, now: Instant): boolean {
    const advertised = this.services.advertised(target);
    if (!advertised) {
      this.#trouble(`no listener of ours reaches ${describeTarget(target)}`, now);
      walk.mayBeAskedAt(now.mono);
      return false;
    }
    const wait = this.#pace.wait(maxRequests, now.mono);
    if (wait > 0) {
      walk.again(target);
      this.#arm('pace', wait, now, true);
      return true;
    }
    const binding = this.#binding;
    const home = binding && describeTarget(binding.target) === describeTarget(target);
    this.#tries++;
    this.#exchange = new Exchange(this, {
      registrar: walk.registrar,
      target: home && !this.#isRetiring ? withConnection({ target, flow: binding.flow }) : target,
      contact: contactUri(this.settings, target.transport, advertised),
      outbound: this.#outboundAt(target),
      remove: false,
    });
    this.#exchange.start(now);
    return true;
  }

  #outboundAt(target: Target): boolean {
    return this.settings.outbound && this.#withoutOutbound !== describeTarget(target);
  }

  /** It took us. */
  #bind(exchange: Exchange, { grant, flow }: Granted, now: Instant): void {
    const { registrar, target, contact } = exchange.facts;
    const { deadlines } = this.services;
    this.#places.took(registrar, target);
    const { expires: granted, serviceRoute, path, outbound, keepAlive, seenAs } = grant;
    this.#binding = {
      registrar,
      target,
      contact,
      granted,
      grantedAt: now.mono,
      expires: now.mono + granted,
      expiresAt: now.wall + granted,
      serviceRoute,
      path,
      outbound,
      ...(keepAlive !== undefined && { keepAlive }),
      ...(seenAs !== undefined && { seenAs }),
      flow,
    };
    deadlines.clear(this.#expiry);
    this.#expiry = deadlines.set('expiry', this, now.mono + granted);
  }

  #granted(exchange: Exchange, granted: Granted, now: Instant): void {
    const { random } = this.services;
    const { registrar } = exchange.facts;
    this.#fruitless = 0;
    this.#tries = 0;
    this.#lastError = undefined;
    this.#walk = undefined;
    this.#left = new WeakSet();
    this.#bind(exchange, granted, now);
    let wait = refreshAfter(granted.grant.expires, random);
    if (registrar > 0 || this.#places.anyFailed) {
      // Not where we would be: looks sooner whether the way back is free.
      const { failBack } = this.#places;
      wait = Math.min(wait, Math.max(leastWait, within(random, failBack, failBack * 1.2)));
    }
    this.#arm('refresh', wait, now, true);
    if (this.#isRetiring) this.#moveOn(now);
    else this.#retiring = undefined;
    this.#enter('registered', now);
    this.services.changed(now);
  }

  get #isRetiring(): boolean {
    return this.#retiring !== undefined && this.#binding?.flow?.connection === this.#retiring;
  }

  /** Refreshes soon: others may have shared the connection. */
  #moveOn(now: Instant): void {
    const { flowJitter = defaultFlowJitter } = this.settings;
    const due = (this.#nextAt ?? Number.POSITIVE_INFINITY) - now.wall;
    this.#arm('refresh', Math.min(within(this.services.random, flowJitter / 10, flowJitter), due), now, true);
  }

  #refused(registrar: number, retryAfter: number, now: Instant): void {
    this.#places.refused(registrar, now.mono, retryAfter);
    this.#walk!.leaveRegistrar();
    if (this.#binding?.registrar !== registrar) return;
    this.#forget();
    this.#enter('registering', now);
  }

  /** Nobody took us this time. */
  #fruitlessWalk(walk: Walk, now: Instant): void {
    this.#walk = undefined;
    this.#fruitless++;
    const { random } = this.services;
    const binding = this.#binding;
    const holds = binding?.flow !== undefined;
    let wait = backOff(this.settings.retry, this.#fruitless, random);
    if (holds) wait = Math.min(wait, (binding.expires - now.mono) / 2);
    const asked = Math.min(walk.soonest, this.#places.pardon(now.mono)) - now.mono;
    // Refused by all or asked by all to wait; and not to the millisecond, or everybody would come at once.
    if (asked > 0 && asked < Infinity) wait = Math.max(wait, within(random, asked, asked * 1.1));
    this.#arm('retry', Math.max(wait, leastWait), now, true);
    if (!holds) this.#forget();
    this.#enter(holds ? 'registered' : 'failed', now);
    this.services.changed(now);
  }

  /** The registration ran out before it was refreshed. */
  #lapsed(now: Instant): void {
    this.#expiry = undefined;
    this.#binding = undefined;
    if (this.#stage === 'unregistering') return;
    this.#trouble(`the registration ran out before it was refreshed${this.#because()}`, now);
    this.#enter(this.#walk ? 'registering' : 'failed', now);
    this.services.changed(now);
  }

  #because(): string {
    return this.#lastError ? `: ${this.#lastError.text}` : '';
  }

  #resume(kept: NonNullable<RegistrationCheckpoint['binding']>, now: Instant, after: number, stands: boolean): boolean {
    const { settings, services } = this;
    const taken = takenUp(kept, settings, services.advertised(kept.target), now, stands);
    if (!taken) return false;
    const { binding, refreshIn } = taken;
    this.#binding = binding;
    this.#expiry = services.deadlines.set('expiry', this, binding.expires);
    if (binding.flow) {
      this.#stage = 'registered';
      this.#arm('refresh', Math.max(after, refreshIn), now, true);
    } else {
      this.#stage = 'refreshing';
      this.#arm('retry', after + within(services.random, 0, settings.flowJitter ?? defaultFlowJitter), now, true);
    }
    return true;
  }

  #gone(now: Instant): void {
    this.#exchange = undefined;
    this.#walk = undefined;
    this.#forget();
    this.#disarm();
    this.#enter('unregistered', now);
    this.services.changed(now);
  }

  #forget(): void {
    this.services.deadlines.clear(this.#expiry);
    this.#expiry = undefined;
    this.#binding = undefined;
  }

  #trouble(text: string, now: Instant): void {
    this.#lastError = { text, at: now.wall };
  }

  #enter(stage: RegistrationStage, now: Instant): void {
    if (hasUs(stage) !== hasUs(this.#stage)) this.#since = now.wall;
    this.#stage = stage;
  }

  #arm(name: string, wait: number, now: Instant, next = false): void {
    this.#disarm();
    this.#timer = this.services.deadlines.set(name, this, now.mono + wait);
    if (next) this.#nextAt = now.wall + wait;
  }

  #disarm(): void {
    this.services.deadlines.clear(this.#timer);
    this.#timer = undefined;
    this.#nextAt = undefined;
  }
}

/** The registrar has us. */
function hasUs(stage: RegistrationStage): boolean {
  return stage === 'registered' || stage === 'refreshing';
}

function withConnection({ target, flow }: { readonly target: Target; readonly flow: Flow | undefined }): Target {
  const { connection: _, ...rest } = target;
  return flow?.connection === undefined ? rest : { ...rest, connection: flow.connection };
}
