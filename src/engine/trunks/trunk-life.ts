import { MessageRules, permitsOf, type Sockets, type TargetsFound, type TrunkTarget, type TrunkWay } from '#call';
import { DigestClient } from '#codec/digest';
import type { Header } from '#codec/sip-message';
import { assert, type Deadlines, formatHostPort, type HostPort, type Instant, type Random } from '#kernel';
import type { Configuration, Trunk, TrunkAddress } from '#policy/configuration';
import type { Evidence, Health } from '#policy/health';
import type { Manipulation } from '#policy/manipulation';
import { describeFlow, type Flow, type FlowTransport, type TlsTarget } from '#sip/flow';
import type { LocateRequest, LocateWaiter, Locator } from '#sip/locate';
import { OptionsPing, type PingResult } from '#sip/options-ping';
import {
  type RegisterOwner,
  type RegistrarTargets,
  Registration,
  type RegistrationCheckpoint,
  type RegistrationStage,
} from '#sip/registration';
import type { OutgoingRequest, Rewriter, Sleeper, Target } from '#sip/transaction';

/** Targets that one trunk is tried at, whatever its names lead to. */
const mostTargets = 16;

export interface TrunkLifeServices {
  readonly configuration: Configuration;
  readonly deadlines: Deadlines<Sleeper>;
  readonly random: Random;
  readonly health: Health;
  readonly locator: Locator;
  /** Ms over which trunks register anew whose connection, perhaps a common one, is gone. */
  readonly flowJitter: number;
  request(request: OutgoingRequest, target: Target, owner: RegisterOwner, now: number): { readonly flow: Flow };
  listenersFor(trunk: Trunk, host: string): Sockets;
  /** The trunk's rules on messages, where it has any. */
  manipulation(trunk: Trunk): Manipulation | undefined;
  /** The addresses that the trunk's names lead to now: requests may come from there. */
  learn(trunk: Trunk, hosts: ReadonlySet<string>, now: Instant): void;
  /** Requests that come by this connection are the trunk's: it registered there. */
  prove(connection: string | undefined, trunk: Trunk): void;
  /** Keeps the state of the registration so that it outlives the process; undefined: there is none any more. */
  keep(trunk: Trunk, state: object | undefined): void;
  suspect(connection: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>): void;
}

/** What a process leaves of a registration to the next: where it holds only as long as the trunk is reached as it was. */
interface Kept extends RegistrationCheckpoint {
  readonly reachedBy: string;
}

/** How an address of the trunk is looked up, and what goes with the targets that it leads to. */
interface WayTo {
  readonly request: LocateRequest;
  readonly about: Pick<TrunkTarget, 'name' | 'tls'>;
}

/** What is done for one trunk beside its calls: its names, its registration, its health. */
export class TrunkLife {
  readonly trunk: Trunk;
  /** The names to be kept at hand. */
  readonly names: readonly LocateRequest[];
  readonly digest: DigestClient | undefined;
  readonly #services: TrunkLifeServices;
  readonly #hops: readonly TrunkAddress[];
  readonly #ways: ReadonlyMap<TrunkAddress, WayTo>;
  /** Where our account is, if it is a name. */
  readonly #home: string | undefined;
  /** What stands for the trunk in URIs; undefined: the name by which a target was found, else its address. */
  readonly #domain: string | undefined;
  readonly #reachedBy: string;
  /** Where no name is to be asked for: the same for every call. */
  readonly #fixed: TargetsFound | undefined;
  readonly #tls: TlsTarget | undefined;
  readonly #pings = new Map<string, OptionsPing>();
  /** The last answer to OPTIONS by target, or its want. */
  readonly #probed = new Map<string, { readonly at: number; readonly result: PingResult }>();
  #registration: Registration | undefined;
  #stage: RegistrationStage | undefined;
  /** What the trunk's names lead to. */
  #hosts: readonly string[] = [];
  /** Why it was not found when that was told last. */
  #notLocated: string | undefined;
  #left = false;
  /** Another speaks for the trunk, if anybody does. */
  #isReplaced = false;
  #way: TrunkWay;

