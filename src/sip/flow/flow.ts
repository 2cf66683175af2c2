import { detach, formatHostPort, type HostPort } from '#kernel';

export type FlowTransport = 'udp' | 'tcp' | 'tls';

/** The path a message came by or leaves by (RFC 5626 1): socket, transport and peer. */
export interface Flow {
  readonly transport: FlowTransport;
  /** Id of the listener whose socket (UDP) or address (TCP) it is. */
  readonly listener: string;
  readonly remote: HostPort;
  /** The stream connection; absent on UDP. */
  readonly connection?: string;
}

/** What a TLS peer's certificate proved. */
export interface PeerCertificate {
  /** SIP domain names it bears (RFC 5922 7.1): URIs of subjectAltName, else its DNS names, else CN; lower case. */
  readonly names: readonly string[];
  /** Trunks whose trusted roots its chain leads to; empty when none, or when it showed no certificate. */
  readonly trustedBy: readonly string[];
}

/** Whose rules a TLS connection of ours follows, and whom it is to reach. */
export interface TlsTarget {
  readonly trunk: string;
  /** Names of which the peer's certificate must bear one (RFC 5922 4). */
  readonly names: readonly string[];
  /** What it is called in the handshake (RFC 6066 3): the first of the names that is no address unless given. */
  readonly serverName?: string;
}

/** "udp 192.0.2.1:5060" */
export function describeFlow(flow: Flow): string {
  return detach(`${flow.transport} ${formatHostPort(flow.remote)}`);
}
