import type { Octets } from '#kernel';

/** What came of asking for a place. */
export type PlaceOutcome =
  | { readonly kind: 'answered'; readonly octets: Octets }
  | { readonly kind: 'failed'; readonly reason: string };

/** Octets of an answer. */
export const placeLimits = { octets: 65_536 } as const;
