import { Resolver } from 'node:dns';
import { isIP } from 'node:net';
import type { HostPort } from '#kernel';

/** How long the system's list is believed, ms: a lease of DHCP may bring another. */
const listAge = 30_000;
/** How long a server that does not answer is asked last, ms. */
const shunned = 30_000;
/** Questions in a row without an answer until then. */
const maxSilences = 2;

/** One name server, and how it has behaved. Times are monotonic ms. */
export class Server {
  readonly address: HostPort;
  #silences = 0;
  #silentAt = 0;

  constructor(address: HostPort) {
    this.address = address;
  }

  answered(): void {
    this.#silences = 0;
  }

  silent(now: number): void {
    this.#silences++;
    this.#silentAt = now;
  }

  /** Nobody listens there, or no way leads there. */
  unreachable(now: number): void {
    this.#silences = Math.max(this.#silences, maxSilences - 1);
    this.silent(now);
  }

  isShunned(now: number): boolean {
    return this.#silences >= maxSilences && now < this.#silentAt + shunned;
  }
}

/** The name servers in the order in which they are asked: as configured, those that do not answer at the end. */
export class Servers {
  readonly #isSystems: boolean;
  #servers: readonly Server[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  /** Those of the system when none are given. */
  constructor(configured: readonly HostPort[]) {
    this.#isSystems = configured.length === 0;
    if (!this.#isSystems) this.#set(configured);
  }

  inOrder(now: number): readonly Server[] {
    if (this.#isSystems && now >= this.#readAt + listAge) {
      this.#readAt = now;
      this.#set(systemServers());
    }
    const servers = this.#servers;
    if (!servers.some((server) => server.isShunned(now))) return servers;
    return [
      ...servers.filter((server) => !server.isShunned(now)),
      ...servers.filter((server) => server.isShunned(now)),
    ];
  }

  #set(addresses: readonly HostPort[]): void {
    this.#servers = addresses.map(
      (address) =>
        this.#servers.find((known) => known.address.host === address.host && known.address.port === address.port) ??
        new Server(address),
    );
  }
}

/** What resolv.conf and its like name: "192.0.2.53", "[2001:db8::53]:5300". A new Resolver reads it anew. */
function systemServers(): readonly HostPort[] {
  return new Resolver().getServers().flatMap((text) => parseServer(text) ?? []);
}

export function parseServer(text: string): HostPort | undefined {
  if (isIP(text) !== 0) return { host: text, port: 53 };
  const colon = text.lastIndexOf(':');
  const host = text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text.slice(0, colon);
  const port = text.endsWith(']') ? 53 : Number(text.slice(colon + 1));
  return isIP(host) !== 0 && port > 0 && port < 65536 ? { host, port } : undefined;
}
