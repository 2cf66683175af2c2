/**
 * `tandem/sip`: the SIP stack by itself, for programs other than Tandem. Parser and serialiser, session descriptions,
 * and the transaction, dialog and location layers, which do no I/O: give them what arrives, and carry out what they ask for.
 */
export * from '#codec/sdp';
export * from '#codec/sip-message';
export {
  type Deadline,
  Deadlines,
  type HostPort,
  type Instant,
  type Octets,
  type Random,
  toOctets,
  toText,
} from '#kernel';
export * from './dialog/index.ts';
export * from './flow/index.ts';
export * from './locate/index.ts';
export * from './transaction/index.ts';
