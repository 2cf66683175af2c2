import type { AskedOutside, CallHandle, DecisionServices, DecisionWaiter, OutsideFacts } from '#call';
import type { Deadlines, Instant } from '#kernel';
import type { Configuration } from '#policy/configuration';
import {
  Breaker,
  type DecisionOutcome,
  type DecisionQuestion,
  enumLimits,
  enumName,
  placesOf,
  readAnswer,
} from '#policy/decision';
import type { Directive, RoutePlan } from '#policy/routing';
import type { DnsAnswer, DnsQuestion } from '#sip/locate';
import type { Sleeper } from '#sip/transaction';
import { engineLimits } from '../limits.ts';
import type { Effect } from '../ports/index.ts';
import { EnumCache } from './enum-cache.ts';
import { type Oracle, Question } from './question.ts';

export interface DecisionsServices {
  readonly configuration: Configuration;
  readonly deadlines: Deadlines<Sleeper>;
  /** What the routes would do with a call, without taking its turn of a group. Undefined: nobody else has a say in it. */
  foresee(facts: OutsideFacts): RoutePlan | undefined;
  ask(effect: Extract<Effect, { kind: 'resolve' | 'decide' }>): void;
  /** Runs what a waiter does, so that what breaks there ends its call alone. */
  within(call: CallHandle, now: Instant, act: () => void): void;
  log(level: 'info' | 'warn', event: string, fields: Record<string, unknown>): void;
}

/** What one of them said: a directive, or nothing. */
type Said = Omit<Directive, 'by' | 'heard'> | undefined;

/**
 * Asks about calls outside: numbers in the DNS (RFC 6116), a service of the owner's. Calls wait for it without keeping anybody
 * else waiting, for as long as the configuration says and no longer; who does not answer is let rest (docs/routing.md).
 */
export class Decisions implements DecisionServices {
  readonly #services: DecisionsServices;
  #enum: NonNullable<Configuration['decisions']>['enum'];
  #service: NonNullable<Configuration['decisions']>['service'];
  /** Host of a SIP address -> trunk. */
  readonly #hosts = new Map<string, string>();
  readonly #cache = new EnumCache();
  readonly #byName = new Map<string, Set<Question>>();
  readonly #byId = new Map<number, Question>();
  readonly #breakers = { ENUM: new Breaker(), 'decision service': new Breaker() };
  readonly #counts = { asked: 0, answered: 0, failed: 0, late: 0, spared: 0 };
  #id = 0;

  constructor(services: DecisionsServices) {
    this.#services = services;
    this.#know(services.configuration);
  }

