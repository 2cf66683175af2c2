export { type Opening, type Openings, openingsOf, sourcesOf } from './openings.ts';