  constructor(trunk: Trunk, services: TrunkLifeServices) {
    const { nextHops, addresses, registration } = trunk;
    this.trunk = trunk;
    this.#services = services;
    this.#hops = nextHops ?? addresses;
    const registrars = registration?.registrars ?? [];
    this.#home = trunk.domain ?? registrars.find(isName)?.host;
    const behind = nextHops && addresses.find((one) => isName(one) && !nextHops.some(({ host }) => host === one.host));
    this.#domain = this.#home ?? behind?.host;
    this.#reachedBy = [trunk.transport, trunk.naptr ? 'NAPTR' : '', ...this.#hops.map(formatHostPort)].join(' ');
    // Whoever may speak in the trunk's name is asked for too, not only where requests go; with next hops nobody else.
    const asked = nextHops ?? [...addresses, ...registrars];
    this.#tls = tlsTargetOf(trunk, asked);
    this.#ways = new Map([...asked, ...registrars].map((one) => [one, this.#wayTo(one)]));
    this.names = asked.filter(isName).map((one) => this.#ways.get(one)!.request);
    this.digest = trunk.credentials && new DigestClient(trunk.credentials, services.random);
    if (!this.#hops.some(isName)) {
      const targets = this.#hops.map(({ host, port }) => ({ transport: trunk.transport, remote: { host, port } }));
      this.#fixed = { kind: 'targets', targets };
    }
    this.#way = this.#wayNow();
  }

  begin(kept: string | undefined, spread: number, now: Instant): void {
    if (this.trunk.registration) this.#register(this.trunk.registration, kept, spread, now);
    this.reconcile(now);
  }

  get way(): TrunkWay {
    return this.#way;
  }

  // --- where it is -------------------------------------------------------------------------------------------------

  targets(now: Instant): TargetsFound {
    const registration = this.#registration;
    if (!registration) return firstOf(this.#located(now));
    // RFC 5626 4.3 in spirit, and what providers want who know us by our flow: calls go where the registration went.
    const { target, flow } = registration;
    if (target && flow) return { kind: 'targets', targets: [target] };
    const { lastError, stage } = registration.status();
    const reason = `not registered${lastError ? `: ${lastError.text}` : ` yet (${stage})`}`;
    // Its connection fell: who knows us by that knows us no more, who knows our account still may.
    return { kind: 'failed', reason, ...(target ? { resort: target } : {}) };
  }

  /** `how`: `peek` for people, who must not change what becomes of calls. */
  #located(now: Instant, how: 'find' | 'peek' = 'find'): TargetsFound {
    return this.#fixed ?? this.#find(this.#hops, now, how);
  }

  #find(hops: readonly TrunkAddress[], now: Instant, how: 'find' | 'peek' = 'find'): TargetsFound {
    const targets: TrunkTarget[] = [];
    const reasons: string[] = [];
    let pending = false;
    for (const hop of hops) {
      const { request, about } = this.#ways.get(hop)!;
      const found = this.#services.locator[how](request, now);
      if (found.kind === 'targets')
        for (const { transport, remote } of found.targets) targets.push({ transport, remote, ...about });
      else if (found.kind === 'pending') pending = true;
      else reasons.push(found.reason);
    }
    if (targets.length > 0) return { kind: 'targets', targets };
    return pending ? { kind: 'pending' } : { kind: 'failed', reason: reasons.join('; ') };
  }

  await(waiter: LocateWaiter, now: Instant): void {
    for (const hop of this.#hops) this.#services.locator.await(this.#ways.get(hop)!.request, waiter, now);
  }

  #wayTo({ host, port, matchPort }: TrunkAddress): WayTo {
    const { trunk } = this;
    const sockets = {
      four: this.#services.listenersFor(trunk, '0.0.0.0'),
      six: this.#services.listenersFor(trunk, '::'),
    };
    const supported = transports.filter((transport) => sockets.four[transport] ?? sockets.six[transport]);
    const families: (4 | 6)[] = [];
    if (transports.some((transport) => sockets.four[transport])) families.push(4);
    if (transports.some((transport) => sockets.six[transport])) families.push(6);
    const named = isName({ host });
    // An address is not looked up; its port is the transport's default already.
    const explicit = matchPort || !named ? port : undefined;
    const transport = trunk.naptr ? undefined : trunk.transport;
    // RFC 6066 3: the server is told the name that it was looked up by, unless the trunk says what it is called.
    const tls = this.#tls && (trunk.tls?.names ? this.#tls : { ...this.#tls, serverName: host });
    return {
      request: { host, port: explicit, transport, supported, families },
      about: named ? { name: host, ...(tls ? { tls } : {}) } : {},
    };
  }

