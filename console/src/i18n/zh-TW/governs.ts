import type { governs as texts } from '../en/governs.ts';
import { configuration } from './configuration.ts';
import { objects } from './objects.ts';
import { routing } from './routing.ts';
import { wizard } from './wizard.ts';

export const governs: typeof texts = { ...configuration, ...objects, ...routing, ...wizard };
