import type { Page, View } from './page.ts';

/** What governs: configuration, routing, access. */
export const governs = {
  pages: [],
  views: [],
} as const satisfies { readonly pages: readonly Page[]; readonly views: readonly View[] };
