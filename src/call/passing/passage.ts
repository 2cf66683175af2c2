import { type Header, parseDeltaSeconds, type SipRequest, type SipResponse } from '#codec/sip-message';
import { type Deadline, type Instant, type Octets, toOctets } from '#kernel';
import type { Trunk, User } from '#policy/configuration';
import { bestOf, type FailedAttempt, judge } from '#policy/failover';
import type { Evidence } from '#policy/health';
import type { Flow } from '#sip/flow';
import { instanceMeant } from '#sip/registrar';
import type { ClientFailure, ServerTransaction, Sleeper } from '#sip/transaction';
import { addressTo } from '../addressed.ts';
import { listenerOf } from '../call-leg.ts';
import { reasonFields, statusForCaller } from '../causes.ts';
import { mailboxOf } from '../forwarding.ts';
import { contactOf } from '../headers.ts';
import { type Destination, destinationOf, Hunt, type HuntUser } from '../hunt.ts';
import {
  calledOf,
  callingNumber,
  type Identity,
  identityRefusal,
  isInside,
  knownAs,
  numberOf,
  personInside,
  readIdentity,
  userShownTo,
} from '../identity/index.ts';
import { leavesOthers } from '../refusal.ts';
import { type CallServices, type Party, ruleOf, type TrunkTarget } from '../services.ts';
import { answerFields, bodyOf, requestFields } from './crossing.ts';
import type { PassingDesk } from './desk.ts';
import { packageOf, permitsOf } from './permits.ts';
import { referTo } from './refer-to.ts';
import { Subscribing } from './subscribing.ts';
import { legContact } from './subscription-leg.ts';
import { Try, type TryUser } from './try.ts';

/** What a failure gives the sender. */
interface Failure extends FailedAttempt {
  readonly headers: readonly Header[];
  readonly phrase?: string | undefined;
  readonly trunk?: string;
}

/** Lines of the trace of one request. */
const longestTrace = 50;

/** Methods that make a subscription where they are taken. */
const subscribes = (method: string): method is 'SUBSCRIBE' | 'REFER' => method === 'SUBSCRIBE' || method === 'REFER';

/**
 * A request outside dialogs on its way between trunks (MESSAGE, SUBSCRIBE, PUBLISH, whatever both let pass): routed like a
 * call, to one target after the other, and its final response passed back. Nothing of it is checkpointed: where we die its
 * sender sends it again, to the next process.
 */
export class Passage implements TryUser, HuntUser, Sleeper {
  readonly call: this = this;
  readonly id: string;
  readonly services: CallServices;
  readonly #desk: PassingDesk;
  readonly #source: Trunk;
  readonly #flow: Flow;
  readonly #server: ServerTransaction<Party>;
  /** Our To tag. */
  readonly #tag: string;
  #request: SipRequest | undefined;
  #identity: Identity | undefined;
  readonly #hunt: Hunt;
  /** Those that are waited for: of several devices of a user at once. */
  readonly #tries = new Set<Try>();
  #subscribing: Subscribing | undefined;
  #failure: Failure | undefined;
  #trying: Deadline<Sleeper> | undefined;
  #last: Deadline<Sleeper> | undefined;
  readonly #trace: string[] = [];

  constructor(
    desk: PassingDesk,
    source: Trunk,
    flow: Flow,
    server: ServerTransaction<Party>,
    request: SipRequest,
    now: Instant,
  ) {
    const { random } = desk.services;
    this.#desk = desk;
    this.services = desk.services;
    this.id = now.wall.toString(16).padStart(12, '0') + random.token(80);
    this.#source = source;
    this.#flow = flow;
    this.#server = server;
    this.#request = request;
    this.#tag = random.token(64);
    this.#hunt = new Hunt(this);
  }

