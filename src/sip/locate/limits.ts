/** What a peer or a DNS server could make grow, and how far (docs/limits.md). */
export const locateLimits = {
  /** Questions whose answers are kept. */
  names: 10_000,
  /** Records kept of one answer, the best first. */
  records: 32,
  /** Services of one NAPTR answer that are looked at. */
  services: 8,
  /** Targets that one request can be sent to. */
  targets: 32,
} as const;

const second = 1000;
const hour = 3600 * second;

/** All in ms. */
export const locateTimes = {
  /** How long records are kept, whatever their TTL says. */
  leastTtl: second,
  mostTtl: 24 * hour,
  /** How long it is known that there is nothing (RFC 2308 5). */
  leastNegativeTtl: 5 * second,
  mostNegativeTtl: 300 * second,
  /** From a question that failed to the next try (RFC 2308 7 allows up to 5 minutes). */
  retry: 5 * second,
  /** How long what was known is used while the DNS fails (RFC 8767 5: one to three days). */
  stale: 24 * hour,
  /** How long a question may take while something known, though old, would do (RFC 8767 5, "client response timer"). */
  patience: second,
} as const;
