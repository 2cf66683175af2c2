export { type CapabilitySet, fetchCapabilitySet } from './capability-set.ts';
export { fetchCertificates } from './certificates.ts';
export { type Discovered, discover } from './discover.ts';
export { PeeringFailure } from './failure.ts';
export type { ClientOptions } from './http-client.ts';
export { type Credentials, fetchToken, type TokenPlace } from './token.ts';
