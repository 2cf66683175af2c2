import { governs } from './governs.ts';
import { happens } from './happens.ts';
import type { Page, View } from './page.ts';

/** What stands in the menu, in its order. */
export const pages: readonly Page[] = [...happens.pages, ...governs.pages];
/** What is shown at which path; the first that fits. */
export const views: readonly View[] = [...happens.views, ...governs.views];
