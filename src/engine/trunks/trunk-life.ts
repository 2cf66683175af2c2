import { allow, type Sockets, type TargetsFound, type TrunkTarget, type TrunkWay } from '#call';
import { DigestClient } from '#codec/digest';
import type { Header } from '#codec/sip-message';
import { type Deadlines, formatHostPort, type HostPort, type Instant, type Random } from '#kernel';
import type { Configuration, Trunk, TrunkAddress } from '#policy/configuration';
import type { Evidence, Health } from '#policy/health';
import { describeFlow, type Flow, type FlowTransport, type TlsTarget } from '#sip/flow';
import type { LocateRequest, LocateWaiter, Locator } from '#sip/locate';
import { OptionsPing, type PingResult } from '#sip/options-ping';
import { type RegisterOwner, type RegistrarTargets, Registration, type RegistrationStage } from '#sip/registration';
import type { OutgoingRequest, Sleeper, Target } from '#sip/transaction';

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
  /** The addresses that the trunk's names lead to now: requests may come from there. */
  learn(trunk: Trunk, hosts: ReadonlySet<string>): void;
  /** Requests that come by this connection are the trunk's: it registered there. */
  prove(connection: string | undefined, trunk: Trunk): void;
  /** Keeps the state of the registration so that it outlives the process. */
  keep(trunk: Trunk, state: object): void;
  suspect(connection: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>): void;
}

/** What is done for one trunk beside its calls: its names, its registration, its health. */
export class TrunkLife {
  readonly trunk: Trunk;
  /** The names to be kept at hand. */
  readonly names: readonly LocateRequest[];
  readonly digest: DigestClient | undefined;
  readonly #services: TrunkLifeServices;
  readonly #hops: readonly TrunkAddress[];
  /** What stands for the trunk in URIs: its domain, else the name by which it is found. */
  readonly #domain: string | undefined;
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
  #way: TrunkWay;

  constructor(trunk: Trunk, services: TrunkLifeServices) {
    this.trunk = trunk;
    this.#services = services;
    this.#hops = trunk.nextHops ?? trunk.addresses;
    this.#domain = trunk.domain ?? trunk.addresses.find(isName)?.host;
    // Whoever may speak in the trunk's name is asked for too, not only where requests go.
    const all = [...this.#hops, ...(trunk.nextHops ? trunk.addresses : []), ...(trunk.registration?.registrars ?? [])];
    this.names = (trunk.nextHops ? [...trunk.nextHops] : all).filter(isName).map((hop) => this.#locating(hop));
    if (!this.#hops.some(isName)) {
      const targets = this.#hops.map(({ host, port }) => ({ transport: trunk.transport, remote: { host, port } }));
      this.#fixed = { kind: 'targets', targets };
    }
    this.digest = trunk.credentials && new DigestClient(trunk.credentials, services.random);
    this.#tls = tlsTargetOf(trunk, this.#hops);
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
    if (!registration) return this.#located(now);
    // RFC 5626 4.3 in spirit, and what providers want who know us by our flow: calls go where the registration went.
    const { target, flow } = registration;
    if (target && flow) return { kind: 'targets', targets: [target] };
    const { lastError, stage } = registration.status();
    const reason = `not registered${lastError ? `: ${lastError.text}` : ` yet (${stage})`}`;
    // Its connection fell: who knows us by that knows us no more, who knows our account still may.
    return { kind: 'failed', reason, ...(target ? { resort: target } : {}) };
  }

  #located(now: Instant): TargetsFound {
    return this.#fixed ?? this.#find(this.#hops, now);
  }

  #find(hops: readonly TrunkAddress[], now: Instant): TargetsFound {
    const { locator } = this.#services;
    const targets: TrunkTarget[] = [];
    const reasons: string[] = [];
    let pending = false;
    for (const hop of hops) {
      const found = locator.find(this.#locating(hop), now);
      if (found.kind === 'targets') targets.push(...found.targets);
      else if (found.kind === 'pending') pending = true;
      else reasons.push(found.reason);
    }
    if (targets.length > 0) return { kind: 'targets', targets: targets.slice(0, mostTargets) };
    return pending ? { kind: 'pending' } : { kind: 'failed', reason: reasons.join('; ') };
  }

  await(waiter: LocateWaiter, now: Instant): void {
    for (const hop of this.#hops) this.#services.locator.await(this.#locating(hop), waiter, now);
  }

  #locating({ host, port, matchPort }: TrunkAddress): LocateRequest {
    const { trunk } = this;
    const sockets = {
      four: this.#services.listenersFor(trunk, '0.0.0.0'),
      six: this.#services.listenersFor(trunk, '::'),
    };
    const supported = transports.filter((transport) => sockets.four[transport] ?? sockets.six[transport]);
    const families: (4 | 6)[] = [];
    if (transports.some((transport) => sockets.four[transport])) families.push(4);
    if (transports.some((transport) => sockets.six[transport])) families.push(6);
    // An address is not looked up; its port is the transport's default already.
    const explicit = matchPort || !isName({ host }) ? port : undefined;
    return { host, port: explicit, transport: trunk.naptr ? undefined : trunk.transport, supported, families };
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
    this.#registration?.located(now);
    const found = this.#located(now);
    if (found.kind === 'failed') {
      this.#services.log('warn', 'not-located', { trunk: this.trunk.name, reason: found.reason });
    }
    if (found.kind !== 'targets') return;
    if (this.names.length > 0) {
      this.#hosts = this.names.flatMap((name) => this.#hostsOf(name, now));
      const registered = this.#registration?.flow?.remote.host;
      this.#services.learn(this.trunk, new Set(registered === undefined ? this.#hosts : [...this.#hosts, registered]));
    }
    this.#watch(found.targets, now);
  }

  #hostsOf(name: LocateRequest, now: Instant): readonly string[] {
    const found = this.#services.locator.find(name, now);
    return found.kind === 'targets' ? found.targets.map(({ remote }) => remote.host) : [];
  }

