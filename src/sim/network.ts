import { formatHostPort, type HostPort, type Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Agenda } from './agenda.ts';
import type { Dice } from './dice.ts';
import type { Mix } from './mix.ts';

/** Whoever has sockets on the network. */
export interface Endpoint {
  readonly name: string;
  readonly alive: boolean;
  received(flow: Flow, octets: Octets): void;
  opened(flow: Flow): void;
  closed(connection: string, reason: string): void;
  /** A datagram of its certainly did not arrive. */
  undeliverable(listener: string, to: HostPort): void;
}

interface Socket {
  readonly endpoint: Endpoint;
  readonly address: HostPort;
  readonly listeners: Listeners;
}

/** Names that an endpoint has for what it listens by at one address. */
export type Listeners = { readonly [transport in Flow['transport']]?: string };

interface End {
  readonly endpoint: Endpoint;
  readonly flow: Flow;
  /** When the last segment to this end arrives: none overtakes it. */
  last: number;
}

interface Connection {
  readonly ends: readonly [End, End];
  state: 'opening' | 'open' | 'gone';
  readonly waiting: Octets[];
}

/** What one pair of hosts has between them. */
interface Link {
  readonly delay: number;
  readonly jitter: number;
  cutUntil: number;
}

export interface NetworkOptions {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly mix: Mix;
  readonly onMessage: (from: string, to: string, octets: Octets, fate: string) => void;
}

