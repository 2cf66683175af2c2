import { access } from './access.ts';
import { configuration } from './configuration.ts';
import { house } from './house.ts';
import { objects } from './objects.ts';
import { routing } from './routing.ts';
import { webhooks } from './webhooks.ts';
import { wizard } from './wizard.ts';

/** Of the pages of what governs. */
export const governs = { ...access, ...configuration, ...house, ...objects, ...routing, ...webhooks, ...wizard };
