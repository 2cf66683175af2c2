export { bracketed, formatHostPort, type HostPort } from './address.ts';
export { AssertionError, assert, unreachable } from './assert.ts';
export { type Deadline, Deadlines } from './deadlines.ts';
export type { Instant } from './instant.ts';
export type { Machine } from './machine.ts';
export { Notices } from './notices.ts';
export { detach, type Octets, toOctets, toText } from './octets.ts';
export { type Random, seeded } from './random.ts';
export { Sensitive } from './sensitive.ts';
