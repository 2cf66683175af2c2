export type { AttemptRecord, CallRecord, Decision, EndCause, EndReason, LegIdentifiers } from '#cdr';
export { describeEnd, endReasons, partiesOwnEnds } from '#cdr';
export type {
  Configuration,
  Listener,
  MediaAddress,
  MediaConfiguration,
  Route,
  Side,
  Trunk,
  TrunkAddress,
} from '#policy/configuration';
export { describeFlow, type Flow, type PeerCertificate, type TlsTarget } from '#sip/flow';
export type { DnsAnswer, DnsQuestion, DnsRecord } from '#sip/locate';
export { type DropReason, dropReasons, type Effect, type Input } from './ports.ts';
