import type { HostPort } from '#kernel';

export interface PeerAddress {
  readonly name: string;
  readonly side: 'internal' | 'external';
  readonly address: HostPort;
  /** Of a telephone; of trunks the mix says it. */
  readonly transport?: PeerTransport;
  /** An address of its name's where nobody is. */
  readonly dead?: HostPort;
}

export type PeerTransport = 'udp' | 'tcp' | 'tls';