  /** Others are asked from now on: who waits for one that is asked otherwise now goes on without. */
  configure(configuration: Configuration, now: Instant): void {
    const before = { ENUM: this.#enum, 'decision service': this.#service };
    this.#know(configuration);
    const after = { ENUM: this.#enum, 'decision service': this.#service };
    for (const question of this.#waiting()) {
      question.left = question.left.filter((oracle) => after[oracle] !== undefined);
      const by = question.asking!;
      if (before[by] === after[by]) continue;
      this.#leave(question);
      this.#resume(question, now, () => this.#nothing(question, 'no longer waited for: the configuration has changed'));
    }
  }

  #know({ decisions, trunks }: Configuration): void {
    this.#enum = decisions?.enum;
    this.#service = decisions?.service;
    this.#hosts.clear();
    for (const { name, domain, addresses, nextHops = [] } of trunks)
      for (const host of [
        ...(domain === undefined ? [] : [domain]),
        ...[...addresses, ...nextHops].map(({ host }) => host),
      ])
        if (!this.#hosts.has(host.toLowerCase())) this.#hosts.set(host.toLowerCase(), name);
  }

  ask(facts: OutsideFacts, waiter: DecisionWaiter, now: Instant): AskedOutside | undefined {
    if (!this.#enum && !this.#service) return undefined;
    const plan = this.#services.foresee(facts);
    if (!plan || plan.user) return undefined;
    const left = this.#oraclesFor(facts, plan);
    if (left.length === 0) return undefined;
    const question = new Question(facts, plan, left, waiter, (one, at) => this.#late(one, at));
    const decided = this.#next(question, now);
    return decided ? { kind: 'decided', decided } : { kind: 'asked', letGo: () => this.#leave(question) };
  }

  /** The DNS has answered. */
  resolved({ type, name }: DnsQuestion, answer: DnsAnswer, now: Instant): void {
    const waiting = type === 'NAPTR' ? this.#byName.get(name) : undefined;
    if (!waiting) return;
    this.#byName.delete(name);
    if (answer.kind === 'failed') this.#broken('ENUM', now);
    else this.#works('ENUM');
    const records = answer.kind === 'failed' ? undefined : this.#cache.learn(name, answer, now.mono);
    for (const question of waiting) {
      this.#settle(question);
      this.#resume(question, now, () =>
        records
          ? this.#placed(question, name, records, now)
          : this.#nothing(question, `${name}: the DNS says nothing (${(answer as { reason?: string }).reason})`),
      );
    }
  }

  /** The service has answered, or can't. */
  decided(id: number, outcome: DecisionOutcome, now: Instant): void {
    const question = this.#byId.get(id);
    if (!question) return;
    this.#settle(question);
    this.#resume(question, now, () => this.#heard(question, outcome, now));
  }

  inspect(): Record<string, unknown> {
    return { ...this.#counts, waiting: this.#waiting().size, numbers: this.#cache.size };
  }

  #waiting(): ReadonlySet<Question> {
    return new Set([...this.#byId.values(), ...[...this.#byName.values()].flatMap((some) => [...some])]);
  }

  #oraclesFor({ source }: OutsideFacts, { route }: RoutePlan): Oracle[] {
    const has = (when: 'first' | 'unrouted' | undefined) =>
      when === 'first' || (when === 'unrouted' && route === undefined);
    const from = this.#service?.from;
    return [
      ...(has(this.#enum?.when) ? (['ENUM'] as const) : []),
      ...(has(this.#service?.when) && (!from || from.includes(source.name)) ? (['decision service'] as const) : []),
    ];
  }

  /** Asks the next one; what is decided, when that needs nobody's answer. */
  #next(question: Question, now: Instant): Directive | undefined {
    for (let oracle = question.left.shift(); oracle; oracle = question.left.shift()) {
      question.asking = oracle;
      question.askedAt = now.mono;
      question.names = 0;
      const said = oracle === 'ENUM' ? this.#askDns(question, undefined, now) : this.#askService(question, now);
      if (said === 'waits') return undefined;
      const decided = this.#concluded(question, said);
      if (decided) return decided;
    }
    return { by: question.asking ?? 'ENUM', heard: question.heard };
  }

  /** What comes of what one has said; undefined: the next is asked. */
  #concluded(question: Question, said: Said): Directive | undefined {
    const by = question.asking!;
    if (said) return { by, heard: question.heard, ...said };
    const otherwise = (by === 'ENUM' ? this.#enum : this.#service)?.otherwise ?? 'routes';
    if (otherwise === 'routes' || question.left.length > 0) return undefined;
    this.#note(question, 'the caller is refused, as the configuration has it then');
    return { by, heard: question.heard, refuse: question.failure };
  }

  /** Somebody has answered: on with it, within its call. */
  #resume(question: Question, now: Instant, said: () => Said | 'waits'): void {
    this.#services.within(question.call, now, () => {
      const what = said();
      if (what === 'waits') return;
      const decided = this.#concluded(question, what) ?? this.#next(question, now);
      if (decided) question.waiter.onDecided(decided, now);
    });
  }

  #late(question: Question, now: Instant): void {
    const oracle = question.asking!;
    const { timeout } = oracle === 'ENUM' ? this.#enum! : this.#service!;
    this.#settle(question);
    this.#counts.late++;
    this.#broken(oracle, now);
    this.#resume(question, now, () => this.#nothing(question, `no answer within ${timeout} ms`));
  }

  // --- the DNS -----------------------------------------------------------------------------------------------------

  #askDns(question: Question, other: string | undefined, now: Instant): Said | 'waits' {
    const { number } = question.plan;
    const name = other ?? enumName(number, this.#enum!.domain);
    if (name === undefined) return this.#nothing(question, `not asked: ${number} is no whole number with "+"`, 404);
    const known = this.#cache.find(name, now.mono);
    if (known) return this.#placed(question, name, known, now);
    if (!this.#mayAsk(question, now)) return undefined;
    const waiting = this.#byName.get(name);
    if (waiting) waiting.add(question);
    else this.#byName.set(name, new Set([question]));
    this.#await(question, name, this.#enum!.timeout);
    if (!waiting) this.#services.ask({ kind: 'resolve', question: { type: 'NAPTR', name } });
    return 'waits';
  }

  #placed(question: Question, name: string, records: Parameters<typeof placesOf>[0], now: Instant): Said | 'waits' {
    if (records.length === 0) return this.#nothing(question, `${name}: the number is not there`, 404);
    const found = placesOf(records, question.plan.number);
    if (found.kind === 'nothing') return this.#nothing(question, `${name}: ${found.reason}`, 404);
    if (found.kind === 'ask') {
      if (++question.names >= enumLimits.names) return this.#nothing(question, `${name}: leads to ever more names`);
      this.#note(question, `${name}: leads to ${found.name}`);
      return this.#askDns(question, found.name, now);
    }
    const to: { readonly target: string; readonly called: string }[] = [];
    for (const { user, host } of found.places) {
      const target = this.#hosts.get(host);
      if (target === undefined) this.#note(question, `${name}: ${user} at ${host}, where no trunk is`);
      else {
        this.#note(question, `${name}: ${user} at ${host}, by trunk ${target}, after ${this.#took(question, now)} ms`);
        to.push({ target, called: user });
      }
    }
    if (to.length > 0) return { to };
    question.failure = 404;
    return undefined;
  }

  // --- the service -------------------------------------------------------------------------------------------------

  #askService(question: Question, now: Instant): Said | 'waits' {
    if (!this.#mayAsk(question, now)) return undefined;
    const { call, facts, plan } = question;
    const { source } = facts;
    const { site, policy, usages } = plan.basis ?? {};
    const id = ++this.#id;
    this.#byId.set(id, question);
    this.#await(question, id, this.#service!.timeout);
    const about: DecisionQuestion = {
      version: 1,
      call: call.id,
      source: source.name,
      kind: source.user ? 'user' : 'trunk',
      caller: facts.caller,
      dialled: facts.called,
      number: plan.number,
      ...(site === undefined ? {} : { site }),
      ...(policy === undefined ? {} : { policy }),
      ...(usages ? { usages } : {}),
      at: new Date(now.wall).toISOString(),
      routes: {
        ...(plan.route === undefined ? {} : { route: plan.route }),
        ...(plan.refuse === undefined ? {} : { refuse: plan.refuse }),
        trunks: plan.trunks.map(({ trunk }) => trunk.name),
      },
    };
    this.#services.ask({ kind: 'decide', id, question: about });
    return 'waits';
  }

  #heard(question: Question, outcome: DecisionOutcome, now: Instant): Said {
    const after = `after ${this.#took(question, now)} ms`;
    const answer = outcome.kind === 'failed' ? { wrong: outcome.reason } : readAnswer(outcome.text);
    if ('wrong' in answer) {
      this.#broken('decision service', now);
      return this.#nothing(question, `of no use, ${after}: ${answer.wrong}`);
    }
    this.#works('decision service');
    const { trunks, called, caller, refuse, reason } = answer;
    const says = [
      ...(refuse === undefined ? [] : [`refuse with ${refuse}`]),
      ...(called === undefined ? [] : [`call ${called}`]),
      ...(caller === undefined ? [] : [`as ${caller}`]),
      ...(trunks ? [`by ${trunks.join(', ')}`] : []),
    ];
    const because = reason === undefined ? '' : ` (${reason})`;
    this.#note(question, `${says.length === 0 ? 'says nothing' : `says ${says.join(' ')}`}, ${after}${because}`);
    // The routes are to decide.
    return {
      ...(trunks ? { to: trunks.map((target) => ({ target })) } : {}),
      ...(called === undefined ? {} : { called }),
      ...(caller === undefined ? {} : { caller }),
      ...(refuse === undefined ? {} : { refuse }),
    };
  }

  // --- both --------------------------------------------------------------------------------------------------------

  #mayAsk(question: Question, now: Instant): boolean {
    const resting = this.#breakers[question.asking!].refusal(now.mono);
    const isFull = this.#byId.size >= engineLimits.decisions || this.#byName.size >= engineLimits.decisions;
    if (resting === undefined && !isFull) return true;
    if (resting === undefined) this.#breakers[question.asking!].abandoned();
    this.#counts.spared++;
    const why = resting === undefined ? 'too many are being asked' : `it has not answered lately (${resting} ms more)`;
    this.#note(question, `not asked: ${why}`);
    return false;
  }

  #await(question: Question, what: string | number, timeout: number): void {
    this.#counts.asked++;
    question.awaits = what;
    question.deadline = this.#services.deadlines.set('decision', question, question.askedAt + timeout);
  }

  /** It waits for nothing any more. */
  #settle(question: Question): void {
    const { awaits } = question;
    question.awaits = undefined;
    this.#services.deadlines.clear(question.deadline);
    question.deadline = undefined;
    if (typeof awaits === 'number') this.#byId.delete(awaits);
    if (typeof awaits !== 'string') return;
    const others = this.#byName.get(awaits);
    others?.delete(question);
    if (others?.size === 0) this.#byName.delete(awaits);
  }

  #leave(question: Question): void {
    if (question.awaits !== undefined) this.#breakers[question.asking!].abandoned();
    this.#settle(question);
  }

  #works(oracle: Oracle): void {
    this.#counts.answered++;
    if (this.#breakers[oracle].answered()) this.#services.log('info', 'decisions-again', { of: oracle });
  }

  #broken(oracle: Oracle, now: Instant): void {
    this.#counts.failed++;
    if (this.#breakers[oracle].failed(now.mono)) this.#services.log('warn', 'decisions-resting', { of: oracle });
  }

  #nothing(question: Question, why: string, failure = 503): undefined {
    question.failure = failure;
    this.#note(question, why);
  }

  #note(question: Question, outcome: string): void {
    question.heard.push({ rule: question.asking!, outcome });
  }

  #took(question: Question, now: Instant): number {
    return Math.round(now.mono - question.askedAt);
  }
}