  // --- how it is ---------------------------------------------------------------------------------------------------

  heard(target: string, evidence: Evidence, now: Instant): void {
    const change = this.#services.health.report(this.trunk, target, evidence, now);
    if (!change) return;
    const { to, because, trunkFrom, trunkTo } = change;
    this.#pings.get(target)?.setDown(to === 'down', now);
    this.#services.log(to === 'down' ? 'warn' : 'info', 'target', {
      trunk: this.trunk.name,
      target,
      state: to,
      because,
    });
    if (trunkFrom === trunkTo) return;
    this.#services.log(trunkTo === 'down' ? 'warn' : 'info', 'trunk', {
      trunk: this.trunk.name,
      state: trunkTo,
      because,
    });
  }

  /** Puts in order what hangs on where the trunk is: whom to ask, and who may speak in its name. */
  reconcile(now: Instant): void {
    if (this.#left) return;
    this.#registration?.located(now);
    const found = this.#located(now);
    const reason = found.kind === 'failed' ? found.reason : undefined;
    if (found.kind !== 'pending' && reason !== this.#notLocated) {
      this.#notLocated = reason;
      if (reason === undefined) this.#services.log('info', 'located', { trunk: this.trunk.name });
      else this.#services.log('warn', 'not-located', { trunk: this.trunk.name, reason });
    }
    this.#learn(now);
    this.#watch(now);
  }

  /** Whoever may speak in its name: the hosts that its names lead to, and the one that it is registered at. */
  #learn(now: Instant): void {
    const hosts = this.names.flatMap((name) => this.#hostsOf(name, now));
    // While the DNS says nothing, what it said last holds.
    if (hosts.length > 0) this.#hosts = hosts;
    const flow = this.#registration?.flow;
    const registered = flow ? [flow.remote.host] : [];
    if (this.names.length + registered.length > 0)
      this.#services.learn(this.trunk, new Set([...this.#hosts, ...registered]), now);
  }

  #hostsOf(name: LocateRequest, now: Instant): readonly string[] {
    const found = this.#services.locator.find(name, now);
    return found.kind === 'targets' ? found.targets.map(({ remote }) => remote.host) : [];
  }

  /** Where its calls may go: each target by its name. Undefined while nobody knows. */
  #places(now: Instant): ReadonlyMap<string, TrunkTarget> | undefined {
    const found = this.#located(now);
    const registered = this.#registration?.target;
    if (found.kind !== 'targets' && !registered) return undefined;
    const all = [...(registered ? [registered] : []), ...(found.kind === 'targets' ? found.targets : [])];
    return new Map(all.map((target) => [nameOf(target), target]));
  }

  #watch(now: Instant): void {
    const { health } = this.trunk;
    const wanted = health && this.#places(now);
    if (!wanted) return;
    this.#services.health.keepOnly(this.trunk, [...wanted.keys()]);
    for (const [name, ping] of this.#pings) {
      if (wanted.has(name)) continue;
      ping.stop();
      this.#pings.delete(name);
      this.#probed.delete(name);
    }
    if (health.interval === 0) return;
    for (const [name, target] of wanted) {
      if (this.#pings.has(name)) continue;
      const ping = this.#ping(name, target);
      if (!ping) continue;
      this.#pings.set(name, ping);
      ping.start(now);
    }
  }

  #ping(name: string, target: TrunkTarget): OptionsPing | undefined {
    const { configuration, deadlines, random } = this.#services;
    const { transport, remote } = target;
    const socket = this.#services.listenersFor(this.trunk, remote.host)[transport];
    if (!socket) return undefined;
    const rules = this.#rules(target);
    const request: TrunkLifeServices['request'] = (plain, to, owner, now) =>
      this.#services.request(rules?.request(plain) ?? plain, to, owner, now);
    const { userAgent } = configuration;
    // Where it is registered it is asked the way its calls go.
    const registered = () => {
      const own = this.#registration?.target;
      return own && nameOf(own) === name ? own : undefined;
    };
    return new OptionsPing(
      {
        interval: this.trunk.health?.interval ?? 0,
        ...(this.trunk.health?.patience === undefined ? {} : { patience: this.trunk.health.patience }),
        uri: `sip:${this.#domain ?? target.name ?? formatHostPort(remote)}`,
        domain: this.#home ?? socket.advertise.host,
        contact: { transport, ...socket.advertise },
        allow: permitsOf(this.trunk).allow,
        ...(userAgent === undefined ? {} : { userAgent }),
        target: () => registered() ?? this.#targetTo(target),
        routes: () => (registered() ? this.#way.routes : []),
      },
      { deadlines, random, request, heard: (result: PingResult, now: Instant) => this.#pinged(name, result, now) },
    );
  }

  #pinged(target: string, result: PingResult, now: Instant): void {
    this.#probed.set(target, { at: now.wall, result });
    if (!this.trunk.health) return;
    switch (result.kind) {
      case 'answered': {
        const { status, roundTrip, retryAfter } = result;
        if (status === 503 && retryAfter !== undefined) {
          const detail = `OPTIONS answered 503 with Retry-After ${retryAfter}`;
          return this.heard(target, { kind: 'cooling', forMs: retryAfter * 1000, detail }, now);
        }
        return this.heard(target, { kind: 'options-answered', status, roundTrip }, now);
      }
      case 'unanswered':
        return this.heard(target, { kind: 'options-unanswered' }, now);
      case 'unreachable':
        return this.heard(target, { kind: 'unreachable', detail: result.detail }, now);
    }
  }

  /** Asks at once, also where nobody is asked else. What comes stands in `inspect`. */
  probe(now: Instant): void {
    const wanted = this.#places(now);
    if (!wanted) return;
    for (const name of this.#probed.keys()) if (!wanted.has(name)) this.#probed.delete(name);
    if (!this.trunk.health) for (const name of this.#pings.keys()) if (!wanted.has(name)) this.#pings.delete(name);
    for (const [name, target] of wanted) {
      const ping = this.#pings.get(name) ?? this.#ping(name, target);
      if (!ping) continue;
      this.#pings.set(name, ping);
      ping.probe(now);
    }
  }

  registerNow(now: Instant): void {
    this.#registration?.retry(now);
  }

  // --- registration ------------------------------------------------------------------------------------------------

  #register(
    settings: NonNullable<Trunk['registration']>,
    kept: string | undefined,
    spread: number,
    now: Instant,
  ): void {
    const { trunk } = this;
    const { configuration, deadlines, random, request } = this.#services;
    const { userAgent } = configuration;
    const headers: Header[] = [['Allow', permitsOf(trunk).allow]];
    if (userAgent !== undefined) headers.push(['User-Agent', userAgent]);
    const { identity, domain } = trunk;
    const registrars: RegistrarTargets = {
      find: (registrar, at) => this.#registrar(registrar, at),
    };
    const options = {
      ...settings,
      ...(domain === undefined ? {} : { domain }),
      user: identity?.user ?? trunk.name,
      ...(identity?.display === undefined ? {} : { display: identity.display }),
      headers,
      flowJitter: this.#services.flowJitter,
    };
    const services = {
      deadlines,
      random,
      registrars,
      ...(this.digest ? { authorizer: this.digest } : {}),
      request,
      rewriter: (target: Target) => this.#rules(target),
      advertised: ({ transport, remote }: Target): HostPort | undefined =>
        this.#services.listenersFor(trunk, remote.host)[transport]?.advertise,
      changed: (at: Instant) => this.#registrationChanged(at),
      suspect: (flow: Flow) => {
        if (flow.connection !== undefined) this.#services.suspect(flow.connection);
      },
    };
    if (kept !== undefined) {
      try {
        this.#registration = Registration.restored(this.#takenUp(kept), options, services, now, spread);
        return this.#registrationChanged(now);
      } catch (error) {
        // What is kept comes again at each start: what cannot be read must not keep us from starting.
        if (!(error instanceof Error)) throw error;
        this.#services.log('warn', 'not-restored', { trunk: trunk.name, reason: error.message });
      }
    }
    this.#registration = new Registration(options, services, now);
    this.#registration.start(now, spread);
    this.#registrationChanged(now);
  }

  /** What the process before left: nothing but identifiers where the file has another way to the trunk since. */
  #takenUp(kept: string): RegistrationCheckpoint {
    const { reachedBy, binding, ...rest } = JSON.parse(kept) as Kept;
    const { v, callId, tag, instance, cseq, least } = rest;
    const texts = [callId, tag, instance].every((text) => typeof text === 'string');
    assert(v === 1 && texts && Number.isInteger(cseq) && Number.isFinite(least), 'it was kept in another form');
    if (!binding || reachedBy !== this.#reachedBy) return rest;
    // Listeners may bear other names, and certificates be judged by other rules.
    const { transport, remote, name }: TrunkTarget = binding.target;
    const way = [...this.#ways].find(([{ host }]) => host === name)?.[1];
    return { ...rest, binding: { ...binding, target: this.#targetTo({ transport, remote, ...way?.about }) } };
  }

  /** The servers of a registrar: the outbound proxy's where there is one, which then is all that is ever resolved. */
  #registrar(index: number, now: Instant): ReturnType<RegistrarTargets['find']> {
    const { nextHops, registration } = this.trunk;
    const registrar = registration!.registrars[index]!;
    const found = this.#find(nextHops ?? [registrar], now);
    if (found.kind !== 'targets') return found;
    return { kind: 'targets', targets: found.targets.map((target) => this.#targetTo(target)) };
  }

  #registrationChanged(now: Instant): void {
    const registration = this.#registration;
    if (!registration || this.#isReplaced) return;
    const { trunk } = this;
    this.#way = this.#wayNow();
    const { flow, stage } = registration;
    if (flow) {
      this.#services.prove(flow.connection, trunk);
      this.#learn(now);
    }
    if (!this.#left) this.#watch(now);
    const kept: Kept = { ...registration.state(), reachedBy: this.#reachedBy };
    this.#services.keep(trunk, kept);
    // That it has not begun is not worth a line.
    if (stage === this.#stage || (this.#stage === undefined && stage === 'unregistered')) return;
    this.#stage = stage;
    const { addressOfRecord, target, lastError, expiresAt } = registration.status();
    this.#services.log(stage === 'failed' ? 'warn' : 'info', 'registration', {
      trunk: trunk.name,
      stage,
      addressOfRecord,
      target,
      ...(stage === 'failed' ? { reason: lastError?.text } : {}),
      ...(stage === 'registered' && expiresAt !== undefined ? { until: new Date(expiresAt).toISOString() } : {}),
    });
  }

  retiring(connection: string, now: Instant): void {
    this.#registration?.flowRetiring(connection, now);
  }

  disconnected(connection: string, reason: string, now: Instant): void {
    this.#registration?.flowClosed(connection, reason, now);
  }

  leave(now: Instant): void {
    this.#left = true;
    this.#registration?.unregister(now);
    for (const ping of this.#pings.values()) ping.stop();
    this.#pings.clear();
  }

  /**
   * The trunk has other settings, or is gone. What its next life is to know of the registration, as `begin` takes it: where it is for
   * another account it is taken back here.
   */
  makeWay(next: Trunk | undefined, now: Instant): string | undefined {
    const { trunk } = this;
    this.#left = this.#isReplaced = true;
    for (const ping of this.#pings.values()) ping.stop();
    this.#pings.clear();
    if (!next) this.#services.health.keepOnly(trunk, []);
    const registration = this.#registration;
    if (!registration) return undefined;
    const isSame = next?.registration !== undefined && accountOf(next) === accountOf(trunk);
    const kept: Kept = { ...registration.handOver(now), reachedBy: this.#reachedBy };
    if (isSame) registration.giveUp();
    else registration.unregister(now);
    if (!next?.registration) this.#services.keep(trunk, undefined);
    // A connection that other rules hold for is made anew.
    return isSame ? JSON.stringify(next.tls === trunk.tls ? kept : { ...kept, stands: false }) : undefined;
  }

  /** The trunk's rules on what goes there and comes from there outside of calls. */
  #rules({ transport, remote }: TrunkTarget): Rewriter | undefined {
    const { trunk } = this;
    const our = this.#services.listenersFor(trunk, remote.host)[transport]?.advertise ?? remote;
    const services = { manipulation: this.#services.manipulation, trunks: { way: () => this.#way } };
    return MessageRules.of(services, { trunk, our, peer: remote, within: false, side: 'to-trunk' });
  }

  // --- how requests travel -----------------------------------------------------------------------------------------

  #wayNow(): TrunkWay {
    const { trunk } = this;
    const registration = this.#registration;
    const contactUser =
      trunk.registration && !trunk.registration.gin
        ? (trunk.registration.contactUser ?? trunk.identity?.user)
        : undefined;
    return {
      ...(this.#domain === undefined ? {} : { domain: this.#domain }),
      ...(this.#home === undefined ? {} : { home: this.#home }),
      routes: registration?.serviceRoute ?? [],
      ...(registration?.flow?.transport === 'udp' ? { keepsUdp: true } : {}),
      ...(contactUser === undefined ? {} : { contactUser }),
      ...(this.#tls ? { tls: this.#tls } : {}),
    };
  }

  #targetTo({ transport, remote, name, tls: rules = this.#tls }: TrunkTarget): Target & TrunkTarget {
    const { udp, tcp, tls } = this.#services.listenersFor(this.trunk, remote.host);
    return {
      transport,
      remote,
      listeners: { udp: udp?.id, tcp: tcp?.id, tls: tls?.id },
      ...(name === undefined ? {} : { name }),
      ...(rules ? { tls: rules } : {}),
    };
  }

  inspect(now: Instant): Record<string, unknown> {
    const { trunk } = this;
    const found = this.#located(now, 'peek');
    return {
      trunk: trunk.name,
      kind: trunk.kind,
      side: trunk.side,
      transport: trunk.transport,
      health: this.#services.health.state(trunk, now),
      targets: found.kind === 'targets' ? found.targets.map(nameOf) : [],
      ...(found.kind === 'failed' ? { notLocated: found.reason } : {}),
      ...(this.#registration ? { registration: this.#registration.status() } : {}),
      names: this.names.map(({ host }) => host),
      options: [...this.#probed].map(([target, { at, result }]) => ({ target, at, ...result })),
      ...(trunk.capacity.calls === undefined ? {} : { limit: trunk.capacity.calls }),
      ...(trunk.settings && { settings: trunk.settings }),
    };
  }
}

const transports: readonly FlowTransport[] = ['tls', 'tcp', 'udp'];

function isName({ host }: Pick<TrunkAddress, 'host'>): boolean {
  return !host.includes(':') && !/^[0-9.]+$/.test(host);
}

/** Who is registered where. */
function accountOf({ identity, domain, registration }: Trunk): string {
  const { registrars = [], contactUser, gin } = registration ?? {};
  return JSON.stringify([identity?.user, domain, registrars.map(formatHostPort), contactUser, gin]);
}

function nameOf({ transport, remote }: TrunkTarget): string {
  return describeFlow({ transport, remote, listener: '' });
}

/** RFC 5922 4: the certificate is to bear the name that was asked for, not one that the DNS made of it. */
function tlsTargetOf(
  { name, transport, naptr, domain, tls }: Trunk,
  asked: readonly TrunkAddress[],
): TlsTarget | undefined {
  if (transport !== 'tls' && !naptr && !tls) return undefined;
  const names = tls?.names ?? new Set(asked.map((one) => (isName(one) ? one.host : (domain ?? one.host))));
  return { trunk: name, names: [...names] };
}

/** As many as one call may be tried at. */
function firstOf(found: TargetsFound): TargetsFound {
  if (found.kind !== 'targets' || found.targets.length <= mostTargets) return found;
  return { ...found, targets: found.targets.slice(0, mostTargets) };
}
