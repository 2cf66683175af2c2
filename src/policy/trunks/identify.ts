import type { HostPort } from '#kernel';
import type { Trunk } from '#policy/configuration';

/**
 * Which trunk a source address belongs to. An entry that names a port wants it of the source; on a stream, where
 * the source port is ephemeral, of the topmost Via's sent-by.
 */
export class TrunkIndex {
  readonly #byHost = new Map<string, { trunk: Trunk; port: number | undefined }[]>();

  constructor(trunks: readonly Trunk[]) {
    for (const trunk of trunks) {
      for (const { host, port, matchPort } of trunk.addresses) {
        const entries = this.#byHost.get(host) ?? [];
        entries.push({ trunk, port: matchPort ? port : undefined });
        this.#byHost.set(host, entries);
      }
    }
  }

  /** True when some trunk names the host: the gate before the parser. */
  names(host: string): boolean {
    return this.#byHost.has(host);
  }

  identify(source: HostPort, stream: boolean, sentByPort: number | undefined): Trunk | undefined {
    const entries = this.#byHost.get(source.host);
    if (!entries) return undefined;
    for (const { trunk, port } of entries) {
      if (port === undefined || port === source.port || (stream && port === (sentByPort ?? 5060))) return trunk;
    }
    return undefined;
  }
}
