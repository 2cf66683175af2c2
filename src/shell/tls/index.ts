export { type CertificateEvent, CertificateStore, type CertificateStoreOptions } from './certificate-store.ts';
export type { Inspection } from './inspection.ts';
export { rootsOf } from './roots.ts';
export { type HandshakeEvents, type SecuredConnection, TlsSecurity } from './tls-security.ts';
