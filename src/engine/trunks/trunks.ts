import type { TargetsFound, TargetWaiter, TrunkServices, TrunkTarget, TrunkWay } from '#call';
import { describeTarget } from '#call';
import type { Authorised, DigestRequest, Refused, Tried } from '#codec/digest';
import type { SipResponse } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { type Evidence, Health } from '#policy/health';
import { nodeTrunkName } from '#policy/nodes';
import type { Flow } from '#sip/flow';
import {
  type DnsAnswer,
  type DnsEntryView,
  type DnsQuestion,
  type LocateRequest,
  type LocateWaiter,
  Locator,
} from '#sip/locate';
import { startAfter } from '#sip/registration';
import type { Sleeper } from '#sip/transaction';
import type { Users } from '../users/users.ts';
import { TrunkLife, type TrunkLifeServices } from './trunk-life.ts';

/** Ms that the DNS has for one question, and that its shell has beyond to say why there is no answer. */
const dnsTimeout = 4_000;
const dnsGrace = 500;
/** Ms in which answers of the DNS are gathered before what hangs on them is put in order. */
const settling = 20;
/** New registrations a second at the start: a registrar must be able to take a thousand trunks at once. */
const registrationsPerSecond = 20;

export interface TrunksServices extends Omit<TrunkLifeServices, 'health' | 'locator' | 'flowJitter'> {
  readonly users: Pick<Users, 'trunk' | 'targets' | 'way' | 'flowTo' | 'instanceAt' | 'isLost'>;
  ask(question: DnsQuestion): void;
  /** Tells one who waited for the DNS: where that breaks, his call ends and no other. */
  call(waiter: LocateWaiter, now: Instant): void;
}

/** Those who look after the trunks, between calls and for them: located, registered, watched. */
export class Trunks implements TrunkServices, Sleeper {
  readonly health: Health;
  readonly #services: TrunksServices;
  readonly #locator: Locator;
  readonly #lives = new Map<string, TrunkLife>();
  /** Whose name it is that is kept at hand. */
  readonly #named = new Map<LocateRequest, TrunkLife>();
  /** Those about whose names the DNS has spoken. */
  readonly #touched = new Set<TrunkLife>();
  readonly #guests = new WeakMap<Trunk, TrunkLife>();
  readonly #forLives: TrunkLifeServices;
  #settle: Deadline<Sleeper> | undefined;

