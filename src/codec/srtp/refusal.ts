/** Why a packet was not sealed or opened: what stands in place of its length. */
export const refusal = {
  /** Its tag does not fit: forged, damaged, or under another key or roll-over counter. */
  unauthentic: -1,
  /** It has come already, or is so late that nobody knows (RFC 3711 3.3.2). Of a sender: its index has been used. */
  replayed: -2,
  /** Too short to be one, or too long for the buffer. */
  malformed: -3,
  /** One SSRC more than a key may have (`maxSources`). */
  sources: -4,
  /** The key has been used as often as it may (RFC 3711 9.2). */
  exhausted: -5,
} as const;
