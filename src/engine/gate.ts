import type { DialogUser, Sockets } from '#call';
import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Configuration, Listener, Side, Trunk } from '#policy/configuration';
import { nodeTrunkName } from '#policy/nodes';
import { isContactOf, isJoined, TrunkIndex } from '#policy/trunks';
import { bearsName, type Flow, type PeerCertificate } from '#sip/flow';
import type { Challenger } from './challenger.ts';
import type { DropReason } from './ports/index.ts';
import type { Users } from './users/users.ts';

/** Who may speak to us, and by which of our sockets: by address, by certificate, by a flow of ours that leads there. */
export class Gate {
  #configuration!: Configuration;
  #trunks!: TrunkIndex;
  readonly #listeners: ReadonlyMap<string, Listener>;
  /** Of each side, and of each trunk that is joined to some of them only. */
  readonly #sockets = new Map<Side | Trunk, SocketsOf>();
  /** The trunks that are joined to a listener, by its id. */
  #joined!: ReadonlyMap<string, ReadonlySet<Trunk>>;
  #certified!: readonly Trunk[];
  /** Of a trunk that ends at other nodes: what those are called as trunks. */
  #ways!: ReadonlyMap<string, readonly string[]>;
  /** Some datagrams bear a code point. */
  #marks = false;
  /** Hosts with which dialogs stand though no trunk may name them any more. */
  #standing: ReadonlySet<string> = new Set();
  readonly #challenger: Challenger;
  readonly #users: Users;
  /** Connections of which it is known whose they are: by a certificate, or because trunks are registered over them. */
  readonly #proven = new Map<string, readonly Trunk[]>();

  constructor(configuration: Configuration, challenger: Challenger, users: Users) {
    this.#users = users;
    this.#challenger = challenger;
    const { listeners } = configuration;
    this.#listeners = new Map(listeners.map((listener) => [listener.id, listener]));
    for (const side of ['internal', 'external'] as const)
      this.#sockets.set(side, socketsOf(listeners.filter((one) => isJoined({ side }, one))));
    this.#know(configuration);
  }

  /** Others are trunks from now on. `standing`: the hosts with which there are dialogs, which are let in until these end. */
  configure(configuration: Configuration, standing: ReadonlySet<string>): void {
    const before = this.#trunks;
    this.#know(configuration);
    this.#standing = standing;
    this.#trunks.takeOver(before, configuration.trunks);
    const byName = new Map(configuration.trunks.map((trunk) => [trunk.name, trunk]));
    for (const [connection, known] of this.#proven) {
      const trunks = known.flatMap(({ name }) => byName.get(name) ?? []);
      if (trunks.length > 0) this.#proven.set(connection, trunks);
      else this.#proven.delete(connection);
    }
  }

  #know(configuration: Configuration): void {
    const { listeners, trunks, registrar, users = [] } = configuration;
    this.#configuration = configuration;
    this.#marks = [registrar, ...trunks, ...users].some((one) => one?.dscp !== undefined);
    this.#trunks = new TrunkIndex(trunks);
    this.#certified = trunks.filter(({ certificateNames }) => certificateNames !== undefined);
    this.#ways = new Map(trunks.flatMap(({ name, by }) => (by ? [[name, by.nodes.map(nodeTrunkName)]] : [])));
    this.#joined = new Map(listeners.map((one) => [one.id, new Set(trunks.filter((trunk) => isJoined(trunk, one)))]));
    for (const key of this.#sockets.keys()) if (typeof key !== 'string') this.#sockets.delete(key);
  }

