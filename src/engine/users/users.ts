import type { TargetsFound, TrunkTarget, TrunkWay, Vantage } from '#call';
import {
  isIpv4Address,
  isIpv6Address,
  parseDeltaSeconds,
  parseNameAddress,
  parseUri,
  type SipRequest,
  unescapeUser,
} from '#codec/sip-message';
import { type Instant, type Octets, toText } from '#kernel';
import type {
  Configuration,
  DigestAlgorithm,
  Listener,
  RegistrarConfiguration,
  Side,
  Trunk,
  User,
} from '#policy/configuration';
import type { Router } from '#policy/routing';
import { describeFlow, type Flow, type FlowTable } from '#sip/flow';
import { type Binding, Bindings, deviceParam, isTemporary, nodeOfTemporary, temporaryAt } from '#sip/registrar';
import type { OutgoingResponse } from '#sip/transaction';
import { engineLimits } from '../limits.ts';
import { Elsewhere, type ElsewhereServices } from './elsewhere.ts';
import { type Device, inTurns } from './turns.ts';
import { hereOnly, trunkOfUser, usualAlgorithms } from './user-trunk.ts';

export interface UsersServices
  extends Pick<ElsewhereServices, 'configuration' | 'deadlines' | 'random' | 'reach' | 'request' | 'watching' | 'log'> {
  readonly directory: Router['directory'];
  readonly flows: FlowTable;
  /** Keeps where a user's devices are so that it outlives the process; undefined: there are none any more. */
  keep(user: string, bindings: readonly Binding[] | undefined): void;
}

/** Those who register here: who they are to calls, and where their devices are. */
export class Users {
  readonly #services: UsersServices;
  #directory: Router['directory'];
  #registrar: RegistrarConfiguration | undefined;
  readonly #bindings: Bindings;
  readonly #listeners: ReadonlyMap<string, Listener>;
  /** Hosts of addresses of record. */
  #domains: ReadonlySet<string> = new Set();
  readonly #trunks = { internal: new Map<string, Trunk>(), external: new Map<string, Trunk>() };
  readonly #here = new Map<string, Trunk>();
  #elsewhere: Elsewhere | undefined;
  #way: TrunkWay = { routes: [] };

