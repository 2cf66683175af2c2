import type { Configuration, Effect } from '#engine/ports';
import type { HostPort } from '#kernel';
import { Agenda } from './agenda.ts';
import { checkHearing } from './checks/hearing.ts';
import { unrest, unwell } from './checks/rest.ts';
import { Safety, Violation } from './checks/safety.ts';
import { checkTruth } from './checks/truth.ts';
import {
  abilitiesOf,
  configurationOf,
  ourHosts,
  peerAddresses,
  peersOf,
  serverFor,
  transportOf,
} from './configuration.ts';
import { Dice } from './dice.ts';
import { DnsNode } from './dns-node.ts';
import { EngineNode } from './engine-node.ts';
import { Hostile } from './hostile.ts';
import { MediaNode } from './media-node.ts';
import { type Fault, type Mix, mixOf, passesMedia } from './mix.ts';
import { Network } from './network.ts';
import { House } from './organisation/house.ts';
import { type DeviceAddress, organisationOf, testNumber } from './organisation/organisation.ts';
import type { Abilities } from './peer/abilities.ts';
import { Agent, optionsMoods } from './peer/agent.ts';
import type { History } from './peer/line.ts';
import { registrarMoods } from './peer/registrar.ts';
import type { LegMedia } from './peer/session.ts';
import { RecordNode } from './record-node.ts';
import { copied, reworded } from './rewording.ts';
import { Trace } from './trace.ts';

/** What became of one run. */
export interface Outcome {
  readonly seed: number;
  readonly mix: Mix;
  /** What does not hold, and the last things that happened; undefined when all is well. */
  readonly failure: { readonly what: string; readonly ladder: readonly string[] } | undefined;
  readonly calls: number;
  readonly answered: number;
  readonly crashes: number;
  readonly inputs: number;
  /** Virtual ms. */
  readonly ms: number;
}

export interface SimulationOptions {
  /** Faults that are left out although the seed chose them. */
  readonly without?: ReadonlySet<Fault>;
  /** Lines of the ladder of a failure. */
  readonly ladder?: number;
  /** Only what holds this text is shown in it. */
  readonly only?: string;
  /** Changes what the engine does, or undoes it: to see that the checks find it. */
  readonly tamper?: (effect: Effect) => Effect | undefined;
}

const epoch = 1_700_000_000_000;
/** Ms after the last fault in which everything comes to rest: ring, set-up twice, 2xx and BYE without answer, silence, lingering. */
const restWithin = 260_000;

/** Ms that a leg which is transferred may have to wait for its turn, and to be asked. */
const transferWithin = 66_000;

/** Ms that they may take to be well and quiet at once, where trunks never rest: a wait of their registrations and OPTIONS, and some more. */
const settleWithin = 200_000;

/** One world from one seed: built, disturbed, left in peace, and looked at. Deterministic. */
export function simulate(seed: number, options: SimulationOptions = {}): Outcome {
  const world = new World(seed, options);
  let failure: Outcome['failure'];
  try {
    world.run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const what = error instanceof Violation ? error.message : `${error.stack}`;
    failure = { what, ladder: world.trace.ladder(options.ladder ?? 40, options.only) };
  }
  return { ...world.summary(), failure };
}

class World {
  readonly trace = new Trace(20_000);
  readonly #seed: number;
  readonly #mix: Mix;
  readonly #dice: Dice;
  readonly #agenda = new Agenda();
  readonly #network: Network;
  readonly #safety: Safety;
  readonly #media: MediaNode;
  readonly #records: RecordNode;
  readonly #dns: DnsNode;
  readonly #tandem: EngineNode;
  readonly #agents: readonly Agent[];
  readonly #hostile: Hostile;
  readonly #histories: History[] = [];
  readonly #configuration;
  /** What the file says now. */
  #said;
  readonly #house: House | undefined;
  /** Ms without a word about media after which both ends must agree on it. */
  readonly #patience: number;
  #wallJump = 0;
  /** Told to end, and not yet idle. */
  #draining = false;
  #crashes = 0;
  /** What both parties and the engine agreed to be a call when the process died. */
  #standing = new Set<string>();

