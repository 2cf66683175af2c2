import {
  Call,
  type CallHandle,
  type CallServices,
  type CallState,
  type DialogUser,
  lostCall,
  type MediaOrder,
  type MediaWaiter,
  MessageRules,
  type Party,
  Passing,
  type PlanFacts,
  type Sockets,
  subscriptionKey,
} from '#call';
import type { CallRecord } from '#cdr';
import type { SipRequest } from '#codec/sip-message';
import {
  AssertionError,
  assert,
  Deadlines,
  type HostPort,
  type Instant,
  type Machine,
  type Octets,
  type Random,
} from '#kernel';
import { Occupancy, Room } from '#policy/admission';
import { shared } from '#policy/changes';
import { type Configuration, type Trunk, trunkOf } from '#policy/configuration';
import { LiveView } from '#policy/groups';
import type { End } from '#policy/location';
import type { Manipulation } from '#policy/manipulation';
import type { RoutePlan } from '#policy/routing';
import { DialogTable } from '#sip/dialog';
import { type Flow, FlowTable } from '#sip/flow';
import { type Sleeper, type TransactionEvent, TransactionLayer } from '#sip/transaction';
import { Captures } from './captures.ts';
import { Decisions } from './decisions/decisions.ts';
import { Emergencies, elinsKey, isForHelp } from './emergencies.ts';
import { devicesKey, registrationKey } from './kept.ts';
import { engineLimits } from './limits.ts';
import { Manipulations } from './manipulations.ts';
import { MediaDesk } from './media-desk.ts';
import { Nodes } from './nodes.ts';
import { carryOut } from './orders.ts';
import { OutsideDialog } from './outside-dialog.ts';
import { Planner } from './planner.ts';
import type { DropReason, Effect, Input } from './ports/index.ts';
import { Quality } from './quality/quality.ts';
import { read } from './reading.ts';
import { Reception } from './reception.ts';
import { reconfigure } from './reconfigure.ts';
import { Standing } from './standing.ts';
import { takenUp } from './taken-up.ts';
import { Trunks } from './trunks/trunks.ts';
import { Presence } from './users/presence.ts';
import { Users } from './users/users.ts';

export interface EngineOptions {
  readonly configuration: Configuration;
  readonly random: Random;
}

/**
 * Everything apart from sockets, disk, clock and dice: one input in, its effects out, as plain data.
 * The way of a message: gate, parser, transaction, dialog or call (docs/life-of-a-call.md).
 */
export class Engine implements Machine<Input, Effect>, CallServices {
  configuration: Configuration;
  readonly random: Random;
  readonly deadlines = new Deadlines<Sleeper>();
  readonly dialogs = new DialogTable<DialogUser>();
  readonly occupancy: Occupancy;
  readonly room: Room;
  readonly #planner: Planner;
  readonly flows: FlowTable;
  readonly transactions: TransactionLayer<Party>;
  readonly trunks: Trunks;
  readonly users: Users;
  readonly #nodes: Nodes | undefined;
  help: Emergencies | undefined;
  readonly #helpOf: (configuration: Configuration) => Emergencies | undefined;
  readonly decisions: Decisions;
  readonly captures: Captures;
  readonly #reception: Reception;
  readonly #outside: OutsideDialog;
  #manipulations: Manipulations;
  readonly #media: MediaDesk;
  readonly #passing: Passing;
  readonly #presence: Presence;
  readonly quality: Quality;
  readonly #orders: Parameters<typeof carryOut>[1];
  readonly standing: Standing;
  readonly #calls = new Map<string, Call>();
  #effects: Effect[] = [];
  #draining = false;
  /** Of the last input. */
  #now: Instant = { mono: 0, wall: 0 };
  #idle = false;