/** Datagrams that are lost, doubled, overtaken and late; streams that are late and break; links that are cut. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #sockets = new Map<string, Socket>();
  readonly #links = new Map<string, Link>();
  readonly #connections = new Map<string, Connection>();
  #accepted = 0;
  #calm = false;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  attach(endpoint: Endpoint, address: HostPort, listeners: Listeners): void {
    this.#sockets.set(formatHostPort(address), { endpoint, address, listeners });
  }

  /** From now on everything arrives, in time. */
  calm(): void {
    this.#calm = true;
    for (const link of this.#links.values()) link.cutUntil = 0;
  }

  cut(one: string, other: string, until: number): void {
    this.#link(one, other).cutUntil = until;
  }

  get streams(): number {
    return this.#connections.size;
  }

  /** Breaks one of the standing connections. */
  reset(): void {
    const open = [...new Set(this.#connections.values())].filter(({ state }) => state === 'open');
    if (open.length > 0) this.#close(this.#options.dice.pick(open), 'reset by peer', undefined);
  }

  /** Names of the connections that one end has by TLS. */
  secure(endpoint: Endpoint): readonly string[] {
    return [...new Set(this.#connections.values())]
      .filter(({ state }) => state === 'open')
      .flatMap(({ ends }) => ends.filter((end) => end.endpoint === endpoint && end.flow.transport === 'tls'))
      .map(({ flow }) => flow.connection!);
  }

  send(endpoint: Endpoint, local: HostPort, flow: Flow, octets: Octets): void {
    if (flow.connection === undefined) this.datagram(endpoint, flow.listener, local, flow.remote, octets);
    else this.#segment(endpoint, flow.connection, octets);
  }

  /** `local` is what the receiver takes for the source: a hostile peer may claim another's. */
  datagram(from: Endpoint, listener: string, local: HostPort, to: HostPort, octets: Octets): void {
    const { agenda, dice, mix, onMessage } = this.#options;
    const target = this.#sockets.get(formatHostPort(to));
    const link = this.#link(local.host, to.host);
    const fate = (what: string) => onMessage(from.name, target?.endpoint.name ?? formatHostPort(to), octets, what);
    const socket = target?.listeners.udp;
    if (!target || socket === undefined) return fate('nobody there');
    if (!this.#calm) {
      if (agenda.now < link.cutUntil) return fate('cut');
      if (mix.faults.has('loss') && dice.chance(0.12)) return fate('lost');
    }
    const copies = !this.#calm && mix.faults.has('duplicates') && dice.chance(0.1) ? 2 : 1;
    fate(copies > 1 ? 'doubled' : '');
    for (let copy = 0; copy < copies; copy++) {
      agenda.in(this.#delay(link, copy > 0), () => {
        const { endpoint } = target;
        if (endpoint.alive) {
          endpoint.received({ transport: 'udp', listener: socket, remote: local }, octets);
        } else if (mix.faults.has('unreachable') && from.alive) {
          agenda.in(link.delay, () => from.alive && from.undeliverable(listener, to));
        }
      });
    }
  }

  connect(endpoint: Endpoint, local: HostPort, flow: Flow): void {
    const { agenda, dice, mix } = this.#options;
    const { transport } = flow;
    const target = this.#sockets.get(formatHostPort(flow.remote));
    const link = this.#link(local.host, flow.remote.host);
    const own: End = { endpoint, flow, last: 0 };
    const fail = (reason: string, after: number) =>
      void agenda.in(after, () => endpoint.alive && endpoint.closed(flow.connection!, reason));
    const listener = target?.listeners[transport];
    if (!target?.endpoint.alive || listener === undefined) return fail('refused', 2 * link.delay);
    if (agenda.now < link.cutUntil) return fail('timed out', Math.min(link.cutUntil - agenda.now, 5_000));
    if (!this.#calm && transport === 'tls' && mix.faults.has('handshakes') && dice.chance(0.25))
      return fail('TLS: the certificate has expired', 4 * link.delay);
    const remote = { host: local.host, port: 30_000 + dice.integer(20_000) };
    const other: End = {
      endpoint: target.endpoint,
      flow: { transport, listener, remote, connection: `in-${++this.#accepted}` },
      last: 0,
    };
    const connection: Connection = { ends: [own, other], state: 'opening', waiting: [] };
    this.#connections.set(key(own), connection);
    this.#connections.set(key(other), connection);
    agenda.in(this.#delay(link, false), () => {
      if (connection.state !== 'opening') return;
      if (!other.endpoint.alive) return this.#close(connection, 'refused', other);
      other.endpoint.opened(other.flow);
      own.last = agenda.now + link.delay;
      agenda.at(own.last, () => {
        if (connection.state !== 'opening') return;
        connection.state = 'open';
        own.endpoint.opened(own.flow);
        for (const octets of connection.waiting.splice(0)) this.#segment(own.endpoint, flow.connection!, octets);
      });
    });
  }

  close(endpoint: Endpoint, id: string): void {
    const connection = this.#connections.get(`${endpoint.name} ${id}`);
    if (connection) this.#close(connection, 'closed', undefined);
  }

  /** The endpoint's process is gone, and its connections with it. */
  died(endpoint: Endpoint): void {
    for (const connection of new Set(this.#connections.values())) {
      const own = connection.ends.find((end) => end.endpoint === endpoint);
      if (own) this.#close(connection, 'reset by peer', own);
    }
  }

  #segment(endpoint: Endpoint, id: string, octets: Octets): void {
    const { agenda, onMessage } = this.#options;
    const connection = this.#connections.get(`${endpoint.name} ${id}`);
    if (!connection) return onMessage(endpoint.name, '?', octets, 'no such connection');
    const [first, second] = connection.ends;
    if (connection.state === 'opening') {
      // What the accepting end sends before the other knows of it would have to wait as well: it never does.
      if (first.endpoint === endpoint) {
        connection.waiting.push(octets);
        return;
      }
    }
    const to = first.endpoint === endpoint ? second : first;
    onMessage(endpoint.name, to.endpoint.name, octets, to.flow.transport);
    const link = this.#link(first.flow.remote.host, second.flow.remote.host);
    const start = this.#calm ? agenda.now : Math.max(agenda.now, link.cutUntil);
    to.last = Math.max(to.last, start + this.#delay(link, false));
    agenda.at(to.last, () => {
      if (connection.state !== 'gone' && to.endpoint.alive) to.endpoint.received(to.flow, octets);
    });
  }

  /** Both ends learn of it but `silent`, who did it or died. */
  #close(connection: Connection, reason: string, silent: End | undefined): void {
    const { agenda } = this.#options;
    if (connection.state === 'gone') return;
    connection.state = 'gone';
    for (const end of connection.ends) {
      this.#connections.delete(key(end));
      if (end === silent) continue;
      const { endpoint, flow } = end;
      agenda.in(1, () => endpoint.alive && endpoint.closed(flow.connection!, reason));
    }
  }

  #delay({ delay, jitter }: Link, copy: boolean): number {
    const { dice, mix } = this.#options;
    let ms = delay + dice.between(0, jitter);
    if (this.#calm) return ms;
    if (mix.faults.has('reordering') && dice.chance(0.15)) ms += dice.between(1, dice.chance(0.2) ? 3_000 : 200);
    if (copy) ms += dice.between(0, 800);
    return ms;
  }

  #link(one: string, other: string): Link {
    const { dice, mix } = this.#options;
    const name = one < other ? `${one} ${other}` : `${other} ${one}`;
    let link = this.#links.get(name);
    if (!link) {
      const long = mix.faults.has('long-ways') && dice.chance(0.5);
      link = {
        delay: long ? dice.between(50, 600) : dice.between(0.2, 40),
        jitter: dice.between(0, long ? 100 : 5),
        cutUntil: 0,
      };
      this.#links.set(name, link);
    }
    return link;
  }
}

function key({ endpoint, flow }: End): string {
  return `${endpoint.name} ${flow.connection}`;
}
