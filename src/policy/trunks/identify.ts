import type { HostPort } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { contains, type Prefix, prefixOf } from './network.ts';

interface Entry {
  readonly trunk: Trunk;
  readonly port: number | undefined;
}

/**
 * Which trunk a source address belongs to: by its own addresses, by what the DNS says its names are, by its networks. An
 * entry that names a port wants it of the source; on a stream, where the source port is ephemeral, of the topmost Via's
 * sent-by.
 */
export class TrunkIndex {
  readonly #byHost = new Map<string, Entry[]>();
  readonly #networks: { readonly trunk: Trunk; readonly prefix: Prefix }[] = [];
  /** Trunk name -> hosts that its names were resolved to. */
  readonly #resolved = new Map<string, ReadonlySet<string>>();
  readonly #byResolved = new Map<string, Trunk[]>();

  constructor(trunks: readonly Trunk[]) {
    for (const trunk of trunks) {
      for (const { host, port, matchPort } of trunk.addresses) {
        const entries = this.#byHost.get(host) ?? [];
        entries.push({ trunk, port: matchPort ? port : undefined });
        this.#byHost.set(host, entries);
      }
      // What goes out by a proxy comes back by it, from whichever port.
      for (const { host } of trunk.nextHops ?? []) {
        const entries = this.#byHost.get(host) ?? [];
        entries.push({ trunk, port: undefined });
        this.#byHost.set(host, entries);
      }
      for (const network of trunk.networks ?? []) {
        const prefix = prefixOf(network);
        if (prefix) this.#networks.push({ trunk, prefix });
      }
    }
    // The narrowest network decides.
    this.#networks.sort((a, b) => b.prefix.bits - a.prefix.bits);
  }

  /** What the names of a trunk lead to now; replaces what they led to before. */
  learn(trunk: Trunk, hosts: ReadonlySet<string>): void {
    for (const host of this.#resolved.get(trunk.name) ?? []) {
      const left = this.#byResolved.get(host)?.filter((other) => other !== trunk) ?? [];
      if (left.length > 0) this.#byResolved.set(host, left);
      else this.#byResolved.delete(host);
    }
    this.#resolved.set(trunk.name, hosts);
    for (const host of hosts) this.#byResolved.set(host, [...(this.#byResolved.get(host) ?? []), trunk]);
  }

  /** True when some trunk's requests may come from the host: the gate before the parser. */
  names(host: string): boolean {
    return this.#byHost.has(host) || this.#byResolved.has(host) || this.#inNetwork(host) !== undefined;
  }

  /** The first trunk that has the host, whatever the port. */
  at(host: string): Trunk | undefined {
    return this.#byHost.get(host)?.[0]?.trunk ?? this.#byResolved.get(host)?.[0] ?? this.#inNetwork(host);
  }

  /** Several accounts at one provider come from the same address: the one that registered the called Contact is meant. */
  identify(source: HostPort, stream: boolean, sentByPort: number | undefined, called?: string): Trunk | undefined {
    let first: Trunk | undefined;
    for (const { trunk, port } of this.#byHost.get(source.host) ?? []) {
      if (port !== undefined && port !== source.port && !(stream && port === (sentByPort ?? 5060))) continue;
      if (isContactOf(trunk, called)) return trunk;
      first ??= trunk;
    }
    for (const trunk of this.#byResolved.get(source.host) ?? []) {
      if (isContactOf(trunk, called)) return trunk;
      first ??= trunk;
    }
    return first ?? this.#inNetwork(source.host);
  }

  /** True when it is one of the trunk's hosts, whichever port it speaks from. */
  isHostOf(trunk: Trunk, host: string): boolean {
    if (trunk.addresses.some((address) => address.host === host)) return true;
    if (trunk.nextHops?.some((hop) => hop.host === host)) return true;
    if (this.#resolved.get(trunk.name)?.has(host)) return true;
    return this.#networks.some((entry) => entry.trunk === trunk && contains(entry.prefix, host));
  }

  #inNetwork(host: string): Trunk | undefined {
    if (this.#networks.length === 0) return undefined;
    return this.#networks.find(({ prefix }) => contains(prefix, host))?.trunk;
  }
}

function isContactOf({ registration, identity }: Trunk, user: string | undefined): boolean {
  return registration !== undefined && user !== undefined && user === (registration.contactUser ?? identity?.user);
}
