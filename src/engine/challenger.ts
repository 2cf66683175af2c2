import { DigestServer } from '#codec/digest';
import { type Header, parseUri, type SipRequest } from '#codec/sip-message';
import { type Instant, type Octets, type Random, Sensitive } from '#kernel';
import type { DigestAlgorithm, Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { Users } from './users/users.ts';

/** Ms that a nonce of ours is good for. */
const nonceLifetime = 300_000;
/** Ms that an address stays known as that of a trunk which proved itself there, for what can't be challenged. */
const knownFor = 3_600_000;
/** Addresses that are known so at once. */
const mostKnown = 10_000;

export type Challenged =
  | { readonly kind: 'proven'; readonly trunk: Trunk }
  | {
      readonly kind: 'refused';
      readonly status: 400 | 401;
      readonly headers: readonly Header[];
      readonly wrong: boolean;
    };

/** What is asked for in one realm. */
interface Realm {
  readonly name: string;
  readonly algorithms: readonly DigestAlgorithm[];
}

/** Realms that one challenge asks for: more would not fit into a datagram, and make a small packet a large one. */
const mostRealms = 4;

/** Trunks and users that prove themselves by digest (RFC 3261 22.2): asks, verifies, and remembers where they speak from. */
export class Challenger {
  /** By realm and username. */
  readonly #trunks = new Map<string, Trunk>();
  #realms: readonly Realm[] = [];
  #names: readonly string[] = [];
  readonly #users: Users;
  readonly #server: DigestServer;
  /** "udp 192.0.2.9:5060" or a connection -> whose it was, and until when (monotonic ms). */
  readonly #known = new Map<string, { readonly trunk: Trunk; readonly until: number }>();

  constructor(trunks: readonly Trunk[], users: Users, random: Random) {
    this.#users = users;
    this.#server = new DigestServer({ secret: new Sensitive(random.token(256)), random, nonceLifetime });
    this.configure(trunks);
  }

  /** Whom to ask from now on; who proved himself goes on being known. */
  configure(trunks: readonly Trunk[]): void {
    this.#trunks.clear();
    const users = this.#users;
    const byRealm = new Map<string, (readonly DigestAlgorithm[])[]>();
    for (const trunk of trunks) {
      if (!trunk.authenticate) continue;
      const { realm, username, algorithms } = trunk.authenticate;
      this.#trunks.set(keyOfAccount(username, realm), trunk);
      byRealm.set(realm, [...(byRealm.get(realm) ?? []), algorithms]);
    }
    if (users.realm !== undefined) byRealm.set(users.realm, [users.algorithms, ...(byRealm.get(users.realm) ?? [])]);
    this.#realms = [...byRealm].map(([name, each]) => ({ name, algorithms: commonOf(each) }));
    this.#names = this.#realms.map(({ name }) => name);
    const byName = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    for (const [key, { trunk, until }] of this.#known) {
      const now = trunk.user ? this.#users.trunk(trunk.name) && trunk : byName.get(trunk.name);
      if (now?.authenticate) this.#known.set(key, { trunk: now, until });
      else this.#known.delete(key);
    }
  }

  /** Users are known by digest alone, or some trunk is: anybody may have to be asked. */
  get asks(): boolean {
    return this.#trunks.size > 0 || this.#users.realm !== undefined;
  }

  /** Whose a request is that can't be challenged (ACK, CANCEL) or stands in a dialog: by where it comes from. */
  known(flow: Flow, now: Instant): Trunk | undefined {
    const entry = this.#known.get(keyOf(flow));
    return entry && entry.until > now.mono ? entry.trunk : undefined;
  }

  /**
   * `suspect` is the trunk that the address or the dialog says it is; any that proves itself by digest when undefined; `users`:
   * none but they.
   */
  challenge(request: SipRequest, flow: Flow, suspect: Trunk | 'users' | undefined, now: Instant): Challenged {
    const own = suspect === 'users' ? this.#ofUsers() : suspect?.authenticate;
    const trunkOf = (username: string, realm: string) => {
      const trunk = this.#trunkOf(username, realm, flow);
      if (suspect === 'users') return trunk?.user ? trunk : undefined;
      return !suspect || trunk?.name === suspect.name ? trunk : undefined;
    };
    const source = flow.remote.host;
    const verdict = this.#server.verify(
      {
        values: request.all('authorization'),
        method: request.method,
        uris: resourcesOf(request),
        source,
        realms: own ? [own.realm] : this.#names,
      },
      (username, realm) => trunkOf(username, realm)?.authenticate,
      now.mono,
    );
    if (verdict.kind === 'ok') {
      const trunk = trunkOf(verdict.username, verdict.realm)!;
      this.#remember(flow, trunk, now);
      return { kind: 'proven', trunk };
    }
    if (verdict.kind === 'malformed') return { kind: 'refused', status: 400, headers: [], wrong: true };
    const stale = verdict.kind === 'stale' || verdict.kind === 'replayed';
    const headers: Header[] = [];
    for (const { name, algorithms } of own ? [{ name: own.realm, algorithms: own.algorithms }] : this.#asked(request)) {
      for (const value of this.#server.challenge(name, algorithms, source, now.mono, stale))
        headers.push(['WWW-Authenticate', value]);
    }
    return { kind: 'refused', status: 401, headers, wrong: verdict.kind === 'wrong' };
  }

  #trunkOf(username: string, realm: string, flow: Flow): Trunk | undefined {
    const trunk = this.#trunks.get(keyOfAccount(username, realm));
    return trunk ?? (realm === this.#users.realm ? this.#users.trunk(username, flow) : undefined);
  }

  #ofUsers(): { readonly realm: string; readonly algorithms: readonly DigestAlgorithm[] } {
    return { realm: this.#users.realm!, algorithms: this.#users.algorithms };
  }

  /** The realms to ask a stranger for: where there are many, first those that bear a name that the request speaks of. */
  #asked(request: SipRequest): readonly Realm[] {
    if (this.#realms.length <= mostRealms) return this.#realms;
    const hosts = new Set([request.from.uri, request.to.uri, request.uri].map((uri) => parseUri(uri)?.host));
    const named = this.#realms.filter(({ name }) => hosts.has(name));
    return [...named, ...this.#realms.filter((one) => !named.includes(one))].slice(0, mostRealms);
  }

  #remember(flow: Flow, trunk: Trunk, now: Instant): void {
    const key = keyOf(flow);
    // Remembered again it moves to the end: the Map stays in order of age.
    this.#known.delete(key);
    if (this.#known.size >= mostKnown) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(key, { trunk, until: now.mono + knownFor });
  }
}

/** Whoever is asked is not known yet: he is offered what each trunk of the realm takes; where that is nothing, all that some takes. */
function commonOf(each: readonly (readonly DigestAlgorithm[])[]): readonly DigestAlgorithm[] {
  const all = [...new Set(each.flat())];
  const common = all.filter((algorithm) => each.every((algorithms) => algorithms.includes(algorithm)));
  return common.length > 0 ? common : all;
}

/** RFC 3261 22.4: a proxy on the way may have put another host into the Request-URI; the number is to be that of the digest. */
function resourcesOf({ uri, target, to }: SipRequest): readonly Octets[] {
  const written = parseUri(to.uri);
  return written && written.user !== undefined && written.user === target?.user ? [uri, to.uri] : [uri];
}

function keyOfAccount(username: string, realm: string): string {
  return `${username}\0${realm}`;
}

function keyOf({ transport, remote, connection }: Flow): string {
  return connection ?? `${transport} ${remote.host} ${remote.port}`;
}
