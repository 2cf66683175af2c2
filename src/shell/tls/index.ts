export { type Certificate, readCertificates } from './certificate.ts';
export { type CertificateEvent, CertificateStore, type CertificateStoreOptions } from './certificate-store.ts';
export * as der from './der-writer.ts';
export type { Inspection } from './inspection.ts';
export {
  type Finding,
  fits,
  type JudgedPair,
  judgePair,
  judgeRoots,
  type KnownKey,
  type PairOffer,
  type PairUse,
  publicHalf,
} from './judge.ts';
export { rootsOf } from './roots.ts';
export { type KeyKind, keyKinds, type RequestSubject, signingRequest } from './signing-request.ts';
export { type HandshakeEvents, type SecuredConnection, TlsSecurity } from './tls-security.ts';
