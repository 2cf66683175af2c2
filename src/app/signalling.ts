import type { MediaNotification, MediaResponse } from '#codec/media-control';
import { Engine } from '#engine';
import type { Configuration, Effect, Input, Listener } from '#engine/ports';
import { formatHostPort, type Instant, Notices, unreachable } from '#kernel';
import { shared } from '#policy/changes';
import { Alarm, now } from '#shell/clock';
import { CryptoRandom } from '#shell/crypto';
import { DecisionClient } from '#shell/decision';
import { DnsResolver } from '#shell/dns';
import { CallMessages, HomerClient } from '#shell/homer';
import { LiveState } from '#shell/live-state';
import { LocationClient } from '#shell/location';
import type { Log } from '#shell/log';
import { MediaClient } from '#shell/media-client';
import { callIdOf, MessageRing, masked } from '#shell/message-ring';
import { Notifier } from '#shell/notify';
import { ProcessWatch } from '#shell/process-stats';
import { StreamShell } from '#shell/sip-stream';
import { openUdp, type UdpListener } from '#shell/sip-udp';
import { RecordStore } from '#shell/store';
import { CertificateStore, rootsOf, TlsSecurity } from '#shell/tls';
import { Counters } from './counters.ts';
import { type Followed, Followers } from './followers.ts';
import type { ProcessRestarts } from './messages.ts';
import { statusSocket } from './socket-path.ts';
import { statusQueries } from './status-queries.ts';
import { firstStatusId, StatusServer } from './status-server.ts';
import { streamMarks } from './stream-marks.ts';
import { type ActedEffect, type KeptChange, Turns } from './turns.ts';

export interface SignallingOptions {
  readonly configuration: Configuration;
  /** The control socket of the media process; absent when none takes part. */
  readonly mediaSocket?: string;
  readonly log: Log;
  /** How often our processes had to be started again: for who asks. */
  readonly restarts: () => ProcessRestarts;
  /** The listeners are open, and the media process has greeted where one takes part. Once. */
  readonly onReady: (calls: number) => void;
  /** Draining or stopping is over, and every record is on the disk: the process may end. */
  readonly onEnd: () => void;
}

/** Something outside keeps the program from starting; the message is for the operator. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

/** Ms that the DNS has for one question. */
const dnsTimeout = 4_000;

/** Unix ms, with fractions. */
function wallNow(): number {
  return performance.timeOrigin + performance.now();
}

/** The engine with its shells. */
export class Signalling {
  readonly #options: SignallingOptions;
  readonly #counters = new Counters();
  readonly #messages = new MessageRing();
  readonly #process = new ProcessWatch();
  readonly #notices = new Notices();
  readonly #live: LiveState;
  readonly #records: RecordStore;
  readonly #engine: Engine;
  readonly #turns: Turns;
  readonly #certificates: CertificateStore;
  readonly #streams: StreamShell;
  readonly #dns: DnsResolver;
  #configuration: Configuration;
  #marks: ReturnType<typeof streamMarks>;
  #decisions: DecisionClient | undefined;
  #locations: LocationClient | undefined;
  #homer: HomerClient | undefined;
  #toHomer: CallMessages | undefined;
  readonly #notifier: Notifier;
  readonly #udp = new Map<string, UdpListener>();
  readonly #status: StatusServer;
  readonly #followers: Followers;
  /** Why records cannot be written now. */
  #recordsTrouble: { readonly detail: string; readonly pending: number; readonly since: number } | undefined;
  #media: MediaClient | undefined;
  #ending = false;

  /** Takes up what an earlier process left, opens the listeners and begins. Rejects with NotStarted. */
  static async start(options: SignallingOptions): Promise<Signalling> {
    const { state, calls } = openLiveState(options);
    const signalling = new Signalling(options, state);
    try {
      await signalling.#open(calls);
    } catch (error) {
      state.abandon();
      throw error;
    }
    return signalling;
  }

