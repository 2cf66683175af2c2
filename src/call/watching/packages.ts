import { dialogInfoType, pidfType } from '#codec/presence';
import type { Octets } from '#kernel';

/** Packages by which users are watched, and ms between two NOTIFYs at least (RFC 4235 3.11, RFC 3856 6.10). */
export const packages: Readonly<Record<string, { readonly type: string; readonly gap: number }>> = {
  dialog: { type: dialogInfoType, gap: 1_000 },
  presence: { type: pidfType, gap: 5_000 },
};

/** The media type that a package is told by; undefined: nobody is watched by it. */
export function typeOf(event: Octets): string | undefined {
  return packages[event]?.type;
}
