import type { CallRecord } from '#cdr';
import { Engine } from '#engine';
import type { Configuration, Effect, Input } from '#engine/ports';
import type { HostPort, Instant, Octets } from '#kernel';
import { differences } from '#policy/changes';
import type { Flow } from '#sip/flow';
import type { Agenda, Happening } from './agenda.ts';
import { Limits } from './checks/limits.ts';
import { type Safety, Violation } from './checks/safety.ts';
import { isFelt, standingIn } from './checks/standing.ts';
import { TrunkChecks } from './checks/trunks.ts';
import { domainOf, peerAddresses } from './configuration.ts';
import { Dice } from './dice.ts';
import type { DnsNode } from './dns-node.ts';
import type { MediaNode } from './media-node.ts';
import type { Endpoint, Network } from './network.ts';
import type { House } from './organisation/house.ts';
import type { RecordNode } from './record-node.ts';

export interface EngineNodeOptions {
  readonly seed: number;
  readonly configuration: Configuration;
  readonly agenda: Agenda;
  readonly network: Network;
  readonly media: MediaNode;
  readonly records: RecordNode;
  readonly dns: DnsNode;
  readonly safety: Safety;
  readonly lateTimers: boolean;
  /** Of the world's wall clock, ms. */
  readonly wall: () => number;
  readonly trace: (what: string) => void;
  /** The process is about to be gone: a last look at what it held. */
  readonly onDeath: () => void;
  /** Draining is over: the process may end. */
  readonly onIdle: () => void;
  readonly tamper?: (effect: Effect) => Effect | undefined;
  readonly house: House | undefined;
}

/** Where in a turn the process dies. */
export type Death =
  /** Before it did anything. */
  | 'before'
  /** The journal is written, some of the effects are carried out. */
  | 'within';

/** How its ends are known. */
interface AnsweredCall {
  readonly call: string;
  readonly called: string;
  readonly a: { readonly callId: string };
  readonly b?: { readonly callId?: string };
}

/** The signalling process: the engine, its journal, and what a crash leaves of them. */
export class EngineNode implements Endpoint {
  readonly name = 'tandem';
  readonly #options: EngineNodeOptions;
  readonly #dice: Dice;
  readonly #journal = new Map<string, string>();
  readonly #trunks: TrunkChecks;
  readonly #limits: Limits;
  /** What the file says. */
  #configuration: Configuration;
  #engine: Engine | undefined;
  /** Its clock began with the process. */
  #born = 0;
  #lives = 0;
  #alarm: Happening | undefined;
  #dying: Death | undefined;
  inputs = 0;

  constructor(options: EngineNodeOptions) {
    this.#options = options;
    this.#dice = Dice.of(options.seed, 'engine node');
    const { configuration, network } = options;
    this.#configuration = configuration;
    this.#trunks = new TrunkChecks(configuration);
    this.#limits = new Limits(configuration);
    for (const { id, bind, transport } of configuration.listeners) {
      if (transport === 'udp') network.attach(this, bind, { udp: id, tcp: id.replace('/udp', '/tcp') });
      if (transport === 'tls') network.attach(this, bind, { tls: id });
    }
  }

  get alive(): boolean {
    return this.#engine !== undefined;
  }

  get engine(): Engine | undefined {
    return this.#engine;
  }