  constructor(services: UsersServices) {
    this.#services = services;
    const { configuration, deadlines, random } = services;
    const { listeners, node } = configuration;
    this.#directory = services.directory;
    this.#listeners = new Map(listeners.map((listener) => [listener.id, listener]));
    this.#bindings = new Bindings({
      deadlines,
      expires: () => this.#registrar?.expires ?? { min: 0, max: 0 },
      most: engineLimits.bindings,
      token: () => temporaryAt(node, random.token(80)),
      changed: (user, bindings, now) => this.#changed(user, bindings, now),
    });
    this.#settle(configuration);
  }

  /** What the registrar is like from now on. */
  #settle(configuration: Configuration): void {
    const { registrar, listeners } = configuration;
    this.#registrar = registrar;
    const own = listeners.flatMap(({ advertise, bind }) => [advertise.host, bind.host]);
    const domains = registrar?.domains ?? [];
    this.#domains = new Set((domains.length > 0 ? domains : own).map(lower));
    const [home] = domains;
    this.#way = { routes: [], keepsUdp: true, ...(home === undefined ? {} : { domain: home, home }) };
    this.#elsewhere ??= Elsewhere.of({
      ...this.#services,
      configuration,
      until: (user, now) => longestOf(this.#bindings.of(user, now)),
      here: () => this.#bindings.names,
      user: (name) => this.#directory.named(name),
    });
  }

  /** Realm in which users prove themselves; undefined: nobody registers here. */
  get realm(): string | undefined {
    return this.#registrar?.realm;
  }

  /** What users prove themselves by. */
  get algorithms(): readonly DigestAlgorithm[] {
    return this.#registrar?.algorithms ?? usualAlgorithms;
  }

  /** The user of this name as calls see it, on the side of a flow: made when it is asked for. */
  trunk(name: string, flow?: Flow): Trunk | undefined {
    const registrar = this.#registrar;
    const user = registrar && this.#directory.named(name);
    if (!user) return undefined;
    const side: Side = this.#listeners.get(flow?.listener ?? '')?.side === 'external' ? 'external' : 'internal';
    let trunk = this.#trunks[side].get(name);
    if (!trunk) {
      trunk = trunkOfUser(user, side, registrar);
      this.#trunks[side].set(name, trunk);
    }
    return trunk;
  }

  /** The same for another node, which asks for the devices that are registered here, and sees to the rest itself. */
  trunkHere(name: string): Trunk | undefined {
    const whole = this.trunk(name);
    let trunk = this.#here.get(name);
    if (!trunk && whole) {
      trunk = hereOnly(whole);
      this.#here.set(name, trunk);
    }
    return trunk;
  }

  /** The same for one of its devices alone (RFC 5627), wherever that is registered; `isHere`: another node asks for it. */
  trunkOfDevice(name: string, instance: Octets, isHere: boolean): Trunk | undefined {
    const whole = this.trunk(name);
    if (!whole) return undefined;
    const { here, ...anywhere } = hereOnly(whole);
    return { ...anywhere, ...(isHere && here ? { here } : {}), instance };
  }

  /** The device that has a temporary name. */
  byTemporary(user: Octets, now: Instant): ReturnType<Bindings['byTemporary']> {
    return isTemporary(user) ? this.#bindings.byTemporary(user, now) : undefined;
  }

  /** The node at which that device registered, where that is not this one. */
  nodeOfTemporary(user: Octets): string | undefined {
    const node = isTemporary(user) ? nodeOfTemporary(user) : undefined;
    return node === this.#services.configuration.node ? undefined : node;
  }

  begin(now: Instant): void {
    this.#elsewhere?.begin(now);
  }

  /**
   * Who is a user from now on, and what holds for all of them: who is as he was goes on so, with the devices that he has; those of who is
   * gone are forgotten.
   */
  configure(configuration: Configuration, directory: Router['directory'], now: Instant): void {
    const before = this.#registrar;
    const wasAlone = this.#elsewhere === undefined;
    this.#directory = directory;
    this.#settle(configuration);
    const isSame = this.#registrar === before;
    for (const trunks of Object.values(this.#trunks))
      for (const [name, { user }] of trunks) if (!isSame || directory.named(name) !== user) trunks.delete(name);
    this.#here.clear();
    for (const name of [...this.#bindings.names])
      if (!this.#registrar || !directory.named(name)) this.#bindings.restore(name, [], now);
    if (wasAlone) this.#elsewhere?.begin(now);
    else this.#elsewhere?.configure(configuration);
  }

  /** True for a REGISTER that is for us: whoever it comes from, it is a user's. */
  registers({ method, to, target }: SipRequest): boolean {
    if (method !== 'REGISTER' || !this.#registrar) return false;
    return this.#isOurs(parseUri(to.uri)?.host) || this.#isOurs(target?.host);
  }

  /**
   * Whose a request is by the flow that it comes by: that of a registered device. Where several users share one, who From
   * says; `begins` unsaid: any of them, the dialog or transaction says which.
   */
  at(flow: Flow, request: SipRequest, begins: boolean): Trunk | undefined {
    const names = this.#bindings.at(flow);
    if (names.size === 0) return undefined;
    const from = parseUri(request.from.uri)?.user ?? '';
    const said = this.#directory.find(toText(unescapeUser(from)))?.name;
    if (said !== undefined && names.has(said)) return this.trunk(said, flow);
    return begins ? undefined : this.trunk(names.values().next().value!, flow);
  }

  /** Some user with a device at the other end of a flow. */
  sharing(flow: Flow): Trunk | undefined {
    const [name] = this.#bindings.at(flow);
    return name === undefined ? undefined : this.trunk(name, flow);
  }

  get directory(): Router['directory'] {
    return this.#directory;
  }

  /** Who may watch the user of this name. */
  watchers(name: string): NonNullable<User['watchers']> {
    return this.#directory.named(name)?.watchers ?? this.#registrar?.watchers ?? 'users';
  }

  /** A device of his is registered, here or at another node. */
  isRegistered(user: User, now: Instant): boolean {
    return this.isHere(user, now) || (this.#elsewhere?.devices(user, now).length ?? 0) > 0;
  }

  /** A device of his is registered here. */
  isHere(user: User, now: Instant): boolean {
    return this.#bindings.of(user.name, now).length > 0;
  }

  /** A device of the user is registered by this flow. */
  isAt(user: User, flow: Flow): boolean {
    return this.#bindings.at(flow).has(user.name) || this.isNode(flow.remote.host);
  }

  readonly isNode = (host: string): boolean => this.#elsewhere?.isNode(host) === true;

  /** The other nodes that calls of his may pass. */
  nodesOf(user: User, now: Instant): readonly string[] {
    return this.#elsewhere?.nodesOf(user, now) ?? [];
  }

  vantage(node: string, user: User, now: Instant): Vantage | undefined {
    return this.#elsewhere?.vantage(node, user, now);
  }

  /** A REGISTER of a user who proved to be that (RFC 3261 10.3). */
  register(request: SipRequest, flow: Flow, sender: Trunk, now: Instant): OutgoingResponse {
    const { user, node } = sender;
    const address = parseUri(request.to.uri);
    if (!address || !this.#isOurs(address.host)) return { status: 404 };
    const unknown = request.all('require').filter((tag) => !registrarExtensions.has(tag.toLowerCase()));
    if (unknown.length > 0) return { status: 420, headers: [['Unsupported', unknown.join(', ')]] };
    const named = this.#directory.find(toText(unescapeUser(address.user ?? '')));
    if (node !== undefined && named && this.#elsewhere) return this.#elsewhere.accept(request, sender, named, now);
    if (!user || named !== user) return { status: 403 };
    const admission = isLeaving(request) ? {} : (this.#elsewhere?.admission(user, now) ?? {});
    const response =
      'status' in admission ? admission : this.#bindings.register(user, request, flow, now, admission.longest);
    if (response.status >= 300)
      this.#services.log('warn', 'register-refused', {
        user: user.name,
        from: describeFlow(flow),
        status: response.status,
        ...(response.phrase === undefined ? {} : { why: response.phrase }),
      });
    return response;
  }

  restore(user: string, bindings: readonly Binding[], now: Instant): void {
    this.#bindings.restore(user, this.#registrar && this.#directory.named(user) ? bindings : [], now);
  }

  /** A connection is gone. */
  disconnected(flow: Flow, now: Instant): void {
    this.#bindings.disconnected(flow, now);
  }

  // --- for calls ---------------------------------------------------------------------------------------------------

  /** Where a user's devices are: those that ring at once as one target. */
  targets(trunk: Trunk, now: Instant): TargetsFound {
    const { user, name, here } = trunk;
    const bound = this.#bindings.of(name, now);
    const devices: Device[] = [];
    const instances = new Set<string>();
    for (const binding of bound) {
      // RFC 5626 6: of the flows of one device the newest that stands.
      const { instance, q } = binding;
      if (trunk.instance !== undefined && instance !== trunk.instance) continue;
      if (instance !== undefined && instances.has(instance)) continue;
      const target = this.#targetOf(binding);
      if (!target) continue;
      if (instance !== undefined) instances.add(instance);
      devices.push({ target, q });
    }
    // A device is in one place, and a node that has others of his is not asked for it when it is here.
    const elsewhere = here || (trunk.instance !== undefined && devices.length > 0) ? undefined : this.#elsewhere;
    const meant = trunk.instance === undefined ? '' : deviceParam(trunk.instance);
    if (user && elsewhere) for (const target of elsewhere.devices(user, now, meant)) devices.push({ target, q: 1 });
    if (devices.length > 0) return { kind: 'targets', targets: inTurns(devices, trunk, now) };
    const guesses = (user && elsewhere?.guesses(user, now, meant)) ?? [];
    if (guesses.length > 0) return { kind: 'targets', targets: guesses };
    const why = bound.length === 0 ? 'no device is registered' : 'no connection of its devices stands';
    return { kind: 'failed', reason: user ? why : `${why}, and nobody has that name` };
  }

  /** By which flow a device of his is reached that has connected anew since. */
  flowTo({ name }: Trunk, contact: Octets): Flow | undefined {
    return this.#bindings.flowTo(name, contact);
  }

  /** Which of his devices has that Contact. */
  instanceAt({ name }: Trunk, contact: Octets, now: Instant): Octets | undefined {
    return this.#bindings.of(name, now).find(({ uri }) => uri === contact)?.instance;
  }

  /** The nodes that his devices register at are gone, so far as is known here. */
  isLost({ user, here, instance }: Trunk): boolean {
    return user !== undefined && !here && instance === undefined && this.#elsewhere?.isLost(user) === true;
  }

  get way(): TrunkWay {
    return this.#way;
  }

  // --- for people --------------------------------------------------------------------------------------------------

  /** `calls`: those that ring or talk; `inCalls`: who talks. */
  /** Devices that are registered here. */
  get registered(): number {
    return this.#bindings.size;
  }

  inspect(
    now: Instant,
    calls: (user: string) => number,
    inCalls: ReadonlySet<string>,
  ): readonly Record<string, unknown>[] {
    return this.#inspected([...this.#seen(calls, inCalls)], now, calls, inCalls);
  }

  /** Those whose names hold a text, by name, as many as fit a page: nobody's call waits until all were told of. */
  page(
    { text = '', after = '', limit }: UserPage,
    now: Instant,
    calls: (user: string) => number,
    inCalls: ReadonlySet<string>,
  ): { readonly users: readonly Record<string, unknown>[]; readonly total: number; readonly more: boolean } {
    const fit = [...this.#seen(calls, inCalls)].filter((name) => name.includes(text));
    const later = fit.filter((name) => name > after).sort();
    return {
      users: this.#inspected(later.slice(0, limit), now, calls, inCalls),
      total: fit.length,
      more: later.length > limit,
    };
  }

  /** Who is registered, or in a call. */
  #seen(calls: (user: string) => number, inCalls: ReadonlySet<string>): ReadonlySet<string> {
    const made = Object.values(this.#trunks).flatMap((trunks) => [...trunks.keys()]);
    const busy = made.filter((name) => calls(name) > 0);
    return new Set([...this.#bindings.names, ...busy, ...inCalls]);
  }

  #inspected(
    names: readonly string[],
    now: Instant,
    calls: (user: string) => number,
    inCalls: ReadonlySet<string>,
  ): readonly Record<string, unknown>[] {
    return names.map((user) => {
      const devices = this.#bindings.of(user, now).map(({ uri, flow, expiresAt, userAgent, q, instance }) => ({
        contact: uri,
        at: describeFlow(flow),
        expires: new Date(expiresAt).toISOString(),
        ...(userAgent === undefined ? {} : { userAgent }),
        ...(instance === undefined ? {} : { instance: instance.slice(1, -1) }),
        ...(q === 1 ? {} : { q }),
      }));
      return { user, devices, calls: calls(user), inCall: inCalls.has(user) };
    });
  }

  /** The other nodes: whether they live, and how many users have devices there. */
  nodes(now: Instant): readonly Record<string, unknown>[] {
    return this.#elsewhere?.inspect(now) ?? [];
  }

  #isOurs(host: string | undefined): boolean {
    return host !== undefined && this.#domains.has(host);
  }

  /**
   * The source of its REGISTER, whatever its Contact says: a device behind NAT is nowhere else. Its connection has to stand,
   * unless it takes calls at the address that it came from.
   */
  #targetOf({ uri: contact, flow, path }: Binding): TrunkTarget | undefined {
    const { transport, remote, connection, listener } = flow;
    if (!this.#listeners.has(listener)) return undefined;
    const device = { contact, path, listener };
    if (connection === undefined) return { transport, remote, device };
    if (this.#services.flows.stands(flow)) return { transport, remote, connection, device };
    const uri = parseUri(contact);
    const isThere = transport === 'tcp' && path.length === 0 && uri?.host === remote.host && isLiteral(uri.host);
    return isThere ? { transport, remote: { host: remote.host, port: uri.port ?? 5060 }, device } : undefined;
  }

  #changed(user: string, bindings: readonly Binding[], now: Instant): void {
    this.#elsewhere?.changed(user, now);
    this.#services.keep(user, bindings.length > 0 ? bindings : undefined);
  }
}

/** Which users are told of. */
export interface UserPage {
  /** In the name; any unless given. */
  readonly text?: string;
  /** The name after which the page begins. */
  readonly after?: string;
  readonly limit: number;
}

/** Wall ms until which some binding stands. */
function longestOf(bindings: readonly Binding[]): number | undefined {
  return bindings.reduce<number | undefined>((most, { expiresAt }) => Math.max(most ?? 0, expiresAt), undefined);
}

/** It takes back what it registered: that is let happen anywhere. */
function isLeaving(request: SipRequest): boolean {
  if (parseDeltaSeconds(request.get('expires')) === 0) return true;
  return request.all('contact').every((value) => parseNameAddress(value)?.params.get('expires') === '0');
}

/** RFC 3327, RFC 5626, RFC 5627: what a REGISTER may require. */
const registrarExtensions: ReadonlySet<string> = new Set(['path', 'outbound', 'gruu']);

function isLiteral(host: string): boolean {
  return isIpv4Address(host) || isIpv6Address(host);
}

function lower(text: string): string {
  return text.toLowerCase();
}
