export type * from './configuration.ts';