  private constructor(options: SignallingOptions, live: LiveState) {
    const { configuration, log } = options;
    this.#options = options;
    this.#configuration = configuration;
    this.#marks = streamMarks(configuration);
    this.#live = live;
    const random = new CryptoRandom();
    this.#engine = new Engine({ configuration, random });
    const alarm = new Alarm(() => this.#turns.post({ kind: 'wake' }));
    this.#turns = new Turns({
      machine: {
        handle: (input, at) => this.#handle(input, at),
        nextDeadline: () => this.#engine.nextDeadline(),
      },
      hands: { keep: (changes) => this.#keep(changes), act: (effect) => this.#act(effect) },
      alarm,
      now,
      onOverload: () => this.#counters.drops.overload++,
    });
    this.#records = RecordStore.open({
      path: configuration.records.path,
      onDurable: (calls) => this.#turns.post({ kind: 'recorded', calls }),
      onMigration: (migration, tookMs) =>
        log.write('info', tookMs === undefined ? 'records-migrating' : 'records-migrated', {
          ...migration,
          ...(tookMs === undefined ? {} : { tookMs }),
        }),
      onExpired: (calls, before) =>
        log.write('info', 'records-expired', { calls, before: new Date(before).toISOString() }),
      onTrouble: (problem) => {
        if (problem.kind === 'report-lost') {
          const { reason, detail } = problem;
          if (this.#notices.worthTelling('report-lost', performance.now()))
            log.write('warn', 'report-lost', { reason, detail });
          return;
        }
        if (problem.kind === 'unexpired') return log.write('warn', 'records-unexpired', { detail: problem.detail });
        log.write(problem.kind === 'recovered' ? 'info' : 'error', `records-${problem.kind}`, problem);
        if (problem.kind === 'recovered') this.#recordsTrouble = undefined;
        if (problem.kind === 'unwritable')
          this.#recordsTrouble = {
            detail: problem.detail,
            pending: problem.pending,
            since: this.#recordsTrouble?.since ?? now().wall,
          };
        if (problem.kind !== 'lost') return;
        // The log line holds the record; the call must not wait for ever for one that nobody will write.
        this.#counters.recordsLost++;
        this.#turns.post({ kind: 'recorded', calls: [problem.record.call] });
      },
    });
    this.#records.keep(configuration.records.keep);
    this.#certificates = new CertificateStore({
      configuration,
      onEvent: ({ kind, ...about }) => log.write(kind === 'reloaded' ? 'info' : 'warn', `certificate-${kind}`, about),
    });
    this.#streams = new StreamShell({
      run: random.token(32),
      security: new TlsSecurity(this.#certificates),
      dscp: (flow, peer) => this.#marks(flow, peer),
      events: {
        onMessage: this.#received,
        onOpened: (flow, peer) => this.#turns.post({ kind: 'flow-opened', flow, ...(peer ? { peer } : {}) }),
        onRetiring: (connection) => this.#turns.post({ kind: 'flow-retiring', connection }),
        onClosed: (connection, reason) => this.#turns.post({ kind: 'flow-closed', connection, reason }),
        onRefused: (listener, from, reason) => {
          this.#counters.refusedConnections++;
          // A scanner tries a thousand times.
          if (!this.#notices.worthTelling(`${listener} ${from.host} ${reason}`, performance.now())) return;
          log.write('warn', 'connection-refused', { listener, from: formatHostPort(from), reason });
        },
      },
    });
    this.#notifier = new Notifier({ roots: rootsOf, log: (level, event, fields) => log.write(level, event, fields) });
    this.#dns = new DnsResolver({
      servers: configuration.dns?.servers ?? [],
      timeout: configuration.dns?.timeout ?? dnsTimeout,
      onAnswer: (question, answer) => this.#turns.post({ kind: 'resolved', question, answer }),
    });
    this.#decisions = this.#decisionClient(configuration);
    this.#locations = this.#locationClient(configuration);
    this.#tellHomer(configuration);
    this.#status = new StatusServer({
      path: statusSocket(configuration.records.path),
      inspect: () => ({
        ...this.#engine.inspect(),
        counters: this.#counters,
        restarts: options.restarts(),
        connections: this.#streams.inspect(),
        certificates: this.#certificates.inspect(),
      }),
      ask: (request) => {
        this.#media?.send(request);
        return this.#media !== undefined;
      },
      metrics: () => ({
        process: this.#process.read(),
        counters: this.#counters,
        sip: this.#counters.sip(),
        ...this.#engine.standing.counts(),
        dns: this.#dns.counts,
        records: { written: this.#records.written, pending: this.#records.pending },
        ringOctets: this.#messages.octets,
        ...(this.#homer && { homer: this.#homer.counts }),
      }),
      queries: statusQueries({
        configuration: () => this.#configuration,
        trunks: () => ({
          ...this.#engine.standing.inspectTrunks(),
          connections: this.#streams.inspect(),
          certificates: this.#certificates.inspect(),
        }),
        traces: (start) => this.#engine.standing.traces(start),
        users: (page) => this.#engine.standing.users(page),
        bans: () => this.#engine.standing.bans(),
        messages: (callIds) => this.#messages.find(callIds),
        stands: (call) => this.#engine.standing.call(call) !== undefined,
        readCertificates: () => {
          this.#certificates.readNow();
          return this.#certificates.inspect();
        },
        post: (input) => this.#turns.post(input),
        wall: () => now().wall,
      }),
      follow: (socket) => this.#followers.add(socket),
    });
    this.#followers = new Followers(this.#followed(), () => now().wall);
  }

  /** What is told to who follows: the engine's part, and ours. */
  #followed(): Followed {
    const { standing } = this.#engine;
    return {
      follow: () => standing.follow(),
      unfollow: () => standing.unfollow(),
      changed: () => standing.changed(),
      call: (id) => standing.call(id),
      trunkNames: () => standing.trunkNames(),
      trunk: (name) => standing.trunk(name),
      house: () => ({
        ...standing.house(),
        certificates: this.#certificates.inspect(),
        counters: this.#counters,
        restarts: this.#options.restarts(),
        records: this.#recordsTrouble ?? null,
      }),
    };
  }

  /** A turn of the engine; who is told of all messages hears what came and went in it. */
  #handle(input: Input, at: Instant): readonly Effect[] {
    const effects = this.#engine.handle(input, at);
    this.#toHomer?.turn(input, effects, this.#engine.standing.ofTurn);
    return effects;
  }

  /** Another configuration holds from here on, of which nothing needs a restart; calls go on. */
  configure(next: Configuration): void {
    const before = this.#configuration;
    const configuration = shared(before, next);
    this.#configuration = configuration;
    // What a new connection needs is there before the engine asks for one.
    this.#certificates.configure(configuration);
    this.#marks = streamMarks(configuration);
    if (configuration.records.keep !== before.records.keep) this.#records.keep(configuration.records.keep);
    if (configuration.tracing?.homer !== before.tracing?.homer) this.#tellHomer(configuration);
    const { service } = before.decisions ?? {};
    if (configuration.decisions?.service !== service) {
      const asked = this.#decisions;
      this.#decisions = this.#decisionClient(configuration);
      // Calls wait for what it was asked last.
      if (asked && service) setTimeout(() => asked.close(), service.timeout + 100).unref();
    }
    const { dereference } = before.emergency ?? {};
    if (configuration.emergency?.dereference !== dereference) {
      const asked = this.#locations;
      this.#locations = this.#locationClient(configuration);
      if (asked && dereference) setTimeout(() => asked.close(), dereference.timeout + 100).unref();
    }
    this.#turns.post({ kind: 'configure', configuration });
  }

  /** Takes no new calls, and ends when the last has ended. */
  drain(): void {
    this.#turns.post({ kind: 'drain' });
  }

  /** Ends every call, and then itself. */
  stop(): void {
    this.#turns.post({ kind: 'stop' });
  }

  #tellHomer({ tracing, listeners }: Configuration): void {
    this.#homer?.close();
    this.#homer = undefined;
    this.#toHomer = undefined;
    if (!tracing?.homer) return;
    const { log } = this.#options;
    const places = new Map(
      listeners.map(({ id, bind, advertise }) => [id, isAnyHost(bind.host) ? { ...bind, host: advertise.host } : bind]),
    );
    const homer = new HomerClient({
      homer: tracing.homer,
      local: (listener) => places.get(listener),
      masked: (octets) => masked(octets, { keys: this.#configuration.tracing?.keys === true }),
      onTrouble: (why) => {
        if (why === undefined) log.write('info', 'homer-again');
        else log.write('warn', 'homer-unreachable', { why });
      },
    });
    this.#homer = homer;
    this.#toHomer = new CallMessages({
      callIdOf,
      onMessage: ({ call, sent, flow, octets }) => homer.send(wallNow(), call, sent, flow, octets),
    });
  }

  #decisionClient({ decisions }: Configuration): DecisionClient | undefined {
    const service = decisions?.service;
    return (
      service &&
      new DecisionClient({
        roots: rootsOf,
        service,
        wall: () => now().wall,
        onOutcome: (id, outcome) => this.#turns.post({ kind: 'decided', id, outcome }),
      })
    );
  }

  #locationClient({ emergency }: Configuration): LocationClient | undefined {
    const { dereference } = emergency ?? {};
    return (
      dereference &&
      new LocationClient({
        roots: rootsOf,
        dereference,
        onOutcome: (id, outcome) => this.#turns.post({ kind: 'located', id, outcome }),
      })
    );
  }

  async #open(calls: ReadonlyMap<string, string>): Promise<void> {
    const { configuration, log, mediaSocket } = this.#options;
    for (const listener of configuration.listeners) {
      try {
        await this.#listen(listener);
      } catch (error) {
        throw new NotStarted(whyNoListener(listener, error as NodeJS.ErrnoException));
      }
    }
    this.#certificates.watch();
    await this.#status.listen().catch((error: Error) => {
      // Calls matter more than being asked about them.
      log.write('warn', 'no-status-socket', { detail: error.message });
    });

    let isReady = false;
    const ready = () => {
      if (isReady) return;
      isReady = true;
      // Beside calls there are registrations, subscriptions and devices, under keys that name them.
      this.#options.onReady([...calls.keys()].filter((id) => !id.includes(':')).length);
    };
    if (mediaSocket !== undefined) {
      this.#media = new MediaClient({
        socket: mediaSocket,
        onMessage: (message) => {
          this.#heard(message);
          if (message.kind === 'hello') ready();
        },
        onDown: () => this.#turns.post({ kind: 'media-down' }),
      });
    }
    this.#turns.start(this.#engine.restore(calls, now()));
    if (mediaSocket === undefined) ready();
  }

  async #listen(listener: Listener): Promise<void> {
    if (listener.transport !== 'udp') {
      await this.#streams.listen(listener);
      return;
    }
    const udp = await openUdp(listener, {
      onMessage: this.#received,
      onUndeliverable: (id, to, reason) => {
        this.#counters.undeliverable++;
        this.#turns.post({ kind: 'undeliverable', listener: id, to, reason });
      },
    });
    this.#udp.set(listener.id, udp);
    this.#options.log.write('debug', 'listening', { listener: listener.id, adapter: udp.adapter });
  }

  readonly #received = (flow: Parameters<StreamShell['send']>[0], octets: string, arrived?: number): void => {
    this.#counters.heard(octets);
    this.#messages.note(wallNow(), false, flow, octets);
    this.#turns.post(
      arrived === undefined ? { kind: 'received', flow, octets } : { kind: 'received', flow, octets, arrived },
    );
  };

  #heard(message: MediaResponse | MediaNotification): void {
    if ('id' in message && message.id >= firstStatusId) this.#status.answered(message);
    else this.#turns.post({ kind: 'media', message });
  }

  #keep(changes: readonly KeptChange[]): void {
    for (const change of changes) {
      if (change.kind === 'checkpoint') this.#live.checkpoint(change.call, change.state);
      else this.#live.forget(change.call);
    }
    this.#live.flush();
  }

  #act(effect: ActedEffect): void {
    switch (effect.kind) {
      case 'send': {
        const { flow, octets } = effect;
        this.#counters.said(octets);
        this.#messages.note(wallNow(), true, flow, octets);
        if (flow.transport === 'udp') this.#udp.get(flow.listener)?.send(flow.remote, octets, effect.dscp);
        else this.#streams.send(flow, octets);
        return;
      }
      case 'connect':
        this.#streams.connect(effect.flow, effect.tls);
        return;
      case 'resolve':
        this.#dns.resolve(effect.question);
        return;
      case 'decide':
        this.#decisions?.ask(effect.id, effect.question);
        return;
      case 'locate':
        this.#locations?.ask(effect.id, effect.uri);
        return;
      case 'close':
        this.#streams.close(effect.connection);
        return;
      case 'media':
        this.#media?.send(effect.request);
        return;
      case 'record':
        this.#records.write(effect.record);
        this.#followers.ended(effect.record);
        return;
      case 'report':
        this.#records.write(effect.report);
        this.#followers.reported(effect.report);
        return;
      case 'notify':
        this.#notifier.notify(effect.to, effect.notice);
        return;
      case 'drop':
        this.#dropped(effect);
        return;
      case 'log':
        this.#options.log.write(effect.level, effect.event, effect.fields);
        return;
      case 'idle':
        void this.#end();
        return;
      default:
        unreachable(effect, 'effect');
    }
  }

  #dropped({ reason, from }: Extract<Effect, { kind: 'drop' }>): void {
    this.#counters.drops[reason]++;
    const { log } = this.#options;
    if (log.takes('debug')) log.write('debug', 'drop', { reason, ...(from ? { from: formatHostPort(from) } : {}) });
  }

  /** No call is left: what was sent last leaves, what was recorded last is kept. */
  async #end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#status.close();
    this.#certificates.close();
    await Promise.all([this.#records.close(), this.#streams.closeAll()]);
    for (const udp of this.#udp.values()) udp.close();
    this.#media?.close();
    this.#dns.close();
    this.#decisions?.close();
    this.#locations?.close();
    this.#notifier.close();
    this.#homer?.close();
    this.#live.close();
    this.#options.onEnd();
  }
}

/** Bound to all addresses: peers know us by the one that we advertise. */
function isAnyHost(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function openLiveState({ configuration, log }: SignallingOptions) {
  try {
    return LiveState.open(configuration.records.path, {
      onTrouble: (problem) =>
        log.write(problem.kind === 'unwritable' ? 'error' : 'warn', `live-state-${problem.kind}`, problem),
    });
  } catch (error) {
    throw new NotStarted((error as Error).message);
  }
}

function whyNoListener({ name, transport, bind }: Listener, { code, message }: NodeJS.ErrnoException): string {
  const what = `listener ${name}: ${transport} ${formatHostPort(bind)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${what} is in use by another program: end that one, or give this listener another bind.`;
    case 'EADDRNOTAVAIL':
      return `${what}: this machine does not have the address. Give it to the machine, or correct bind.`;
    case 'EACCES':
    case 'EPERM':
      return `${what}: not permitted. Use a port of 1024 or above, or give the program the right to (CAP_NET_BIND_SERVICE).`;
    default:
      return `${what}: ${message}`;
  }
}
