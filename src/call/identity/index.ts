export { type Called, calledOf } from './called.ts';
export { connectedIdentity } from './connected.ts';
export { forwardings, mostForwardings } from './history.ts';
export type { Identity } from './identity.ts';
export { callerOf, numberOf } from './number.ts';
export { readIdentity } from './read-identity.ts';
export { type WrittenIdentity, writeIdentity } from './write-identity.ts';
