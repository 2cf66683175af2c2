import type { TrunkTarget, Vantage } from '#call';
import { parseDeltaSeconds, parseNameAddress, type SipRequest } from '#codec/sip-message';
import {
  bracketed,
  type Deadlines,
  formatHostPort,
  type HostPort,
  type Instant,
  type Octets,
  type Random,
} from '#kernel';
import type { Configuration, Listener, Trunk, User } from '#policy/configuration';
import { type Home, Homes } from '#policy/nodes';
import type { RegisterOwner } from '#sip/registration';
import type { OutgoingRequest, OutgoingResponse, Sleeper, Target } from '#sip/transaction';

/** Ms between looks at the other nodes, and between bursts of what they are told. */
const lookEvery = 1_000;
const burstEvery = 50;
const mostInBurst = 10;
/** Ms for which a node is believed that it has a user's devices, and after which it says so again. */
const believedFor = 300_000;
const toldEvery = 120_000;

export interface ElsewhereServices {
  readonly configuration: Configuration;
  readonly deadlines: Deadlines<Sleeper>;
  readonly random: Random;
  /** Where a node is; undefined: it lives no more. */
  reach(node: Trunk, now: Instant): TrunkTarget | undefined;
  request(request: OutgoingRequest, target: Target, owner: RegisterOwner, now: number): unknown;
  /** Wall ms until which some device of the user is registered here; undefined: none is. */
  until(user: string, now: Instant): number | undefined;
  user(name: string): User | undefined;
  /** Who has devices here. */
  here(): Iterable<string>;
  /** Those who watch users: a node lives again or no more; where somebody's devices are is not as it was. */
  watching(): { turned(node: string, now: Instant): void; changed(user: string, now: Instant): void };
  log(level: 'info' | 'warn', event: string, fields: Record<string, unknown>): void;
}

interface OtherNode {
  readonly trunk: Trunk;
  lives: boolean;
  /** Monotonic ms. */
  since: number;
}

/**
 * Users at several nodes: a node with devices of a user tells the others that he belongs to, by a REGISTER of its own, with
 * itself as the Contact (RFC 3261 10.2): all of his devices ring, wherever a call comes in. Who is whose is settled by his home:
 * another node takes his devices when all of that is gone for long enough, and lets them go when it is back.
 */
export class Elsewhere implements Sleeper {
  readonly #services: ElsewhereServices;
  readonly #own: string;
  readonly #link: Listener;
  #homes: Homes;
  /** Nodes at which trunks of mobile carriers end: whoever talks by these is in a call there. */
  #mobile: readonly string[] = [];
  #domain: string | undefined;
  readonly #nodes = new Map<string, OtherNode>();
  /** User -> nodes with devices of his, and until when (wall ms). */
  readonly #there = new Map<string, Map<string, number>>();
  /** What is to be told: "node user". */
  readonly #queue = new Map<string, { readonly node: string; readonly user: string }>();
  /** When the others were told of a user, monotonic ms: the longest ago first. */
  readonly #told = new Map<string, number>();
  readonly #callId: string;
  #cseq = 0;

  private constructor(own: string, link: Listener, services: ElsewhereServices) {
    const { configuration, random } = services;
    this.#services = services;
    this.#own = own;
    this.#link = link;
    this.#homes = new Homes(configuration);
    this.configure(configuration);
    this.#callId = random.token(128);
    for (const trunk of configuration.trunks)
      if (trunk.node !== undefined) this.#nodes.set(trunk.node, { trunk, lives: true, since: -Infinity });
  }

  /** Undefined where there is one node only, or nobody registers. */
  static of(services: ElsewhereServices): Elsewhere | undefined {
    const { node, nodes = [], listeners, registrar } = services.configuration;
    const id = nodes.find(({ name }) => name === node)?.link;
    const link = listeners.find((one) => one.id === id);
    return registrar && node !== undefined && link ? new Elsewhere(node, link, services) : undefined;
  }

  /** Who is at home where from now on, and by which domain users are told of. */
  configure(configuration: Configuration): void {
    this.#homes = new Homes(configuration);
    this.#domain = configuration.registrar?.domains[0];
    this.#mobile = configuration.trunks.flatMap(({ mobile, by }) => (mobile && by ? by.nodes : []));
  }

  begin(now: Instant): void {
    this.#services.deadlines.set('nodes', this, now.mono + lookEvery);
  }