  constructor(services: TrunksServices) {
    this.#services = services;
    const { configuration, deadlines, random } = services;
    this.health = new Health();
    const timeout = (configuration.dns?.timeout ?? dnsTimeout) + dnsGrace;
    this.#locator = new Locator({
      ask: (question) => services.ask(question),
      call: (waiter, now) => services.call(waiter, now),
      deadlines,
      random,
      timeout,
    });
    const registering = configuration.trunks.filter(({ registration }) => registration !== undefined).length;
    const flowJitter = Math.max(1000, (registering * 1000) / registrationsPerSecond);
    this.#forLives = { ...services, health: this.health, locator: this.#locator, flowJitter };
    for (const trunk of configuration.trunks) this.#add(new TrunkLife(trunk, this.#forLives));
  }

  #add(life: TrunkLife): void {
    this.#lives.set(life.trunk.name, life);
    for (const name of life.names) this.#named.set(name, life);
  }

  /** Takes up registrations of the process before, and begins to register, ask and watch. Once. */
  begin(kept: ReadonlyMap<string, string>, now: Instant): void {
    const { random } = this.#services;
    this.#locator.keep([...this.#named.keys()], now);
    let registering = 0;
    for (const life of this.#lives.values()) {
      const spread = life.trunk.registration ? startAfter(registering++, registrationsPerSecond, random) : 0;
      life.begin(kept.get(life.trunk.name), spread, now);
    }
  }

  /**
   * These are the trunks from now on. Those that are the same object go on as they are; one that has changed begins anew with what its
   * registration was, where that is still the same account; those that are gone take leave.
   */
  configure(trunks: readonly Trunk[], now: Instant): void {
    const before = new Map(this.#lives);
    this.#lives.clear();
    this.#named.clear();
    const begins: (() => void)[] = [];
    for (const trunk of trunks) {
      const old = before.get(trunk.name);
      before.delete(trunk.name);
      const life = old?.trunk === trunk ? old : new TrunkLife(trunk, this.#forLives);
      this.#add(life);
      if (life === old) begins.push(() => life.reconcile(now));
      else begins.push(() => life.begin(old?.makeWay(trunk, now), 0, now));
    }
    for (const gone of before.values()) gone.makeWay(undefined, now);
    this.#locator.keep([...this.#named.keys()], now);
    for (const begin of begins) begin();
  }

  /** What the DNS said. */
  resolved(question: DnsQuestion, answer: DnsAnswer, now: Instant): void {
    const waiters = this.#locator.answered(question, answer, now);
    for (const request of this.#locator.keptBy(question)) this.#touched.add(this.#named.get(request)!);
    if (this.#touched.size > 0) this.#settle ??= this.#services.deadlines.set('settle', this, now.mono + settling);
    for (const waiter of waiters) this.#services.call(waiter, now);
  }

  wake(_name: string, now: Instant): void {
    this.#settle = undefined;
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const life of touched) life.reconcile(now);
  }

  /** A connection is to be replaced: what was registered over it is registered over the next before it goes. */
  retiring(connection: string, now: Instant): void {
    for (const life of this.#lives.values()) life.retiring(connection, now);
  }

  /** A connection is gone: what was registered over it must be registered anew. */
  disconnected(connection: string, reason: string, now: Instant): void {
    for (const life of this.#lives.values()) life.disconnected(connection, reason, now);
  }

  /** Asks a trunk at once whether it lives. */
  probe(name: string, now: Instant): boolean {
    const life = this.#lives.get(name);
    life?.probe(now);
    return life !== undefined;
  }

  /** Registers a trunk at once, unless it is being done. */
  register(name: string, now: Instant): void {
    this.#lives.get(name)?.registerNow(now);
  }

  /** Ends registrations, so that no call is sent to a program that is leaving. */
  leave(now: Instant): void {
    for (const life of this.#lives.values()) life.leave(now);
  }

  // --- for calls ---------------------------------------------------------------------------------------------------

  targets(trunk: Trunk, now: Instant): TargetsFound {
    return trunk.user ? this.#services.users.targets(trunk, now) : this.#life(trunk).targets(now);
  }

  await(trunk: Trunk, waiter: TargetWaiter, now: Instant): void {
    this.#life(trunk).await(waiter, now);
  }

  skip(trunk: Trunk, target: TrunkTarget, now: Instant): string | undefined {
    const watched = this.#watched(trunk, target);
    return watched.health ? this.health.skip(watched, describeTarget(target), now) : undefined;
  }

  showsAtOnce(trunk: Trunk, target: TrunkTarget): boolean {
    return this.health.showsAtOnce(this.#watched(trunk, target), describeTarget(target));
  }

  heard(trunk: Trunk, target: TrunkTarget, evidence: Evidence, now: Instant): void {
    const watched = this.#watched(trunk, target);
    // Silence may be that of who is behind the node, and so may be a 503.
    if (trunk.by && evidence.kind !== 'unreachable' && evidence.kind !== 'call-progress') return;
    if (watched.health) this.#life(watched).heard(describeTarget(target), evidence, now);
  }

  isLost(trunk: Trunk): boolean {
    return this.#services.users.isLost(trunk);
  }

  /** Where a node is; undefined while it lives no more, or nobody knows where that is. */
  reach(node: Trunk, now: Instant): TrunkTarget | undefined {
    const found = this.targets(node, now);
    const target = found.kind === 'targets' ? found.targets[0] : undefined;
    // Asked as often as it is, it needs no call that tries whether it lives again.
    if (!target || this.health.state(node, now).state === 'down') return undefined;
    const tls = target.tls ?? this.way(node).tls;
    return tls ? { ...target, tls } : target;
  }

  /** Whose health it is that counts: what leads by way of a node lives as that does. */
  #watched(trunk: Trunk, { name, remote }: TrunkTarget): Trunk {
    const { by } = trunk;
    if (!by) return trunk;
    const nodes = by.nodes.flatMap((node) => this.#lives.get(nodeTrunkName(node))?.trunk ?? []);
    const host = name ?? remote.host;
    return (
      nodes.find(({ addresses }) => addresses.some((one) => one.host === host && one.port === remote.port)) ?? trunk
    );
  }

  way(trunk: Trunk): TrunkWay {
    return trunk.user ? this.#services.users.way : this.#life(trunk).way;
  }

  named(name: string, flow: Flow): Trunk | undefined {
    return this.#lives.get(name)?.trunk ?? this.#services.users.trunk(name, flow);
  }

  instanceAt(trunk: Trunk, contact: Octets, now: Instant): Octets | undefined {
    return trunk.user && this.#services.users.instanceAt(trunk, contact, now);
  }

  flowTo(trunk: Trunk, contact: Octets): Flow | undefined {
    return trunk.user && this.#services.users.flowTo(trunk, contact);
  }

  beforehand(trunk: Trunk, request: DigestRequest): Authorised {
    if (trunk.user) return nothingAsked;
    return this.#life(trunk).digest?.beforehand(request) ?? nothingAsked;
  }

  authorized(trunk: Trunk, response: SipResponse, request: DigestRequest, tried: Tried): Authorised | Refused {
    if (trunk.user) return noCredentials;
    const { digest } = this.#life(trunk);
    const challenges = { www: response.all('www-authenticate'), proxy: response.all('proxy-authenticate') };
    return digest?.answer(challenges, request, tried) ?? noCredentials;
  }

  /** What the DNS said. */
  lookedUp(): readonly DnsEntryView[] {
    return this.#locator.inspect();
  }

  inspect(now: Instant, calls: (trunk: string) => number): readonly Record<string, unknown>[] {
    return [...this.#lives.values()].map((life) => ({ ...life.inspect(now), calls: calls(life.trunk.name) }));
  }

  get names(): readonly string[] {
    return [...this.#lives.keys()];
  }

  inspectOne(name: string, now: Instant, calls: number): Record<string, unknown> | undefined {
    const life = this.#lives.get(name);
    return life && { ...life.inspect(now), calls };
  }

  #life(trunk: Trunk): TrunkLife {
    // A trunk of a call in flight that is not configured any more can't be: restore refuses it.
    return this.#lives.get(trunk.name) ?? this.#guest(trunk);
  }

  /** Who calls by a pass is no trunk, and is looked after only as far as its calls ask. */
  #guest(trunk: Trunk): TrunkLife {
    let life = this.#guests.get(trunk);
    if (!life) {
      life = new TrunkLife(trunk, this.#forLives);
      this.#guests.set(trunk, life);
    }
    return life;
  }
}

const nothingAsked: Authorised = { kind: 'authorised', headers: [], tried: [] };
const noCredentials: Refused = {
  kind: 'refused',
  reason: 'no-credentials',
  text: 'the trunk has no credentials; give it some',
};
