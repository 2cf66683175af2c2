export type * from './configuration.ts';
export type * from './devices.ts';
export type * from './enterprise.ts';
export type * from './interworking.ts';
export type * from './network.ts';
export type * from './outside-decision.ts';
export type * from './planning.ts';
export type * from './srtp.ts';
