/** Figures of the stream shell; times in ms. */
export const streamLimits = {
  /** Connections that peers may have on one listener, and from one address. */
  perListener: 10_000,
  perSource: 1_000,
  /** Connections of ours, and TLS handshakes with peers that are under way at once. */
  outgoing: 20_000,
  handshakes: 1_000,
  /** Octets that may wait for one peer that does not read. */
  unsent: 4 * 1024 * 1024,
  /** Octets of incomplete messages, all connections together. */
  held: 256 * 1024 * 1024,
  /** Without any octet; for a message to become complete; for a connection to stand, its TLS handshake included. */
  idle: 3_600_000,
  incomplete: 32_000,
  connect: 10_000,
  /** In which the peer must take, and its system acknowledge, something of what waits for it. */
  write: 10_000,
  /** Silence of a peer that we connected to before it is pinged, and in which it has to answer (RFC 5626 4.4.1). 0: it is not pinged. */
  keepAlive: 25_000,
  pong: 10_000,
  /** A connection that retires ends after so long without a message, longer than anything waits for its answer, and at the latest after so long. */
  retireIdle: 190_000,
  retireMost: 1_800_000,
  /** From a change of certificates to when connections retire that peers opened: they cannot be told to come again. */
  retireInbound: 3_600_000,
};
export type StreamLimits = typeof streamLimits;
