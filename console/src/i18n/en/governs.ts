import { configuration } from './configuration.ts';
import { objects } from './objects.ts';
import { routing } from './routing.ts';
import { wizard } from './wizard.ts';

/** Of the pages of what governs. */
export const governs = { ...configuration, ...objects, ...routing, ...wizard };