  /** What a connection's certificate proves, when it does: the trunk that wants one of its names and trusts its roots. */
  opened(flow: Flow, peer: PeerCertificate | undefined): Trunk | undefined {
    const { connection } = flow;
    if (connection === undefined || !peer) return undefined;
    const identity = { names: peer.names, addresses: [] };
    const joined = this.#joinedTo(flow);
    // A connection to a trunk by way of a node is to that node.
    const vouching = new Set(peer.trustedBy.flatMap((name) => [name, ...(this.#ways.get(name) ?? [])]));
    const trunk = this.#certified.find(
      (one) =>
        joined.has(one) &&
        vouching.has(one.name) &&
        one.certificateNames!.some((wanted) => bearsName(identity, wanted, one.tls?.wildcards === true)),
    );
    if (trunk) this.prove(connection, trunk);
    return trunk;
  }

  /** The connection is the trunk's: it answered rightly there, or we registered over it. */
  prove(connection: string | undefined, trunk: Trunk): void {
    if (connection === undefined) return;
    const known = this.#proven.get(connection) ?? [];
    if (!known.includes(trunk)) this.#proven.set(connection, [...known, trunk]);
  }

  closed(connection: string): void {
    this.#proven.delete(connection);
  }

  /** The addresses that a trunk's names lead to now. */
  learn(trunk: Trunk, hosts: ReadonlySet<string>, now: Instant): void {
    this.#trunks.learn(trunk, hosts, now.mono);
  }

  /** The code point of what goes there. */
  dscpTo(flow: Flow): number | undefined {
    if (!this.#marks) return undefined;
    const trunk = this.#trunks.at(flow.remote.host, this.#joinedTo(flow)) ?? this.#users.sharing(flow);
    return trunk?.dscp?.signalling;
  }

  /** True when requests of some trunk may come from there. */
  isTrunk(host: string): boolean {
    return this.#trunks.names(host) || this.#standing.has(host);
  }

  /** It is known whose connection it is. */
  isProven({ connection }: Flow): boolean {
    return connection !== undefined && this.#proven.has(connection);
  }

  /** Whoever is not known by where he speaks from is let fall: nothing that he says could change that. */
  get turnsStrangersAway(): boolean {
    return this.#configuration.unknownSource === 'ignore' && !this.#challenger.asks;
  }

  /** Whoever no trunk names gets an answer. */
  get refusesStrangers(): boolean {
    return this.#configuration.unknownSource === 'refuse';
  }

  /** Before the parser: what needs no look inside. */
  admits(flow: Flow, octets: string): DropReason | 'pass' {
    if (octets.length < 5 || isBlank(octets)) return 'keep-alive';
    // Responses come from wherever our requests went; their branch is what identifies them.
    if (octets.startsWith('SIP/2.0 ')) return 'pass';
    if (!this.turnsStrangersAway) return 'pass';
    if (flow.connection !== undefined && this.#proven.has(flow.connection)) return 'pass';
    return this.isTrunk(flow.remote.host) ? 'pass' : 'unknown-source';
  }

  /** Whose a request is by where it comes from; a trunk that proves itself by digest is asked to besides. */
  trunkOf(request: SipRequest, flow: Flow, now: Instant): Trunk | undefined {
    const stream = flow.connection !== undefined;
    const proven = stream ? this.#proven.get(flow.connection!) : undefined;
    // Accounts at one provider may share a connection: the one that registered the called Contact is meant.
    if (proven) return proven.find((one) => isContactOf(one, request.target?.user)) ?? proven[0];
    const sentBy = stream ? request.via.port : undefined;
    const joined = this.#joinedTo(flow);
    const trunk = this.#trunks.identify(flow.remote, stream, sentBy, now.mono, joined);
    if (!trunk?.registration) return trunk;
    return this.#trunks.identify(flow.remote, stream, sentBy, now.mono, joined, request.target?.user);
  }

  /**
   * True when what comes by this flow may be said in a dialog: its trunk speaks from there, or proved to be itself, or that is
   * where the dialog was begun, whatever has become of names and nonces since.
   */
  speaksFor(leg: Pick<DialogUser, 'trunk' | 'flow'>, flow: Flow, now: Instant): boolean {
    const { trunk } = leg;
    if (!this.rightTransport(trunk, flow)) return false;
    if (isPlaceOf(leg, flow) || this.#trunks.isHostOf(trunk, flow.remote.host)) return true;
    if (trunk.authenticate && this.#challenger.known(flow, now)?.name === trunk.name) return true;
    // A phone that has connected anew, or was given another port by its NAT, has registered there since.
    if (trunk.user) return this.#users.isAt(trunk.user, flow);
    return (
      flow.connection !== undefined &&
      this.#proven.get(flow.connection)?.some(({ name }) => name === trunk.name) === true
    );
  }

  /** True when the trunk's messages may come by this listener: it is joined to it. */
  rightSide(trunk: Trunk, flow: Flow): boolean {
    // Users are where they registered from, inside or outside.
    if (trunk.user !== undefined) return true;
    const listener = this.#listeners.get(flow.listener);
    return listener !== undefined && isJoined(trunk, listener);
  }

  #joinedTo({ listener }: Flow): ReadonlySet<Trunk> {
    return this.#joined.get(listener) ?? none;
  }

  /** A trunk that speaks TLS does not speak in clear: whoever does so in its name is somebody else. */
  rightTransport(trunk: Trunk, flow: Flow): boolean {
    return trunk.transport !== 'tls' || flow.transport === 'tls';
  }

  /** The sockets that requests to a trunk leave by: those of its listeners, in their order, else of its side. */
  listenersFor(trunk: Trunk, host: string): Sockets {
    const key = trunk.listeners && trunk.user === undefined ? trunk : trunk.side;
    let sockets = this.#sockets.get(key);
    if (!sockets) {
      const named = (trunk.listeners ?? []).flatMap((name) =>
        [...this.#listeners.values()].filter((one) => one.name === name),
      );
      sockets = socketsOf(named.filter((one) => isJoined(trunk, one)));
      this.#sockets.set(key, sockets);
    }
    return host.includes(':') ? sockets.six : sockets.four;
  }
}

/** For IPv4 and for IPv6. */
interface SocketsOf {
  readonly four: Sockets;
  readonly six: Sockets;
}

function socketsOf(listeners: readonly Listener[]): SocketsOf {
  const of = (six: boolean): Sockets => {
    const fits = (transport: string) =>
      listeners.find((one) => one.transport === transport && one.bind.host.includes(':') === six);
    return { udp: fits('udp'), tcp: fits('tcp'), tls: fits('tls') };
  };
  return { four: of(false), six: of(true) };
}

const none: ReadonlySet<Trunk> = new Set();

/** The peer of a dialog speaks from there. Behind the host of one that is known by digest others may live. */
export function isPlaceOf({ trunk, flow: own }: Pick<DialogUser, 'trunk' | 'flow'>, flow: Flow): boolean {
  if (flow.connection !== undefined && flow.connection === own.connection) return true;
  if (flow.remote.host !== own.remote.host) return false;
  return trunk.authenticate === undefined || (flow.connection === undefined && flow.remote.port === own.remote.port);
}

/** CRLFs and nothing else (RFC 5626 4.4.1); a message's first octet tells at once that it is none. */
function isBlank(octets: string): boolean {
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i);
    if (code !== 13 && code !== 10 && code !== 32 && code !== 0) return false;
  }
  return true;
}