  constructor({ configuration, random }: EngineOptions) {
    this.configuration = configuration;
    this.random = random;
    this.#manipulations = new Manipulations(configuration.trunks);
    this.#nodes = Nodes.of(configuration);
    this.room = new Room(configuration);
    this.occupancy = new Occupancy(configuration);
    const view = new LiveView(this.occupancy, random);
    this.captures = new Captures({ calls: this.#calls, configuration: () => this.configuration, now: () => this.#now });
    const common = {
      configuration,
      captures: this.captures,
      random,
      deadlines: this.deadlines,
      request: (...request: Parameters<TransactionLayer<Party>['request']>) => this.transactions.request(...request),
      log: (...line: Parameters<Engine['log']>) => this.log(...line),
      within: (call: CallHandle, now: Instant, act: () => void) => this.#within(call, now, act),
    };
    this.#planner = new Planner({
      configuration,
      view,
      nodes: this.#nodes,
      passed: (source, called) => this.#reception.passes.plan(source, called),
      calledBack: (plan, source, called, now) => this.help?.calledBack(plan, source, called, now),
      users: () => this.users,
    });
    this.flows = new FlowTable(configuration.listeners, random.token(32));
    this.transactions = new TransactionLayer<Party>({
      deadlines: this.deadlines,
      timers: configuration.timers,
      random,
      flows: this.flows,
      maxTransactions: engineLimits.transactions,
      send: (flow, octets) => this.#send(flow, octets),
      connect: (flow, tls) => void this.#effects.push({ kind: 'connect', flow, ...(tls ? { tls } : {}) }),
    });
    this.#helpOf = (of) =>
      Emergencies.of(of, {
        calls: this,
        nodes: this.#nodes,
        view,
        passes: (source) => this.#reception.passes.plan(source, '') !== undefined,
        trunk: (name) => this.#trunk(name),
        ...common,
        emit: (effect) => void this.#effects.push(effect),
      });
    this.help = this.#helpOf(configuration);
    this.decisions = new Decisions({
      ...common,
      foresee: (call) => this.#planner.foresee(call, this.#now),
      ask: (effect) => void this.#effects.push(effect),
    });
    this.#outside = new OutsideDialog(this.transactions, random, configuration.userAgent);
    this.users = new Users({
      ...common,
      directory: this.#planner.router.directory,
      flows: this.flows,
      reach: (node, now) => this.trunks.reach(node, now),
      watching: () => this.#passing.watching,
      keep: (user, bindings) => this.#keep(devicesKey + user, bindings),
    });
    this.#reception = new Reception({
      ...common,
      nodes: this.#nodes,
      transactions: this.transactions,
      dialogs: this.dialogs,
      outside: this.#outside,
      users: this.users,
      help: () => this.help,
      drop: (reason, from) => this.#drop(reason, from),
      close: (connection) => void this.#effects.push({ kind: 'close', connection }),
    });
    this.trunks = new Trunks({
      ...common,
      users: this.users,
      ask: (question) => void this.#effects.push({ kind: 'resolve', question }),
      call: (waiter, now) => this.#within((waiter as Partial<Party>).call, now, () => waiter.onLocated(now)),
      listenersFor: (trunk, host) => this.listenersFor(trunk, host),
      manipulation: (trunk) => this.manipulation(trunk),
      learn: (trunk, hosts, now) => this.#reception.gate.learn(trunk, hosts, now),
      prove: (connection, trunk) => this.#reception.gate.prove(connection, trunk),
      keep: (trunk, state) => this.#keep(registrationKey + trunk.name, state),
      suspect: (connection) => void this.#effects.push({ kind: 'close', connection }),
    });
    this.#presence = new Presence(this.#calls, this.users);
    this.#passing = new Passing(this, this.#presence, (id) => this.#keep(id, undefined));
    this.#media = new MediaDesk({
      calls: this.#calls,
      within: (call, now, act) => this.#within(call, now, act),
      send: (request) => void this.#effects.push({ kind: 'media', request }),
    });
    this.quality = new Quality({
      calls: this,
      standing: this.#calls,
      passing: this.#passing,
      configuration: () => this.configuration,
      respond: (transaction, status, now, headers) => this.#outside.refuse(transaction, status, now, headers),
      understood: (...asked) => this.#outside.intelligible(...asked),
      trunk: (name) => this.#trunk(name),
      keep: (report) => void this.#effects.push({ kind: 'report', report }),
    });
    this.#orders = { ...common, calls: this.#calls, trunks: this.trunks, reception: this.#reception };
    this.standing = new Standing({
      engine: this,
      calls: this.#calls,
      passing: this.#passing,
      media: this.#media,
      presence: this.#presence,
      reception: this.#reception,
      now: () => this.#now,
      isDraining: () => this.#draining,
    });
  }

  handle(input: Input, now: Instant): readonly Effect[] {
    this.#now = now;
    this.standing.turn();
    switch (input.kind) {
      case 'received':
        this.#reception.receive(input.flow, input.octets, now, input.arrived);
        break;
      case 'flow-opened':
        this.#reception.opened(input.flow, input.peer, this.flows.opened(input.flow, input.peer), now);
        break;
      case 'flow-retiring':
        this.flows.retire(input.connection);
        this.trunks.retiring(input.connection, now);
        break;
      case 'flow-closed': {
        const closed = this.flows.closed(input.connection);
        this.#reception.closed(input.connection);
        if (closed) {
          this.transactions.connectionClosed(input.connection, closed.stood, input.reason, now.mono);
          this.users.disconnected(closed.flow, now);
        }
        this.trunks.disconnected(input.connection, input.reason, now);
        break;
      }
      case 'undeliverable':
        this.transactions.undeliverable(input.listener, input.to, input.reason, now.mono);
        break;
      case 'media':
        this.#media.hear(input.message, now);
        break;
      case 'media-down':
        break; // Deadlines of the calls that wait, and the list after `hello`, see to the rest.
      case 'recorded':
        for (const call of input.calls) this.#recorded(call);
        break;
      case 'wake':
        this.#wake(now);
        break;
      case 'resolved':
        this.trunks.resolved(input.question, input.answer, now);
        this.decisions.resolved(input.question, input.answer, now);
        break;
      case 'decided':
        this.decisions.decided(input.id, input.outcome, now);
        break;
      case 'located':
        this.help?.located(input.id, input.outcome, now);
        break;
      case 'configure':
        this.#configure(input.configuration, now);
        break;
      case 'drain':
        this.#drain(now);
        break;
      case 'stop':
        this.#drain(now);
        for (const call of this.#calls.values()) this.#within(call, now, () => call.terminate('drained', now));
        for (const one of this.#passing.subscriptions()) this.#within(one, now, () => one.terminate('drained', now));
        break;
      default:
        carryOut(input, this.#orders, now);
    }
    this.#drainEvents(now);
    this.#passing.settle(this.#presence, now);
    const left = this.#calls.size + this.#unowned.size;
    if (this.#draining && left === 0 && !this.#idle && !this.transactions.awaitsFinal()) {
      this.#idle = true;
      this.#effects.push({ kind: 'idle' });
    }
    return this.#taken();
  }

  #configure(next: Configuration, now: Instant): void {
    const configuration = shared(this.configuration, next);
    if (configuration === this.configuration) return;
    this.configuration = configuration;
    this.#manipulations = new Manipulations(configuration.trunks);
    const help = this.#helpOf(configuration);
    if (this.help) help?.takeOver(this.help, now);
    this.help = help;
    this.decisions.configure(configuration, now);
    this.quality.configure(now);
    reconfigure(
      { ...this, nodes: this.#nodes, planner: this.#planner, reception: this.#reception, calls: this.#calls.values() },
      configuration,
      now,
    );
    this.log('info', 'configured', {});
  }

  #drain(now: Instant): void {
    if (this.#draining) return;
    this.#draining = true;
    this.trunks.leave(now);
  }

  nextDeadline(): number | undefined {
    return this.deadlines.next();
  }

  /** Takes up the calls of a process that died: call id -> checkpointed state. Once, before any input. */
  restore(states: Iterable<readonly [call: string, state: string]>, now: Instant): readonly Effect[] {
    this.#now = now;
    const registrations = new Map<string, string>();
    for (const [id, json] of states) {
      if (id.startsWith(registrationKey)) {
        const name = id.slice(registrationKey.length);
        if (this.#trunk(name)?.registration) registrations.set(name, json);
        else this.#effects.push({ kind: 'forget', call: id });
        continue;
      }
      if (id.startsWith(devicesKey)) {
        this.users.restore(id.slice(devicesKey.length), JSON.parse(json), now);
        continue;
      }
      if (id === elinsKey) {
        this.help?.restore(json);
        continue;
      }
      if (id.startsWith(subscriptionKey)) {
        // Who subscribed is told by 481 when it comes back, and subscribes anew.
        if (!this.#passing.restore(json, now)) this.#effects.push({ kind: 'forget', call: id });
        continue;
      }
      const state = JSON.parse(json) as CallState;
      let reason = 'its trunk or listener is not configured any more';
      try {
        if (this.#restoreOne(state, now)) continue;
      } catch (error) {
        // What is kept comes again at each start: one call must not keep all others from being taken up.
        if (!(error instanceof Error)) throw error;
        reason = error.message;
      }
      this.log('warn', 'not-restored', { call: id, reason });
      const ended = state.stage === 'ended' ? state : lostCall(state, now.wall);
      this.#calls.delete(id);
      this.#unowned.add(id);
      this.checkpoint(id, ended);
      this.record(ended.record);
    }
    this.trunks.begin(registrations, now);
    this.users.begin(now);
    this.quality.configure(now);
    this.#drainEvents(now);
    return this.#taken();
  }

  #taken(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** True when there is something to do for it still, or nothing but its record. */
  #restoreOne(state: CallState, now: Instant): boolean {
    const call = takenUp(this, state, (name) => this.#trunk(name), now);
    if (call) this.#calls.set(call.id, call);
    if (state.stage !== 'ended') return call !== undefined;
    if (!call) this.#unowned.add(state.record.call);
    this.record(state.record);
    return true;
  }

  /** Ended calls of a dead process whose record was written again, and owned by no call. */
  readonly #unowned = new Set<string>();

  #trunk(name: string): Trunk | undefined {
    return trunkOf(this.configuration, name) ?? this.users.trunk(name);
  }

  // --- messages ----------------------------------------------------------------------------------------------------

  #drainEvents(now: Instant): void {
    const { events } = this.transactions;
    // An event's handling may add events: they wait their turn.
    for (let i = 0; i < events.length; i++) {
      assert(i < 10_000_000, 'the event queue does not come to rest');
      this.#event(events[i]!, now);
    }
    events.length = 0;
  }

  #event(event: TransactionEvent<Party>, now: Instant): void {
    switch (event.kind) {
      case 'request':
        return this.#request(event, now);
      case 'cancel':
        return this.#cancel(event, now);
      case 'ack': {
        const leg = this.#leg(event.request, event.flow, now);
        if (leg) this.#within(leg.call, now, () => leg.onAck(read(event.request, leg.rewriter), now));
        else this.#drop('stray-ack', event.flow.remote);
        return;
      }
      case 'response': {
        const { transaction, response } = event;
        const { owner, rewriter } = transaction;
        return this.#within(owner.call, now, () => owner.onResponse(read(response, rewriter), transaction, now));
      }
      case 'stray-response': {
        const { response } = event;
        const leg = this.dialogs.find(response.callId, response.from.tag ?? '', response.to.tag ?? '');
        const answers = response.cseq.method === 'INVITE' && response.status >= 200 && response.status < 300;
        if (leg && answers && this.#reception.gate.speaksFor(leg, event.flow, now)) {
          return this.#within(leg.call, now, () => leg.onStrayAnswer(read(response, leg.rewriter), now));
        }
        return this.#drop('stray-response', event.flow.remote);
      }
      case 'failed': {
        const { owner } = event.transaction;
        return this.#within(owner.call, now, () => owner.onFailure(event.failure, event.reason, now));
      }
      case 'unconfirmed':
        return; // A refusal without ACK: nothing hangs on it (17.2.1).
    }
  }

  #request(
    { transaction, request: came, flow }: Extract<TransactionEvent<Party>, { kind: 'request' }>,
    now: Instant,
  ): void {
    if (came.to.tag !== undefined) {
      const leg = this.#leg(came, flow, now);
      if (!leg) return void this.transactions.respond(transaction, { status: 481 }, now.mono);
      transaction.rewriter = leg.rewriter;
      const request = read(came, leg.rewriter);
      if (this.#outside.intelligible(transaction, request, now))
        this.#within(leg.call, now, () => leg.onRequest(transaction, request, flow, now));
      return;
    }
    const trunk = this.#reception.sender;
    const rules = MessageRules.ofNew(this, trunk, flow);
    transaction.rewriter = rules;
    const request = read(came, rules);
    if (request.method === 'REGISTER' && (trunk.user || trunk.node !== undefined)) {
      const response = this.users.register(request, flow, trunk, now);
      return void this.transactions.respond(transaction, { toTag: this.random.token(64), ...response }, now.mono);
    }
    if (request.method !== 'INVITE') {
      if (this.quality.took(transaction, request, trunk, now)) return;
      // A request that passes takes moments: who drains still passes it.
      const passage = this.#outside.answer(transaction, request, flow, trunk, this.#passing, now);
      return passage && this.#within(passage, now, () => passage.begin(now));
    }
    if (this.#isFull(came)) {
      if (!this.#draining) this.#reception.turnAway('overload', flow, now);
      return this.#outside.refuse(transaction, 503, now, [['Retry-After', '10']]);
    }
    const isUrgent = this.help !== undefined && isForHelp(this.help, came);
    if (!this.#outside.acceptable(transaction, request, isUrgent, now)) return;
    const call = Call.arrive(this, trunk, flow, transaction, request, now);
    this.#calls.set(call.id, call);
    rules?.tell(call);
    this.#within(call, now, () => call.begin(now));
  }

  /** No further call is taken; for help there is room as long as anything can carry it. */
  #isFull(invite: SipRequest): boolean {
    if (!this.#draining && this.#calls.size < engineLimits.calls) return false;
    return !isForHelp(this.help, invite) || this.#idle || this.#calls.size >= engineLimits.calls + engineLimits.forHelp;
  }

  #cancel(
    { transaction, invite, request, flow }: Extract<TransactionEvent<Party>, { kind: 'cancel' }>,
    now: Instant,
  ): void {
    // A branch is no secret: whoever did not send the INVITE can't cancel it.
    if (!invite || invite.flow.remote.host !== flow.remote.host) return this.#outside.refuse(transaction, 481, now);
    // 9.2: the To tag is that of the answers to the INVITE.
    const { owner } = invite;
    this.transactions.respond(transaction, { status: 200, toTag: owner?.tag ?? this.random.token(64) }, now.mono);
    if (owner) this.#within(owner.call, now, () => owner.onCancel?.(now, request.get('reason')));
  }

  /** The leg whose dialog it is in, if it comes from the trunk of that leg: tags are no secret that would prove it. */
  #leg(request: SipRequest, flow: Flow, now: Instant): DialogUser | undefined {
    const leg = this.#reception.legOf(request);
    return leg && this.#reception.gate.speaksFor(leg, flow, now) ? leg : undefined;
  }

  /** Runs one call's machine: an assertion that breaks there ends that call and no other. */
  #within(call: CallHandle | undefined, now: Instant, act: () => void): void {
    // What belongs to no call is the program's own: what breaks there restarts the process, and no call is lost.
    if (!call) return act();
    this.#presence.touched(call.id);
    this.standing.touched(call.id);
    try {
      act();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.log('error', 'assertion', { call: call.id, error: error.message, stack: error.stack });
      try {
        call.terminate('internal', now);
      } catch (second) {
        if (!(second instanceof AssertionError) && !(second instanceof TypeError)) throw second;
        this.log('error', 'assertion-at-end', { call: call.id, error: second.message });
        this.forget(call);
      }
    }
  }

  #wake(now: Instant): void {
    for (let fired = this.deadlines.due(now.mono); fired; fired = this.deadlines.due(now.mono)) {
      const { owner, name } = fired;
      const call = (owner as Partial<Party>).call;
      if (call) this.#within(call, now, () => owner.wake(name, now));
      else owner.wake(name, now);
      this.#drainEvents(now);
    }
  }

  // --- services to calls -------------------------------------------------------------------------------------------

  listenersFor(trunk: Trunk, host: string): Sockets {
    return this.#reception.gate.listenersFor(trunk, host);
  }

  manipulation(trunk: Trunk): Manipulation | undefined {
    return this.#manipulations.of(trunk);
  }

  plan(source: Trunk, called: Octets, caller: Octets, more?: PlanFacts): RoutePlan {
    return this.#planner.plan({ source, called, caller, ...more }, this.#now);
  }

  placeOf(trunk: Trunk, address: string | undefined): End {
    return this.#planner.router.placeOf(trunk, address);
  }

  media(order: MediaOrder, waiter: MediaWaiter | undefined): number {
    return this.#media.order(order, waiter);
  }

  checkpoint(call: string, state: object): void {
    this.#presence.touched(call);
    this.#effects.push({ kind: 'checkpoint', call, state: JSON.stringify(state) });
  }

  #keep(call: string, state: object | undefined): void {
    this.#presence.touched(call);
    if (state) this.checkpoint(call, state);
    else this.#effects.push({ kind: 'forget', call });
  }

  record(record: CallRecord): void {
    this.#effects.push({ kind: 'record', record });
    this.quality.ended(record, this.#now);
  }

  begin(call: CallHandle): void {
    if (call instanceof Call) this.#calls.set(call.id, call);
  }

  forget(call: CallHandle): void {
    if (this.#calls.delete(call.id)) this.#effects.push({ kind: 'forget', call: call.id });
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>): void {
    this.#effects.push({ kind: 'log', level, event, fields });
  }

  #recorded(id: string): void {
    const call = this.#calls.get(id);
    if (call) call.recorded();
    else if (this.#unowned.delete(id)) this.#effects.push({ kind: 'forget', call: id });
  }

  #send(flow: Flow, octets: Octets): void {
    const dscp = flow.connection === undefined ? this.#reception.gate.dscpTo(flow) : undefined;
    this.#effects.push(dscp === undefined ? { kind: 'send', flow, octets } : { kind: 'send', flow, octets, dscp });
  }

  #drop(reason: DropReason, from: HostPort): void {
    this.#effects.push({ kind: 'drop', reason, from });
  }

  /** What stands, as plain data. */
  inspect(): Record<string, unknown> {
    return this.standing.inspect();
  }
}