  begin(now: Instant): void {
    const { services } = this;
    const request = this.#request!;
    const source = this.#source;
    const called = calledOf(request, source, services.trunks.way(source).contactUser);
    const identity = readIdentity(request, source, called);
    this.#identity = identity;
    const unfit = identityRefusal(identity, true);
    if (unfit) return this.#answer({ status: unfit.status }, now);
    const { host: address } = this.#flow.remote;
    const instance = instanceMeant(request);
    const facts = instance === undefined ? { address } : { address, instance };
    const plan = services.plan(source, numberOf(called.user), callingNumber(request, source), facts);
    for (const { rule, outcome } of plan.decisions) this.decide(rule, outcome);
    const refused = plan.refuse ?? (plan.trunks.length === 0 && plan.route === undefined ? 404 : undefined);
    if (refused !== undefined) return this.#answer({ status: refused }, now);
    if (plan.user && request.method === 'SUBSCRIBE') {
      const { watching } = this.#desk;
      if (watching.tells(request.get('event'))) return this.#watched(plan.user, now);
      if (packageOf(request) === 'message-summary') return this.#toMailbox(plan.user, plan.trunks[0]!.trunk, now);
    }
    const planned = plan.trunks.map((one) => destinationOf(one, { user: called.user, hops: 1 }));
    if (request.method !== 'PUBLISH') return this.#goes(planned, now);
    const trunks = planned.map(({ trunk }) => trunk);
    const ordered = this.#desk.publications.order(trunks, source, request.get('sip-if-match'));
    this.#goes(
      ordered.map((trunk) => planned[trunks.indexOf(trunk)]!),
      now,
    );
  }

  /** We know ourselves what there is to be seen of him. */
  #watched(user: User, now: Instant): void {
    const watcher = { trunk: this.#source, flow: this.#flow, request: this.#request!, tag: this.#tag };
    const { begin, ...answer } = this.#desk.watching.asked(watcher, user.name, now);
    this.#answer({ ...answer, trunk: user.name }, now);
    begin?.(now);
  }

  /** What waits for a user is known where he has his voice mail, to himself alone. */
  #toMailbox(user: User, trunk: Trunk, now: Instant): void {
    const { services } = this;
    const box = mailboxOf(user);
    const outcome = box === undefined ? 'has no voice mail' : `has his voice mail at ${box}`;
    this.decide(`user ${user.name}`, outcome);
    if (this.#source.user?.name !== user.name) return this.#answer({ status: 403 }, now);
    if (box === undefined) return this.#answer({ status: 404 }, now);
    const plan = services.plan(trunk, toOctets(box), '', { deposit: true });
    for (const { rule, outcome: said } of plan.decisions) this.decide(rule, said);
    this.#goes(
      plan.trunks.map((one) => ({ trunk: one.trunk, called: { user: mailboxOwner(one.trunk, user), hops: 1 } })),
      now,
    );
  }

  #goes(destinations: readonly Destination[], now: Instant): void {
    const { services } = this;
    this.#hunt.go(destinations);
    const { t1, t2 } = services.transactions.timers;
    // RFC 4320 4.1: by UDP, and not before Timer E of the sender has come to T2.
    if (this.#flow.transport === 'udp') this.#trying = services.deadlines.set('trying', this, now.mono + t2 - t1);
    // RFC 4320 4.2: an answer after the sender's Timer F (64*T1) would be for nobody.
    this.#last = services.deadlines.set('last', this, now.mono + 60 * t1);
    this.hunt(now);
  }

  /** A line of its trace. */
  decide(rule: string, outcome: string): void {
    if (this.#trace.length < longestTrace) this.#trace.push(`${rule}: ${outcome}`);
  }

  checkpoint(): void {}

  // --- hunting -----------------------------------------------------------------------------------------------------

  hunt(now: Instant): void {
    // One that was only slow may answer yet.
    if (this.#request && !this.#hunt.next(now) && this.#tries.size === 0)
      this.#answer(this.#failure ?? { status: 503 }, now);
  }

  /** Who is nowhere gets nothing, and its sender is told that he might later. */
  diverts({ trunk }: Destination, when: 'always' | 'unregistered'): undefined {
    if (trunk.user && when === 'unregistered') this.#failed({ status: 480, answered: true, headers: [] });
  }

  begins(destination: Destination, { together = [], ...first }: TrunkTarget, now: Instant): boolean {
    // RFC 3428 8: all devices of a user get a message; a subscription is made with one of them.
    const targets = subscribes(this.#request!.method) ? [first] : [first, ...together];
    const before = [...this.#tries];
    const tries = targets.flatMap((at) => this.#tryAt(destination, at, now) ?? []);
    if (tries.length === 0) return false;
    for (const one of before) this.#leave(one);
    for (const one of tries) this.#tries.add(one);
    for (const one of tries) one.start(now);
    return true;
  }

  /** A try at one target; undefined when there can be none. */
  #tryAt({ trunk, called }: Destination, at: TrunkTarget, now: Instant): Try | undefined {
    const request = this.#request!;
    const { pace, seats } = this.#desk;
    const skip = (why: string, failure: Omit<Failure, 'answered'>) => {
      this.decide(ruleOf(trunk), `skipped: ${why}`);
      this.#failed({ answered: false, ...failure });
      return undefined;
    };
    const refused = permitsOf(this.#source).refusalAt(permitsOf(trunk), request);
    if (refused) return skip(`${request.method} does not pass to it`, refused);
    if (subscribes(request.method) && seats.isFull(trunk)) return skip('it has as many subscriptions as it may', busy);
    const { caller } = called;
    const shown = userShownTo(trunk, this.#identity!, caller?.masks === true);
    const identity = caller ? knownAs(shown, caller.number, caller.masks) : shown;
    const addressed = addressTo(this.services, trunk, at, identity, called.user);
    if (!addressed) return skip('no listener of its side and transport', { status: 503, headers: [] });
    const refer = request.method === 'REFER' ? referTo(request, this.#source, trunk, addressed.home) : undefined;
    if (refer === 'none') return skip('its Refer-To is no address that we could pass on', { status: 416, headers: [] });
    if (!pace.take(trunk, now.mono)) return skip('it gets as many messages a second as it may', busy);
    for (const note of addressed.notes) this.decide(ruleOf(trunk), note);
    const { userAgent } = this.services.configuration;
    const said = requestFields(request, this.#source, trunk, identity.private);
    const headers: Header[] = [['Max-Forwards', String((request.maxForwards ?? 70) - called.hops)]];
    if (subscribes(request.method) || request.method === 'NOTIFY') {
      const { transport, advertise } = addressed.socket;
      headers.push(['Contact', contactOf(transport, advertise, addressed.contactUser)]);
    }
    if (refer) headers.push(['Refer-To', refer]);
    headers.push(['Allow', permitsOf(trunk).allow]);
    if (userAgent !== undefined) headers.push(['User-Agent', userAgent]);
    // A signature's Date is the one that it speaks of (RFC 8224 4.1).
    const signed = addressed.headers.some(([name]) => name === 'Date');
    headers.push(...addressed.headers, ...(signed ? said.filter(([name]) => name !== 'Date') : said));
    const one = new Try(this, trunk, at, addressed, request.method, headers, bodyOf(request));
    if (subscribes(request.method)) {
      this.#unsubscribe(now);
      const subscriber = { trunk: this.#source, flow: this.#flow, request, tag: this.#tag };
      this.#subscribing = new Subscribing(
        this,
        this.#desk,
        subscriber,
        trunk,
        one.request,
        one.localTag,
        () => one.flow,
        now,
      );
    }
    return one;
  }

  // --- a try ends --------------------------------------------------------------------------------------------------

  answered(one: Try, response: SipResponse, now: Instant): void {
    const request = this.#request;
    // A late answer of one that was given up is as good, but a subscription with it was given up too.
    if (!request || (!this.#tries.has(one) && subscribes(request.method))) return;
    this.#heard(one, { kind: 'call-progress' }, now);
    const headers: Header[] = [];
    let tag = this.#tag;
    if (subscribes(request.method) && !(request.method === 'REFER' && isWithout(response))) {
      const subscription = this.#subscribing!.answered(response, now);
      tag = Subscribing.tagOf(subscription);
      for (const route of request.all('record-route')) headers.push(['Record-Route', route]);
      const listener = listenerOf(this.services, this.#source, this.#flow)!;
      headers.push(['Contact', legContact(this.services, this.#source, this.#flow, listener)]);
      // RFC 6665 4.2.1.1: a 200 says for how long.
      if (request.method === 'SUBSCRIBE' && response.get('expires') === undefined)
        headers.push(['Expires', request.get('expires') ?? '3600']);
    } else if (request.method === 'REFER') this.#subscribing?.over(now, true);
    if (request.method === 'PUBLISH') {
      const { publications } = this.#desk;
      publications.published(one.trunk, this.#source, request.get('sip-if-match'), response.get('sip-etag'));
    }
    const permits = permitsOf(this.#source);
    if (request.method === 'OPTIONS') headers.push(['Allow', permits.allow]);
    if (request.method === 'OPTIONS' || request.method === 'SUBSCRIBE') headers.push(...permits.events());
    headers.push(...answerFields(response));
    this.#subscribing = undefined;
    const { status, phrase } = response;
    this.#answer({ status, phrase, headers, trunk: one.trunk.name }, now, bodyOf(response), tag);
  }

  refused(one: Try, response: SipResponse, now: Instant): void {
    if (!this.#tries.has(one) || !this.#request) return;
    const retryAfter = parseDeltaSeconds(response.get('retry-after'));
    const judged = judge(one.trunk, { status: response.status, ...(retryAfter === undefined ? {} : { retryAfter }) });
    this.#heard(
      one,
      judged.coolFor === undefined
        ? { kind: 'call-progress' }
        : { kind: 'cooling', forMs: judged.coolFor, detail: `${response.status} with Retry-After ${retryAfter}` },
      now,
    );
    const final = judged.verdict === 'final';
    this.decide(ruleOf(one.trunk), `${response.status}: ${final ? 'final' : 'the next is tried'}`);
    const status = statusForCaller(judged.status);
    const permits = permitsOf(this.#source);
    const headers = [...reasonFields(response), ...answerFields(response)];
    // These have to say what is taken here (RFC 3261 21.4.6, RFC 6665 4.1.2.2).
    if (status === 405 || status === 501) headers.push(['Allow', permits.without(this.#request.method)]);
    else if (status === 489) headers.push(...permits.events());
    const failure: Failure = {
      status,
      answered: true,
      phrase: status === response.status ? response.phrase : undefined,
      headers,
      trunk: one.trunk.name,
    };
    this.#failed(failure);
    this.#leave(one);
    this.#unsubscribe(now);
    if (response.status < 600 && this.#tries.size > 0) return;
    const rest = leavesOthers(one, response.status);
    if (final && !rest) this.#answer(one.trunk.user ? this.#failure! : failure, now, bodyOf(response));
    else this.hunt(now);
  }

  failed(one: Try, failure: ClientFailure, reason: string, now: Instant): void {
    if (failure === 'transport') this.#heard(one, { kind: 'unreachable', detail: reason }, now);
    if (!this.#tries.has(one) || !this.#request) return;
    this.decide(ruleOf(one.trunk), `${reason}: the next is tried`);
    this.#failed({ status: failure === 'transport' ? 503 : 504, answered: false, headers: [], trunk: one.trunk.name });
    this.#leave(one);
    this.#unsubscribe(now);
    if (this.#tries.size === 0) this.hunt(now);
  }

  slow(one: Try, now: Instant): void {
    if (!this.#tries.has(one) || !this.#hunt.left) return;
    this.decide(ruleOf(one.trunk), 'does not answer: the next is tried');
    this.#failed({ status: 504, answered: false, headers: [], trunk: one.trunk.name });
    this.hunt(now);
  }

  wake(name: string, now: Instant): void {
    if (name === 'trying') {
      this.#trying = undefined;
      this.services.transactions.respond(this.#server, { status: 100 }, now.mono);
      return;
    }
    this.#last = undefined;
    this.decide('time', 'is up: the sender waits no longer');
    this.#answer(this.#failure ?? { status: 504 }, now);
  }

  terminate(_reason: string, now: Instant): void {
    this.#answer({ status: 500 }, now);
  }

  #failed(failure: Failure): void {
    this.#failure = this.#failure ? bestOf([this.#failure, failure])! : failure;
  }

  /** A try is waited for no longer. */
  #leave(one: Try): void {
    one.over();
    this.#tries.delete(one);
  }

  /** What was subscribed to by the last of them is not wanted. */
  #unsubscribe(now: Instant): void {
    this.#subscribing?.over(now, true);
    this.#subscribing = undefined;
  }

  #answer(
    { status, phrase, headers = [], trunk }: Partial<Omit<Failure, 'status'>> & { readonly status: number },
    now: Instant,
    body: Octets = '',
    toTag = this.#tag,
  ): void {
    const request = this.#request;
    if (!request) return;
    const { transactions, deadlines, configuration } = this.services;
    const own: readonly Header[] = configuration.userAgent === undefined ? [] : [['Server', configuration.userAgent]];
    transactions.respond(
      this.#server,
      { status, ...(phrase ? { phrase } : {}), toTag, headers: [...headers, ...own], body },
      now.mono,
    );
    deadlines.clear(this.#trying);
    deadlines.clear(this.#last);
    this.#hunt.over();
    this.#request = undefined;
    this.#identity = undefined;
    for (const one of [...this.#tries]) this.#leave(one);
    this.#unsubscribe(now);
    const to = trunk === undefined ? {} : { to: trunk };
    this.#desk.told({ method: request.method, from: this.#source.name, ...to, status, trace: this.#trace });
  }

  #heard(one: Try, evidence: Evidence, now: Instant): void {
    this.services.trunks.heard(one.trunk, one.at, evidence, now);
  }
}

/** By which number a voice mail knows him: by his extension in the house, else by all of his line, which others may share. */
function mailboxOwner(trunk: Trunk, user: User): Octets {
  return isInside(trunk) ? personInside(user).user : toOctets(user.line ?? user.name);
}

/** Too much for a trunk of ours now. A 503 would keep its peer from calling by us as well (RFC 3261 21.5.4). */
export const busy: { readonly status: number; readonly headers: readonly Header[] } = {
  status: 480,
  headers: [['Retry-After', '2']],
};

/** RFC 4488 4: the REFER made no subscription. */
function isWithout(response: SipResponse): boolean {
  return response.get('refer-sub')?.trim().toLowerCase() === 'false';
}
