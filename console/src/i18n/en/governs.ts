import { configuration } from './configuration.ts';

/** Of the pages of what governs. */
export const governs = { ...configuration };
