import type { Socket } from 'node:net';
import type { PeerCertificate, TlsTarget } from '#engine/ports';

/** What the stream shell has to know of TLS: `#shell/tls` does it, and the application joins the two. */
export interface StreamSecurity {
  /** The handshake with a peer that connected to a listener. */
  accept(listener: string, raw: Socket, events: HandshakeEvents): void;
  /** Our handshake with a peer that we connected to from a listener's address. */
  connect(target: TlsTarget | undefined, listener: string, raw: Socket, events: HandshakeEvents): void;
  /** What an error of an established connection means. */
  explain(error: NodeJS.ErrnoException, side: 'outbound' | 'inbound'): string;
}

/** One of the two is called, once. */
export interface HandshakeEvents {
  onSecured(connection: Secured): void;
  onFailed(reason: string): void;
}

/** What is spoken by once the handshake is over and the peer known. */
export interface Secured {
  readonly socket: Socket;
  readonly peer?: PeerCertificate;
  readonly version: string;
  readonly cipher: string;
  /** Ms after which it is to be replaced; 0 = never. */
  readonly renewal: number;
  /** False once a certificate or root that it was made with is not in force any more. */
  isCurrent(): boolean;
}
