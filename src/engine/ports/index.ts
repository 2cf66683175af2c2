export type { AttemptRecord, CallRecord, Decision, EndCause, EndReason, LegIdentifiers } from '#cdr';
export { describeEnd, endReasons, partiesOwnEnds } from '#cdr';
export type {
  Configuration,
  Listener,
  ManipulationRule,
  MediaAddress,
  MediaConfiguration,
  Route,
  Side,
  Trunk,
  TrunkAddress,
} from '#policy/configuration';
export { type Preview, type PreviewFacts, preview, ruleFaults } from '#policy/manipulation';
export { checkedFeatures, type Profile, type ProfileEntity, violations } from '#policy/profiles';
export {
  bearsName,
  type CertificateIdentity,
  type CertificateNames,
  certificateIdentity,
  describeFlow,
  type Flow,
  type GeneralName,
  type PeerCertificate,
  type TlsTarget,
} from '#sip/flow';
export type { DnsAnswer, DnsQuestion, DnsRecord } from '#sip/locate';
export { type DropReason, dropReasons, type Effect, type Input } from './ports.ts';
