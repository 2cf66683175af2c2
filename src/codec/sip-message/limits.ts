/** What a peer may make us hold, in octets or pieces. A datagram is bounded by UDP itself. */
export const limits = {
  /** Start line and header fields, CRLFCRLF included. */
  head: 64 * 1024,
  body: 1024 * 1024,
  /** Header fields in one message. */
  fields: 256,
} as const;
