import type { governs as texts } from '../en/governs.ts';
import { configuration } from './configuration.ts';

export const governs: typeof texts = { ...configuration };