  wake(_name: string, now: Instant): void {
    for (const [name, node] of this.#nodes) this.#look(name, node, now);
    for (const [user, at] of this.#told) {
      if (now.mono - at < toldEvery) break;
      this.changed(user, now);
    }
    let left = mostInBurst;
    for (const [key, { node, user }] of this.#queue) {
      if (left-- === 0) break;
      this.#queue.delete(key);
      this.#tell(node, user, now);
    }
    const next = this.#queue.size > 0 ? burstEvery : lookEvery;
    this.#services.deadlines.set('nodes', this, now.mono + next);
  }

  #look(name: string, node: OtherNode, now: Instant): void {
    const lives = this.#services.reach(node.trunk, now) !== undefined;
    if (lives === node.lives) return;
    node.lives = lives;
    node.since = now.mono;
    this.#services.log(lives ? 'info' : 'warn', lives ? 'node-back' : 'node-gone', { node: name });
    // What it was told before it may have forgotten.
    if (lives) for (const user of this.#services.here()) this.#enqueue(name, user);
    this.#services.watching().turned(name, now);
  }

  // --- whose a user is ---------------------------------------------------------------------------------------------

  /** How long his devices may register here for, ms; undefined: as long as anybody's. Or where they are to go instead. */
  admission(user: User, now: Instant): { readonly longest?: number } | OutgoingResponse {
    const home = this.#homes.of(user);
    if (home.nodes.length === 0 || home.nodes.includes(this.#own)) return {};
    const gone = this.#goneFor(home.nodes, now);
    const isOver = gone >= home.takeover;
    if (isOver && (home.backup.includes(this.#own) || this.#goneFor(home.backup, now) > 0))
      return { longest: takenOver };
    if (gone > 0 && !isOver) {
      const seconds = Math.ceil((home.takeover - gone) / 1000);
      return { status: 503, headers: [['Retry-After', String(Math.min(seconds, 60))]] };
    }
    const instead = isOver ? home.backup : home.nodes;
    const alive = instead.filter((name) => this.#nodes.get(name)?.lives);
    return { status: 302, headers: alive.map((name) => ['Contact', `<${this.#uriOf(name, user.name)}>`]) };
  }

  /** All nodes that he belongs to are gone. */
  isLost(user: User): boolean {
    const { nodes } = this.#homes.of(user);
    return nodes.length > 0 && nodes.every((name) => this.#nodes.get(name)?.lives === false);
  }

  /** Ms since the last of them was there; 0 while one is. */
  #goneFor(names: readonly string[], now: Instant): number {
    let least = names.length === 0 ? 0 : Infinity;
    for (const name of names) {
      const node = this.#nodes.get(name);
      least = Math.min(least, !node || node.lives ? 0 : now.mono - node.since);
    }
    return least;
  }

  // --- who is where ------------------------------------------------------------------------------------------------

  /** A node says that it has devices of a user, or none any more. */
  accept(request: SipRequest, { node = '' }: Trunk, user: User, now: Instant): OutgoingResponse {
    const contact = request.all('contact')[0];
    const address = parseNameAddress(contact ?? '');
    const seconds = parseDeltaSeconds(address?.params.get('expires') ?? request.get('expires'));
    if (contact === undefined || !address || seconds === undefined) return { status: 400 };
    const nodes = this.#there.get(user.name) ?? new Map<string, number>();
    const granted = Math.min(seconds, believedFor / 1000);
    const isNews = nodes.has(node) !== granted > 0;
    if (granted > 0) this.#there.set(user.name, nodes.set(node, now.wall + granted * 1000));
    else if (nodes.delete(node) && nodes.size === 0) this.#there.delete(user.name);
    if (isNews) this.#services.watching().changed(user.name, now);
    return { status: 200, headers: granted > 0 ? [['Contact', `<${address.uri}>;expires=${granted}`]] : [] };
  }

  /** By way of which nodes his devices ring that are registered there; `meant`: parameters of the URI that names one of them. */
  devices(user: User, now: Instant, meant: Octets = ''): readonly TrunkTarget[] {
    const nodes = this.#there.get(user.name);
    if (!nodes) return [];
    return [...nodes].flatMap(([name, until]) => (until > now.wall ? this.#targets([name], user, now, meant) : []));
  }

  /** Where he might be, when nobody has said that he is anywhere. */
  guesses(user: User, now: Instant, meant: Octets = ''): readonly TrunkTarget[] {
    const { nodes, backup }: Home = this.#homes.of(user);
    return this.#targets([...nodes, ...backup], user, now, meant);
  }

  #targets(names: readonly string[], user: User, now: Instant, meant: Octets): readonly TrunkTarget[] {
    return names.flatMap((name) => {
      const node = this.#nodes.get(name);
      const at = node && this.#services.reach(node.trunk, now);
      if (!at) return [];
      const contact = this.#uriOf(name, user.name) + meant;
      return [{ ...at, node: true, device: { contact, path: [], listener: this.#link.id } }];
    });
  }

  /** The other nodes that calls of his may pass: where he is at home, where devices of his are or may be, where mobile trunks end. */
  nodesOf(user: User, now: Instant): readonly string[] {
    const { nodes, backup } = this.#homes.of(user);
    const names = new Set([...nodes, ...this.#mobile]);
    // Who does not belong there is not told that others have taken him.
    if (!nodes.includes(this.#own)) for (const name of backup) names.add(name);
    for (const [name, until] of this.#there.get(user.name) ?? []) if (until > now.wall) names.add(name);
    return [...names].filter((name) => this.#nodes.has(name));
  }

  /** Where a node is asked about a user; undefined while it lives no more. */
  vantage(name: string, user: User, now: Instant): Vantage | undefined {
    const trunk = this.#nodes.get(name)?.trunk;
    const [target] = this.#targets([name], user, now, '');
    if (!trunk || !target) return undefined;
    return { trunk, target, from: `<${this.#addressOf(user.name, target)}>` };
  }

  #addressOf(user: string, { remote }: TrunkTarget): string {
    return `sip:${user}@${this.#domain ?? bracketed(remote.host)}`;
  }

  /** It speaks from a node: what it says in calls to users is let in. */
  isNode(host: string): boolean {
    for (const { trunk } of this.#nodes.values()) if (trunk.addresses.some((one) => one.host === host)) return true;
    return false;
  }

  /** Devices of his have come or gone: the others that he belongs to are told. */
  changed(user: string, now: Instant): void {
    this.#told.delete(user);
    if (this.#services.until(user, now) !== undefined) this.#told.set(user, now.mono);
    for (const name of this.#nodes.keys()) this.#enqueue(name, user);
  }

  #enqueue(node: string, name: string): void {
    const user = this.#services.user(name);
    if (!user) return;
    const { nodes, backup } = this.#homes.of(user);
    if (nodes.length > 0 && !nodes.includes(node) && !backup.includes(node)) return;
    this.#queue.set(`${node} ${name}`, { node, user: name });
  }

  #tell(name: string, user: string, now: Instant): void {
    const { trunk } = this.#nodes.get(name)!;
    const at = this.#services.reach(trunk, now);
    // It is told when it is back.
    if (!at) return;
    const until = this.#services.until(user, now);
    const left = until === undefined ? 0 : Math.ceil((until - now.wall) / 1000);
    const seconds = String(Math.max(0, Math.min(left, believedFor / 1000)));
    const address = `<${this.#addressOf(user, at)}>`;
    const request: OutgoingRequest = {
      method: 'REGISTER',
      uri: `sip:${this.#domain ?? bracketed(at.remote.host)}`,
      from: `${address};tag=${this.#services.random.token(64)}`,
      to: address,
      callId: this.#callId,
      cseq: ++this.#cseq,
      routes: [],
      headers: [
        ['Max-Forwards', '70'],
        ['Contact', `<${uriAt(user, this.#link)}>;expires=${seconds}`],
        ['Expires', seconds],
      ],
      body: '',
    };
    const { transport, remote, tls } = at;
    const target: Target = {
      transport,
      remote,
      listeners: { udp: undefined, tcp: undefined, tls: undefined, [transport]: this.#link.id },
      tls,
    };
    this.#services.request(request, target, nobody, now.mono);
  }

  #uriOf(name: string, user: string): string {
    const { addresses, transport } = this.#nodes.get(name)!.trunk;
    return uriAt(user, { transport, advertise: addresses[0]! });
  }

  inspect(now: Instant): readonly Record<string, unknown>[] {
    return [...this.#nodes].map(([node, { lives, since }]) => ({
      node,
      state: lives ? 'lives' : 'gone',
      ...(lives ? {} : { since: new Date(now.wall - (now.mono - since)).toISOString() }),
      users: [...this.#there.values()].filter((nodes) => (nodes.get(node) ?? 0) > now.wall).length,
    }));
  }
}

/** Ms for which another's users register: they are to come back soon, and be sent home when that is there again. */
const takenOver = 60_000;

/** What becomes of it the next one tells. */
const nobody: RegisterOwner = { onResponse: () => {}, onFailure: () => {} };

function uriAt(
  user: string,
  { transport, advertise }: { readonly transport: string; readonly advertise: HostPort },
): string {
  return `sip:${user}@${formatHostPort(advertise)}${transport === 'udp' ? '' : `;transport=${transport}`}`;
}