  constructor(seed: number, { without = new Set(), tamper }: SimulationOptions) {
    this.#seed = seed;
    const dice = Dice.of(seed, 'world');
    this.#dice = dice;
    const plain = mixOf(
      dice,
      peerAddresses.map(({ name }) => name),
      without,
    );
    const numbers = Array.from({ length: plain.calls }, (_, i) => numberOf(seed, i));
    const organisation = organisationOf(Dice.of(seed, 'organisation'), plain, numbers);
    this.#mix = { ...plain, organisation };
    const mix = this.#mix;
    const peers = peersOf(mix);
    const agenda = this.#agenda;
    const swift = !(
      ['loss', 'reordering', 'partitions', 'engine-crashes', 'resets', 'peer-crashes', 'long-ways'] as const
    ).some((fault) => mix.faults.has(fault));
    this.#patience = swift ? 3_000 : 34_000;
    this.#configuration = configurationOf(mix, dice);
    this.#said = this.#configuration;
    this.#safety = new Safety(mix, peers);
    this.#house =
      organisation &&
      new House({
        mix,
        organisation,
        configuration: this.#configuration,
        agenda,
        dice: Dice.of(seed, 'house'),
        patience: this.#patience,
        agents: () => this.#agents,
        histories: this.#histories,
      });
    this.#network = new Network({
      agenda,
      dice: Dice.of(seed, 'network'),
      mix,
      onMessage: (from, to, octets, fate) => {
        this.trace.add(agenda.now, from, fate === '' ? to : `${to} (${fate})`, octets);
        this.#hostile.overhear(from, to, octets);
      },
    });
    this.#media = new MediaNode({
      agenda,
      dice: Dice.of(seed, 'media'),
      mix,
      speaks: (from) => this.#speaks(from),
      complain: (what) => this.#complained(what),
      trace: (what) => this.trace.add(agenda.now, 'media', undefined, what),
    });
    this.#records = new RecordNode(agenda, Dice.of(seed, 'records'), mix);
    this.#dns = new DnsNode({
      agenda,
      dice: Dice.of(seed, 'dns'),
      mix,
      transport: (peer) => transportOf(mix, peer),
      numbers: (name) => this.#house!.oracle.naptr(name),
      trace: (what) => this.trace.add(agenda.now, 'dns', undefined, what),
    });
    this.#tandem = new EngineNode({
      seed,
      configuration: this.#configuration,
      agenda,
      network: this.#network,
      media: this.#media,
      records: this.#records,
      dns: this.#dns,
      safety: this.#safety,
      lateTimers: mix.faults.has('late-timers'),
      wall: () => epoch + agenda.now + this.#wallJump,
      trace: (what) => this.trace.add(agenda.now, 'tandem', undefined, what),
      onDeath: () => this.#died(),
      onIdle: () => this.#idle(),
      house: this.#house,
      ...(tamper ? { tamper } : {}),
    });
    const house = Dice.of(seed, 'telephones');
    const mayChange = mix.faults.has('reconfigures');
    this.#agents = peers.map((peer) => {
      const device = organisation?.devices.find(({ name }) => name === peer.name);
      const helper = organisation?.helpers[peer.name];
      return new Agent({
        seed,
        peer,
        transport: transportOf(mix, peer),
        server: serverFor(mix, peer),
        challenges: mix.challenging.has(peer.name),
        registers: mix.registered.has(peer.name),
        proves: mix.proving && peer.name === 'pbx',
        patient: mix.patient,
        ...(device ? { device: { address: { ...device, mayChange }, domain: organisation?.domain } } : {}),
        ...(helper ? { helper } : {}),
        tellsPlaces: organisation !== undefined,
        abilities: device ? abilitiesOfDevice(device, house) : abilitiesOf(mix, peer.name, dice),
        // Who rings together with somebody outside is offered the same.
        mediaHost: passesMedia(mix) || device?.ringsOutside ? undefined : ourHosts[peer.side],
        agenda,
        network: this.#network,
        complain: (what) => this.#complained(what),
        unknown: (callId) => this.#unknown(callId),
        unacknowledged: (callId) => this.#unacknowledged(callId),
        unrefreshed: (callId) => this.#unrefreshed(callId),
        onHistory: (history) => this.#histories.push(history),
      });
    });
    this.#hostile = new Hostile(Dice.of(seed, 'hostile'), this.#network);
  }

  run(): void {
    this.#tandem.start();
    this.#plan();
    this.#until(this.#mix.span);
    this.#calm();
    this.#until(this.#mix.span + restWithin);
    this.#endWhatNobodyHolds();
    this.#atRest();
    checkTruth(this.#records.durable, this.#safety.calls, this.#histories, this.#mix);
  }

  summary(): Omit<Outcome, 'failure'> {
    return {
      seed: this.#seed,
      mix: this.#mix,
      calls: this.#safety.calls.size,
      answered: [...this.#safety.records.values()].filter(({ answeredAt }) => answeredAt !== undefined).length,
      crashes: this.#crashes,
      inputs: this.#tandem.inputs,
      ms: this.#agenda.now,
    };
  }

  #until(time: number): void {
    for (let next = this.#agenda.next(); next !== undefined && next <= time; next = this.#agenda.next())
      this.#agenda.step();
  }

  // --- what happens ------------------------------------------------------------------------------------------------

  #plan(): void {
    const { calls, span } = this.#mix;
    const dice = this.#dice;
    for (let i = 0; i < calls; i++) {
      const agent = dice.pick(this.#agents);
      const number = numberOf(this.#seed, i);
      this.#agenda.at(dice.between(0, span), () => {
        if (agent.alive) agent.dial(number);
      });
    }
    for (let i = dice.integer(6); i > 0; i--) {
      const agent = dice.pick(this.#agents);
      const number = `+4941${100_000 + dice.integer(900_000)}`;
      const method = dice.pick(['MESSAGE', 'SUBSCRIBE', 'PUBLISH'] as const);
      this.#agenda.at(dice.between(0, span), () => {
        if (agent.alive) agent.say(method, number);
      });
    }
    for (let i = dice.integer(4); i > 0; i--) {
      const agent = dice.pick(this.#agents);
      const number = `+4942${100_000 + dice.integer(900_000)}`;
      this.#agenda.at(dice.between(0, span), () => {
        if (agent.alive && agent.abilities.refers) agent.take(number);
      });
    }
    this.#planHouse();
    // A forger changes what one end knows and the other does not.
    if (!this.#mix.faults.has('hostile'))
      for (let at = 1_000; at < span; at += 1_000) this.#agenda.at(at, () => this.#listen());
    const { ending } = this.#mix;
    if (ending) this.#agenda.at(dice.between(0, span), () => this.#tellToEnd(ending));
    this.#sometimes('engine-crashes', 1, 4, () => this.#crashEngine());
    this.#sometimes('media-crashes', 1, 3, () => this.#media.crash());
    this.#sometimes('media-link', 1, 4, () => this.#media.fallLink());
    this.#sometimes('peer-crashes', 1, 3, () => this.#crashPeer());
    this.#sometimes('resets', 1, 12, () => this.#network.reset());
    this.#sometimes('hostile', 10, 120, () => this.#hostile.act());
    this.#sometimes('clock-jumps', 1, 4, () => {
      this.#wallJump += dice.pick([-1, 1]) * dice.pick([1_000, 60_000, 3_600_000, 40_000_000]);
    });
    this.#sometimes('dns-changes', 1, 4, () => this.#dns.change());
    this.#sometimes('registrars', 1, 6, () => {
      const agent = dice.pick(this.#agents);
      if (!agent.registrar) return;
      if (dice.chance(0.2)) agent.registrar.forget();
      agent.registrar.mood = dice.pick(registrarMoods);
      this.trace.add(this.#agenda.now, agent.name, undefined, `as a registrar: ${agent.registrar.mood}`);
    });
    this.#sometimes('options', 1, 6, () => {
      const agent = dice.pick(this.#agents);
      agent.pings = dice.pick(optionsMoods);
      this.trace.add(this.#agenda.now, agent.name, undefined, `OPTIONS: ${agent.pings}`);
    });
    const rewording = Dice.of(this.#seed, 'rewording');
    this.#sometimes('reconfigures', 1, 8, () => {
      const isNews = rewording.chance(0.8);
      this.#configure(isNews ? reworded(this.#configuration, rewording) : copied(this.#said));
    });
    this.#sometimes('certificates', 1, 4, () => this.#renewCertificate());
    this.#sometimes('partitions', 1, 4, () => {
      const peer = dice.pick(this.#agents).peer;
      this.#network.cut(ourHosts[peer.side], peer.address.host, this.#agenda.now + dice.between(100, 45_000));
    });
  }

  /** Calls for help, and what people do to their telephones. */
  #planHouse(): void {
    const { organisation, span } = this.#mix;
    if (!organisation) return;
    const dice = Dice.of(this.#seed, 'people');
    const mayCall = this.#agents.filter(({ name }) => name !== 'north' && name !== 'south');
    for (let i = dice.integer(6); i > 0; i--) {
      const agent = dice.pick(mayCall);
      const number = dice.pick(['112', '112', '911', '110', '0112', '+112', 'urn:service:sos', testNumber]);
      this.#agenda.at(dice.between(0, span), () => {
        if (agent.alive) agent.dial(number);
      });
    }
    const phones = this.#agents.filter(({ isPhone }) => isPhone);
    for (let i = phones.length === 0 ? 0 : dice.integer(10); i > 0; i--) {
      const agent = dice.pick(phones);
      this.#agenda.at(dice.between(0, span), () => {
        if (agent.alive) agent.handle();
      });
    }
    for (let at = 1_000; at < span + restWithin; at += 2_000)
      this.#agenda.at(at, () => {
        if (this.#tandem.engine) this.#house?.look(this.#tandem.engine, this.#tandem.now);
      });
  }

  #sometimes(fault: Fault, least: number, most: number, act: () => void): void {
    if (!this.#mix.faults.has(fault)) return;
    const dice = Dice.of(this.#seed, fault);
    for (let i = least + dice.integer(most - least + 1); i > 0; i--)
      this.#agenda.at(dice.between(0, this.#mix.span), act);
  }

  #configure(said: Configuration): void {
    this.#said = said;
    this.#tandem.configure(said, !this.#mix.faults.has('clock-jumps'));
  }

  /** A connection by an old certificate is used no more for what is new, and closed after a while. */
  #renewCertificate(): void {
    const names = this.#network.secure(this.#tandem);
    if (names.length === 0) return;
    const connection = this.#dice.pick(names);
    this.#tandem.post({ kind: 'flow-retiring', connection });
    this.#agenda.in(this.#dice.between(500, 30_000), () => {
      this.#network.close(this.#tandem, connection);
    });
  }

  #crashEngine(): void {
    if (!this.#tandem.alive) return;
    this.#tandem.dieNext(this.#dice.chance(0.3) ? 'before' : 'within');
  }

  #died(): void {
    this.#crashes++;
    this.#draining = false;
    const talking = this.#talking();
    const lasting = this.#tandem.lasting().filter(({ a, b }) => talking.has(a.callId) && talking.has(b?.callId ?? ''));
    this.#standing = new Set(lasting.map(({ call }) => call));
    this.#agenda.in(this.#dice.between(30, this.#dice.chance(0.2) ? 20_000 : 1_500), () => this.#startEngine());
  }

  #tellToEnd(how: 'drain' | 'stop'): void {
    if (!this.#tandem.alive) return;
    this.trace.add(this.#agenda.now, 'world', undefined, how);
    this.#draining = true;
    this.#tandem.post({ kind: 'drain' });
    if (how === 'stop') this.#tandem.post({ kind: 'stop' });
  }

  /** A drained process ends, and the supervisor starts the next one. */
  #idle(): void {
    this.#draining = false;
    this.#agenda.in(0, () => {
      if (!this.#tandem.alive) return;
      this.#tandem.end();
      this.#standing = new Set();
      this.#agenda.in(this.#dice.between(30, 1_500), () => this.#startEngine());
    });
  }

  #startEngine(): void {
    if (this.#tandem.alive) return;
    this.#tandem.start();
    const answered = this.#tandem.answered();
    for (const call of this.#standing) {
      if (!answered.has(call)) throw new Violation(`the call ${call} did not outlive the process`);
    }
  }

  #crashPeer(): void {
    const agent = this.#dice.pick(this.#agents);
    if (!agent.alive) return;
    this.trace.add(this.#agenda.now, agent.name, undefined, 'crashes');
    agent.crash();
    this.#agenda.in(this.#dice.between(50, 40_000), () => {
      if (!agent.alive) agent.start();
    });
  }

  /** Call-IDs of the dialogs in which somebody talks. */
  #talking(): Set<string> {
    return new Set(this.#histories.filter(({ talking }) => talking).map(({ callId }) => callId));
  }

  #speaks({ host, port }: HostPort): boolean {
    return this.#agents.some((agent) => agent.host === host && agent.speaks(port));
  }

  #complained(what: string): void {
    // What a forger provokes, the honest peer cannot tell from our doing.
    if (!this.#mix.faults.has('hostile')) throw new Violation(what);
  }

  /** A peer was told that its confirmed dialog is not known: then the call has ended before, with a record. */
  #unknown(callId: string): void {
    if (!this.#safety.isRecorded(callId)) throw new Violation(`481 for a call that has no record yet: ${callId}`);
  }

  #unacknowledged(callId: string): void {
    if (!this.#isExcused) throw new Violation(`no ACK for the 2xx of ${callId}`);
  }

  #unrefreshed(callId: string): void {
    if (!this.#isExcused) throw new Violation(`nobody has refreshed the session of ${callId}`);
  }

  /** What was expected may have been on its way. */
  get #isExcused(): boolean {
    const lossy: readonly Fault[] = ['loss', 'partitions', 'engine-crashes', 'peer-crashes'];
    const excuses: readonly Fault[] = [...lossy, 'resets', 'certificates', 'hostile'];
    return this.#mix.ending !== undefined || excuses.some((fault) => this.#mix.faults.has(fault));
  }

  /** In calls about which there has been nothing to say for a while, both ends hear each other. */
  #listen(): void {
    const { engine } = this.#tandem;
    const settled = this.#agenda.now - this.#patience;
    if (!engine || (this.#media.upSince ?? Infinity) > settled) return;
    const calls = engine.inspect().calls as unknown as (AnsweredCall & { phase: string })[];
    for (const { call, phase, called: number, a, b } of calls) {
      if (phase !== 'answered') continue;
      const mediaOf = (callId: string, role: History['role']) =>
        this.#agents.map((agent) => agent.mediaOf(callId, role)).find((media) => media !== undefined);
      const caller = mediaOf(a.callId, 'caller');
      const callee = mediaOf(b?.callId ?? '', 'callee');
      if (!caller || !callee || caller.since > settled || callee.since > settled) continue;
      if (this.#isOnItsWay(call, caller) || this.#isOnItsWay(call, callee)) continue;
      const session = { plan: this.#media.plan(call), streams: this.#media.streams(call) };
      const isDirect = session.streams.length === 0 && passesMedia(this.#mix);
      const isReworded = this.#configuration.trunks.some(({ hold }) => hold !== undefined);
      checkHearing({ number, caller, callee, session: isDirect ? undefined : session, isReworded });
    }
  }

  /** One end of a transfer has taken the media of the call to come, and the other one has yet to be asked. */
  #isOnItsWay(call: string, { told, since }: LegMedia): boolean {
    const isTold = ({ host, port }: HostPort) => host === told.host && port === told.port;
    return (
      this.#agenda.now - since < transferWithin &&
      this.#media.sessions.some(
        (id) => id !== call && this.#media.streams(id).some(({ a, b }) => isTold(a) || isTold(b)),
      )
    );
  }

  // --- peace -------------------------------------------------------------------------------------------------------

  #calm(): void {
    this.trace.add(this.#agenda.now, 'world', undefined, 'faults stop, everybody hangs up');
    this.#network.calm();
    this.#dns.calm();
    this.#tandem.spare();
    if (this.#said !== this.#configuration) this.#configure(this.#configuration);
    if (!this.#tandem.alive) this.#startEngine();
    for (const agent of this.#agents) {
      if (!agent.alive) agent.start();
      agent.recover();
      agent.retire();
    }
  }

  /**
   * A call whose both ends lost it, by a crash of theirs or a BYE that never arrived, shows by the silence of its media. On hold, or
   * with media that does not pass through us, there is nothing to hear: only an operator ends those.
   */
  #endWhatNobodyHolds(): void {
    const { engine } = this.#tandem;
    const left = (engine?.inspect().calls ?? []) as unknown as (AnsweredCall & { phase: string })[];
    if (left.length === 0) return;
    const held = new Set(this.#histories.filter(({ talking }) => talking).map(({ callId }) => callId));
    for (const { call, phase, called, a, b } of left) {
      const plan = this.#media.plan(call);
      const isAudible = plan?.streams.some(({ a, b }) => a.sends || b.sends) ?? !passesMedia(this.#mix);
      if (phase !== 'answered' || held.has(a.callId) || held.has(b?.callId ?? '') || isAudible)
        throw new Violation(
          `does not end: ${JSON.stringify(left)}, media ${JSON.stringify(plan)}, ${JSON.stringify(this.#histories.filter((history) => history.number === called))}`,
        );
    }
    this.#tandem.post({ kind: 'stop' });
    this.#until(this.#agenda.now + restWithin);
  }

  /** Everything is at rest, but for what trunks do by themselves; and they are well. */
  #atRest(): void {
    if (this.#draining) throw new Violation('it does not become idle');
    const until = this.#agenda.now + settleWithin;
    for (;;) {
      const why = this.#unsettled();
      if (why === undefined) return;
      const next = this.#agenda.next();
      if (next === undefined || next > until) throw new Violation(why);
      this.#agenda.step();
    }
  }

  /** What is not at rest. */
  #unsettled(): string | undefined {
    const { engine } = this.#tandem;
    if (!engine) return 'it is gone';
    const isOnTime = !this.#mix.faults.has('clock-jumps');
    const trouble = unrest(engine, this.#network.streams, isOnTime) ?? unwell(engine, this.#agents, this.#tandem.now);
    if (trouble !== undefined) return trouble;
    const kept = this.#tandem.kept(isOnTime);
    if (kept > 0) return `${kept} checkpoints are left`;
    const { sessions, ports } = this.#media;
    if (sessions.length > 0 || ports > 0) return `media sessions are left: ${sessions.join(' ')}, ${ports} ports`;
    for (const agent of this.#agents) {
      if (agent.calls > 0) return `${agent.name} is left with ${JSON.stringify(agent.inspect())}`;
    }
    // Each may have its one timer armed, where something stands.
    const timers = this.#agents.filter(({ isArmed }) => isArmed).length + (engine.nextDeadline() === undefined ? 0 : 1);
    if (this.#agenda.size > timers) return `${this.#agenda.size} things are still to happen`;
    return undefined;
  }
}

/** How a call's ends are known. */
interface AnsweredCall {
  readonly call: string;
  readonly called: string;
  readonly a: { readonly callId: string };
  readonly b?: { readonly callId?: string };
}

/** Of a call that is planned: no two have the same. */
function numberOf(seed: number, i: number): string {
  return `+4930${seed % 1000}${String(1000 + i)}`;
}

function abilitiesOfDevice(_device: DeviceAddress, dice: Dice): Abilities {
  const can = () => dice.chance(0.5);
  return { reliable: can(), updates: can(), timer: undefined, earlyEnds: can(), refers: can(), faxes: false };
}
