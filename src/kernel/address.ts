/** A transport address. `host` is an IP literal without brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** "192.0.2.1:5060", "[2001:db8::1]:5060". */
export function formatHostPort({ host, port }: HostPort): string {
  return `${bracketed(host)}:${port}`;
}

/** An IPv6 literal in brackets, anything else as it is (RFC 3261 25.1 `host`). */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
