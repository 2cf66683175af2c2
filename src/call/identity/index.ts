export { calledOf } from './called.ts';
export { connectedIdentity } from './connected.ts';
export type { Identity } from './identity.ts';
export { knownAs } from './known-as.ts';
export { callerOf, numberOf, plainUser } from './number.ts';
export { readIdentity } from './read-identity.ts';
export { redirected } from './redirected.ts';
export { identityRefusal } from './refusal.ts';
export { writeIdentity } from './write-identity.ts';
