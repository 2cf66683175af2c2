/** What a peer could grow, and how far (docs/limits.md). */
export const engineLimits = {
  /** Transactions of all kinds at once: 32 s of more than 3,000 calls a second. */
  transactions: 500_000,
  /** Calls at once, ended ones that wait for their record included. */
  calls: 100_000,
  /** Calls for help beyond those. */
  forHelp: 1_000,
  /** Calls about which somebody outside is asked at once, of the DNS and of the service each. */
  decisions: 1_000,
  /** Contacts that are registered here at once, of all users together. */
  bindings: 200_000,
} as const;