  /** What is kept of calls, subscriptions, and devices, where no clock has jumped: by that they go. */
  kept(isOnTime = true): number {
    const stays = (key: string) =>
      key.startsWith('registration:') || key === 'emergency:elins' || (!isOnTime && key.startsWith('devices:'));
    return [...this.#journal.keys()].filter((key) => !stays(key)).length;
  }

  /** Its own clock. */
  get now(): Instant {
    return this.#now();
  }

  /** Ids of the calls that are answered, as the engine has it. */
  answered(): Set<string> {
    return new Set(this.#answered().map(({ call }) => call));
  }

  /**
   * The answered calls that another process can go on with: not those whose offer waited, as far as the journal
   * knows, for the answer in the caller's ACK. Both ends of these are let out (`crash-of-offerless-call`).
   */
  lasting(): readonly AnsweredCall[] {
    return this.#answered().filter(({ call }) => !this.#journal.get(call)?.includes('"unanswered":true'));
  }

  #answered(): readonly AnsweredCall[] {
    const calls = (this.#engine?.inspect().calls ?? []) as (AnsweredCall & { readonly phase: string })[];
    return calls.filter(({ phase }) => phase === 'answered');
  }

  start(): void {
    const { agenda, media, seed, trace } = this.#options;
    this.#lives++;
    this.#born = agenda.now - this.#dice.between(20, 400);
    trace(`starts, ${this.kept()} things kept`);
    this.#trunks.started();
    this.#limits.started();
    this.#engine = new Engine({ configuration: this.#configuration, random: Dice.of(seed, `engine ${this.#lives}`) });
    this.#options.house?.started(this.#engine);
    media.connect({
      message: (message) => this.post({ kind: 'media', message }),
      down: () => this.post({ kind: 'media-down' }),
    });
    this.#trunks.turn(this.#engine, this.#now());
    const effects = this.#engine.restore(new Map(this.#journal), this.#now());
    this.#options.house?.restored(this.#engine, this.#now());
    this.#keep(effects);
    for (const effect of effects) this.#act(effect);
    this.#rest();
  }

  /** The process dies in its next turn. */
  dieNext(how: Death): void {
    this.#dying = how;
  }

  /** The file says something else, and whoever runs is told. Nobody who talks, is registered or is known is to feel it. */
  configure(configuration: Configuration, isOnTime: boolean): void {
    const { trace } = this.#options;
    trace('is configured anew');
    const says = this.#engine && differences(this.#engine.configuration, configuration).length > 0;
    this.#configuration = configuration;
    this.#trunks.configured(configuration);
    this.#limits.changed(configuration);
    const engine = this.#engine;
    if (!engine) return;
    const before = standingIn(engine, this.#now(), isOnTime);
    const effects = this.post({ kind: 'configure', configuration });
    if (engine !== this.#engine) return;
    if (!says && effects.length > 0) throw new Violation(`the same configuration, and ${JSON.stringify(effects[0])}`);
    const felt = effects.find((effect) => isFelt(effect));
    if (felt) throw new Violation(`felt when it was configured anew: ${JSON.stringify(felt)}`);
    const after = standingIn(engine, this.#now(), isOnTime);
    for (const [what, was] of before) {
      const is = after.get(what);
      // What the DNS has taken away is looked after no more.
      if (is === undefined && what.startsWith('health')) continue;
      if (is !== was) throw new Violation(`configured anew, ${what} was ${was} and is ${is}`);
    }
  }

  /** The process ends by itself, when it has said that it is idle. */
  end(): void {
    const calls = this.#engine!.inspect().calls as unknown[];
    // Subscriptions go on in the next process.
    const kept = [...this.#journal.keys()].filter(isCall).length;
    if (calls.length + kept > 0) throw new Violation(`idle with ${calls.length} calls, ${kept} kept`);
    this.#die();
  }

  /** It does not die after all. */
  spare(): void {
    this.#dying = undefined;
  }

  post(input: Input): readonly Effect[] {
    const engine = this.#engine;
    if (!engine) return [];
    if (this.#dying === 'before') {
      this.#die();
      return [];
    }
    this.inputs++;
    const now = this.#now();
    this.#trunks.turn(engine, now, input);
    const effects = this.#tampered(engine.handle(input, now));
    if (input.kind === 'received' && !effects.some(({ kind }) => kind === 'drop'))
      this.#options.safety.received(input.octets, this.#options.agenda.now);
    if (input.kind === 'wake') {
      const next = engine.nextDeadline();
      if (next !== undefined && next <= now.mono) throw new Violation(`time does not progress: ${next} at ${now.mono}`);
    }
    this.#keep(effects);
    const others = effects.filter(({ kind }) => kind !== 'checkpoint' && kind !== 'forget');
    const carried = this.#dying ? this.#dice.integer(others.length + 1) : others.length;
    for (let i = 0; i < carried; i++) this.#act(others[i]!);
    if (this.#dying) {
      this.#die();
      return effects;
    }
    if (this.#options.house) this.#options.house.turn(engine, this.#limits);
    else this.#checkLimits(engine);
    this.#rest();
    return effects;
  }

  received(flow: Flow, octets: Octets): void {
    this.post({ kind: 'received', flow, octets });
  }

  opened(flow: Flow): void {
    const peer = peerAddresses.find(({ address }) => address.host === flow.remote.host);
    const certificate = { names: [domainOf(peer?.name ?? 'nobody')], trustedBy: peer ? [peer.name] : [] };
    this.post({ kind: 'flow-opened', flow, ...(flow.transport === 'tls' ? { peer: certificate } : {}) });
  }

  closed(connection: string, reason: string): void {
    this.post({ kind: 'flow-closed', connection, reason });
  }

  undeliverable(listener: string, to: HostPort): void {
    this.post({ kind: 'undeliverable', listener, to, reason: 'ECONNREFUSED' });
  }

  #die(): void {
    const { agenda, network, media, records, safety, trace } = this.#options;
    trace(`dies (${this.#dying ?? 'ends'})`);
    if (this.#dying) this.#options.onDeath();
    this.#dying = undefined;
    this.#engine = undefined;
    agenda.cancel(this.#alarm);
    safety.ended();
    network.died(this);
    media.disconnect();
    records.died();
  }

  #now(): Instant {
    return { mono: this.#options.agenda.now - this.#born, wall: this.#options.wall() };
  }

  #rest(): void {
    const { agenda, lateTimers } = this.#options;
    agenda.cancel(this.#alarm);
    const next = this.#engine?.nextDeadline();
    if (next === undefined) return;
    const late = lateTimers && this.#dice.chance(0.3) ? this.#dice.between(0, 120) : 0;
    // A hair late, as a timer is: the sum of two fractions may fall short of the third.
    this.#alarm = agenda.at(next + this.#born + 0.001 + late, () => this.post({ kind: 'wake' }));
  }

  #tampered(effects: readonly Effect[]): readonly Effect[] {
    const { tamper } = this.#options;
    return tamper ? effects.map(tamper).filter((effect) => effect !== undefined) : effects;
  }

  #keep(effects: readonly Effect[]): void {
    const { safety } = this.#options;
    for (const effect of effects) {
      if (effect.kind === 'checkpoint') {
        JSON.parse(effect.state);
        if (isCall(effect.call)) safety.checkpointed(effect.call);
        this.#journal.set(effect.call, effect.state);
      } else if (effect.kind === 'forget') {
        this.#journal.delete(effect.call);
        if (!isCall(effect.call)) continue;
        if (!this.#options.records.durable.has(effect.call))
          throw new Violation(`forgotten before its record is durable: ${effect.call}`);
        safety.forgotten(effect.call);
      }
    }
  }

  #act(effect: Effect): void {
    const { network, media, safety, trace, configuration } = this.#options;
    switch (effect.kind) {
      case 'send': {
        const { flow, octets } = effect;
        safety.sent(flow.remote.host, octets, this.#options.agenda.now);
        this.#options.house?.sent(flow.remote.host, octets);
        if (this.#engine) this.#trunks.sent(this.#engine, flow, octets, this.#now());
        const local = configuration.listeners.find(({ id }) => id === flow.listener)!.bind;
        network.send(this, local, flow, octets);
        return;
      }
      case 'connect': {
        const local = configuration.listeners.find(({ id }) => id === effect.flow.listener)!.bind;
        network.connect(this, local, effect.flow);
        return;
      }
      case 'close':
        network.close(this, effect.connection);
        return;
      case 'media':
        trace(`media ${effect.request.kind}`);
        this.#trunks.ordered(effect.request);
        media.send(effect.request);
        return;
      case 'record':
        return this.#record(effect.record);
      case 'log':
        if (effect.level === 'error') throw new Violation(`${effect.event}: ${JSON.stringify(effect.fields)}`);
        trace(`${effect.event} ${JSON.stringify(effect.fields)}`);
        return;
      case 'drop':
        trace(`drop: ${effect.reason}`);
        this.#trunks.dropped(effect.reason, effect.from);
        return;
      case 'resolve': {
        const { question } = effect;
        const life = this.#lives;
        this.#options.dns.ask(question, (answer) => {
          if (life === this.#lives) this.post({ kind: 'resolved', question, answer });
        });
        return;
      }
      case 'decide': {
        const life = this.#lives;
        this.#options.house?.decide(effect, (input) => {
          if (life === this.#lives) this.post(input);
        });
        return;
      }
      case 'locate':
        return; // Nobody there answers: the call goes on after its time.
      case 'notify':
        this.#options.house?.told(effect);
        return;
      case 'idle':
        trace('idle');
        this.#options.onIdle();
        return;
      case 'checkpoint':
      case 'forget':
        return;
    }
  }

  #record(record: CallRecord): void {
    const { safety, records, trace } = this.#options;
    trace(`record ${record.called}: ${record.end.by} ${record.end.reason}`);
    safety.recorded(record);
    this.#trunks.recorded(record);
    this.#options.house?.recorded(record);
    records.write(record, (call) => this.post({ kind: 'recorded', calls: [call] }));
  }

  /** What the configuration limits is within its limits. */
  #checkLimits(engine: Engine): void {
    this.#limits.turn(() => (engine.inspect().calls as { phase: string }[]).some(({ phase }) => phase === 'setup'));
    for (const { name } of engine.configuration.trunks) {
      const count = engine.occupancy.count(name);
      const limitIn = ({ trunks }: Configuration) => trunks.find((one) => one.name === name)?.capacity;
      const allowed = this.#limits.exceeded(name, count, limitIn);
      if (allowed !== undefined) throw new Violation(`${name} has ${count} calls of ${allowed}`);
    }
  }
}

/** What is kept of registrations and subscriptions is no call's. */
function isCall(key: string): boolean {
  return !key.includes(':');
}
