export type * from './configuration.ts';
export type * from './interworking.ts';