  #watch(targets: readonly TrunkTarget[], now: Instant): void {
    const { health } = this.trunk;
    if (!health) return;
    const wanted = new Map(targets.map((target) => [nameOf(target), target]));
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

  #ping(name: string, { transport, remote }: TrunkTarget): OptionsPing | undefined {
    const { configuration, deadlines, random, request } = this.#services;
    const sockets = this.#services.listenersFor(this.trunk, remote.host);
    const socket = sockets[transport];
    if (!socket) return undefined;
    const { userAgent } = configuration;
    return new OptionsPing(
      {
        interval: this.trunk.health?.interval ?? 0,
        uri: `sip:${this.#domain ?? formatHostPort(remote)}`,
        domain: this.trunk.domain ?? socket.advertise.host,
        contact: { transport, ...socket.advertise },
        allow,
        ...(userAgent === undefined ? {} : { userAgent }),
        // A registered trunk is asked the way its calls go.
        target: () => ({ ...this.#targetTo({ transport, remote }), connection: this.#way.connection }),
        routes: () => this.#way.routes,
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
    const found = this.#registration?.target ? this.targets(now) : this.#located(now);
    if (found.kind !== 'targets') return;
    const wanted = new Map(found.targets.map((target) => [nameOf(target), target]));
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
    const headers: Header[] = [['Allow', allow]];
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
      advertised: ({ transport, remote }: Target): HostPort | undefined =>
        this.#services.listenersFor(trunk, remote.host)[transport]?.advertise,
      changed: () => this.#registrationChanged(),
      suspect: (flow: Flow) => {
        if (flow.connection !== undefined) this.#services.suspect(flow.connection);
      },
    };
    if (kept !== undefined) {
      this.#registration = Registration.restored(JSON.parse(kept), options, services, now, spread);
    } else {
      this.#registration = new Registration(options, services, now);
      this.#registration.start(now, spread);
    }
    this.#registrationChanged();
  }

  /** The servers of a registrar: the outbound proxy's where there is one, which then is all that is ever resolved. */
  #registrar(index: number, now: Instant): ReturnType<RegistrarTargets['find']> {
    const { nextHops, registration } = this.trunk;
    const registrar = registration!.registrars[index]!;
    const found = this.#find(nextHops ?? [registrar], now);
    if (found.kind !== 'targets') return found;
    return { kind: 'targets', targets: found.targets.map((target) => this.#targetTo(target)) };
  }

  #registrationChanged(): void {
    const registration = this.#registration;
    if (!registration) return;
    const { trunk } = this;
    this.#way = this.#wayNow();
    const { flow, stage } = registration;
    if (flow) {
      this.#services.prove(flow.connection, trunk);
      if (flow.connection === undefined) this.#services.learn(trunk, new Set([...this.#hosts, flow.remote.host]));
    }
    this.#services.keep(trunk, registration.state());
    if (stage === this.#stage) return;
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

  disconnected(connection: string, reason: string, now: Instant): void {
    this.#registration?.flowClosed(connection, reason, now);
  }

  leave(now: Instant): void {
    this.#registration?.unregister(now);
    for (const ping of this.#pings.values()) ping.stop();
    this.#pings.clear();
  }

  // --- how requests travel -----------------------------------------------------------------------------------------

  #wayNow(): TrunkWay {
    const { trunk } = this;
    const registration = this.#registration;
    const connection = registration?.flow?.connection;
    const contactUser =
      trunk.registration && !trunk.registration.gin
        ? (trunk.registration.contactUser ?? trunk.identity?.user)
        : undefined;
    return {
      ...(this.#domain === undefined ? {} : { domain: this.#domain }),
      routes: registration?.serviceRoute ?? [],
      ...(connection === undefined ? {} : { connection }),
      ...(contactUser === undefined ? {} : { contactUser }),
      ...(this.#tls ? { tls: this.#tls } : {}),
    };
  }

  #targetTo({ transport, remote }: TrunkTarget): Target {
    const { udp, tcp, tls } = this.#services.listenersFor(this.trunk, remote.host);
    return {
      transport,
      remote,
      listeners: { udp: udp?.id, tcp: tcp?.id, tls: tls?.id },
      ...(this.#tls ? { tls: this.#tls } : {}),
    };
  }

  inspect(now: Instant): Record<string, unknown> {
    const { trunk } = this;
    const found = this.#located(now);
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
    };
  }
}

const transports: readonly FlowTransport[] = ['tls', 'tcp', 'udp'];

function isName({ host }: Pick<TrunkAddress, 'host'>): boolean {
  return !host.includes(':') && !/^[0-9.]+$/.test(host);
}

function nameOf({ transport, remote }: TrunkTarget): string {
  return describeFlow({ transport, remote, listener: '' });
}

/** RFC 5922 4: the certificate is to bear the name that was asked for, not one that the DNS made of it. */
function tlsTargetOf(
  { name, transport, naptr, domain, tls }: Trunk,
  hops: readonly TrunkAddress[],
): TlsTarget | undefined {
  if (transport !== 'tls' && !naptr && !tls) return undefined;
  const asked = hops.filter(isName).map(({ host }) => host);
  const names =
    tls?.names ?? (asked.length > 0 ? asked : domain === undefined ? hops.map(({ host }) => host) : [domain]);
  return { trunk: name, names };
}
