import type { HostPort } from '#kernel';
import type { Listener, Trunk } from '#policy/configuration';
import { NetworkTable, prefixOf } from './network.ts';

interface Entry {
  readonly trunk: Trunk;
  readonly port: number | undefined;
}

/**
 * Ms for which a host stays a trunk's that its names have ceased to lead to. Servers take turns in many an answer of the DNS,
 * and whoever is not named now was a minute ago.
 */
const formerly = 3_600_000;
/** Former hosts that are kept of a trunk, for calls that were begun there: what comes in them is let in for as long. */
const mostFormer = 64;

/**
 * Which trunk a source address belongs to: by its own addresses, by what the DNS says its names are, by its networks. An
 * entry that names a port wants it of the source; on a stream, where the source port is ephemeral, of the topmost Via's
 * sent-by. `now`: monotonic ms.
 */
export class TrunkIndex {
  readonly #byHost = new Map<string, Entry[]>();
  readonly #networks = new NetworkTable<readonly Trunk[]>();
  /** Trunk name -> hosts that its names were resolved to, and until when new calls may come from there; the former ones first. */
  readonly #resolved = new Map<string, Map<string, number>>();
  readonly #byResolved = new Map<string, Trunk[]>();

  constructor(trunks: readonly Trunk[]) {
    for (const trunk of trunks) {
      // What comes from there is the node's, and of a node that has a certificate what comes with that.
      if (trunk.by || (trunk.node !== undefined && trunk.transport === 'tls')) continue;
      for (const { host, port, matchPort } of trunk.addresses) this.#add(host, trunk, matchPort ? port : undefined);
      // What goes out by a proxy comes back by it, from whichever port.
      for (const { host } of trunk.nextHops ?? []) this.#add(host, trunk, undefined);
    }
    this.#addNetworks(trunks);
  }

  /** What is known of the names of those that are trunks here as well. */
  takeOver(before: TrunkIndex, trunks: readonly Trunk[]): void {
    for (const trunk of trunks) {
      const known = before.#resolved.get(trunk.name);
      if (!known) continue;
      this.#resolved.set(trunk.name, new Map(known));
      for (const host of known.keys()) this.#byResolved.set(host, [...(this.#byResolved.get(host) ?? []), trunk]);
    }
  }

  /** What the names of a trunk lead to now. */
  learn(trunk: Trunk, hosts: ReadonlySet<string>, now: number): void {
    const known = this.#resolved.get(trunk.name) ?? new Map<string, number>();
    this.#resolved.set(trunk.name, known);
    for (const [host, until] of known) if (until === Infinity && !hosts.has(host)) known.set(host, now + formerly);
    for (const host of hosts) {
      if (!known.delete(host)) this.#byResolved.set(host, [...(this.#byResolved.get(host) ?? []), trunk]);
      known.set(host, Infinity);
    }
    for (const host of known.keys()) {
      if (known.size - hosts.size <= mostFormer) return;
      known.delete(host);
      const left = this.#byResolved.get(host)!.filter((other) => other !== trunk);
      if (left.length > 0) this.#byResolved.set(host, left);
      else this.#byResolved.delete(host);
    }
  }

  /** True when some trunk's requests may come from the host: the gate before the parser. */
  names(host: string): boolean {
    return this.#byHost.has(host) || this.#byResolved.has(host) || this.#networks.find(host) !== undefined;
  }

  /** The first trunk that has the host, whatever the port; of several one of those that `joined` names. */
  at(host: string, joined: ReadonlySet<Trunk>): Trunk | undefined {
    const all = [
      ...(this.#byHost.get(host) ?? []).map(({ trunk }) => trunk),
      ...(this.#byResolved.get(host) ?? []),
      ...(this.#networks.find(host) ?? []),
    ];
    return all.find((trunk) => joined.has(trunk)) ?? all[0];
  }

  /**
   * `joined`: the trunks of the listening point that it came by. The same peer may be another trunk by another one; where it is
   * none by this one, that which it is elsewhere is told, so that people may be. Several accounts at one provider come from the
   * same address: the one that registered the called Contact is meant.
   */
  identify(
    source: HostPort,
    stream: boolean,
    sentByPort: number | undefined,
    now: number,
    joined: ReadonlySet<Trunk>,
    called?: string,
  ): Trunk | undefined {
    let first: Trunk | undefined;
    let elsewhere: Trunk | undefined;
    for (const { trunk, port } of this.#byHost.get(source.host) ?? []) {
      if (port !== undefined && port !== source.port && !(stream && port === (sentByPort ?? 5060))) continue;
      if (!joined.has(trunk)) elsewhere ??= trunk;
      else if (isContactOf(trunk, called)) return trunk;
      else first ??= trunk;
    }
    for (const trunk of this.#byResolved.get(source.host) ?? []) {
      if (this.#resolved.get(trunk.name)!.get(source.host)! <= now) continue;
      if (!joined.has(trunk)) elsewhere ??= trunk;
      else if (isContactOf(trunk, called)) return trunk;
      else first ??= trunk;
    }
    if (first) return first;
    const around = this.#networks.find(source.host);
    return around?.find((trunk) => joined.has(trunk)) ?? elsewhere ?? around?.[0];
  }

  /** True when it is one of the trunk's hosts, or was one, whichever port it speaks from. */
  isHostOf(trunk: Trunk, host: string): boolean {
    if (trunk.addresses.some((address) => address.host === host)) return true;
    if (trunk.nextHops?.some((hop) => hop.host === host)) return true;
    if (this.#resolved.get(trunk.name)?.has(host)) return true;
    return trunk.networks !== undefined && this.#networks.find(host)?.includes(trunk) === true;
  }

  #add(host: string, trunk: Trunk, port: number | undefined): void {
    const entries = this.#byHost.get(host);
    if (entries) entries.push({ trunk, port });
    else this.#byHost.set(host, [{ trunk, port }]);
  }

  /** Each network with the trunks that an address in it may be of, that of the narrowest first: wider ones are there already. */
  #addNetworks(trunks: readonly Trunk[]): void {
    const all = trunks
      .flatMap((trunk) => (trunk.networks ?? []).map((network) => ({ trunk, network })))
      .sort((a, b) => a.network.bits - b.network.bits);
    for (const { trunk, network } of all) {
      const prefix = prefixOf(network);
      if (prefix) this.#networks.add(prefix, [trunk, ...(this.#networks.find(network.host) ?? [])]);
    }
  }
}

/** True when the trunk is joined to a listening point of ours: to those that it names, else to all of its side. */
export function isJoined(
  { side, listeners }: Pick<Trunk, 'side' | 'listeners'>,
  listener: Pick<Listener, 'name' | 'side'>,
): boolean {
  if (listener.side !== 'both' && listener.side !== side) return false;
  return !listeners || listeners.includes(listener.name);
}

/** `user` is what the trunk registered to be called by. */
export function isContactOf({ registration, identity }: Trunk, user: string | undefined): boolean {
  return registration !== undefined && user !== undefined && user === (registration.contactUser ?? identity?.user);
}
