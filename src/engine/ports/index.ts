export type {
  AttemptRecord,
  CallRecord,
  Decision,
  EndCause,
  EndReason,
  LegIdentifiers,
  MediaCapture,
  ReceivedReport,
} from '#cdr';
export { describeEnd, endReasons, partiesOwnEnds } from '#cdr';
export { Bypass } from '#policy/bypass';
export { type ArmedCapture, isLike, mayBeCaptured, type Sides } from '#policy/captures';
export { type Difference, differences, type SampleChange, sampleChanges } from '#policy/changes';
export { type CheckItem, type CheckState, checklist } from '#policy/checklist';
export type {
  Bandwidth,
  CallLimits,
  Configuration,
  ConnectionConfiguration,
  DecisionServiceConfiguration,
  Dereference,
  DeviceSettings,
  DialPlan,
  Emergency,
  EmergencyScope,
  HomerConfiguration,
  KeepRule,
  Link,
  Listener,
  ManagementConfiguration,
  ManipulationRule,
  MediaAddress,
  MediaCaptureConfiguration,
  MediaConfiguration,
  Node,
  Notify,
  NumberRule,
  OtlpConfiguration,
  Planning,
  Pool,
  QualityReporting,
  RegistrarConfiguration,
  Route,
  SampleCall,
  Setting,
  Side,
  Site,
  TracingConfiguration,
  Trunk,
  TrunkAddress,
  TrunkPlace,
  Tunnel,
  User,
  VoicePolicy,
} from '#policy/configuration';
export { siteOf, trunkOf } from '#policy/configuration';
export { answerLimits, type DecisionOutcome, type DecisionQuestion } from '#policy/decision';
export {
  describeNotice,
  type EmergencyFacts,
  type EmergencyNotice,
  type EmergencyPlan,
  EmergencyPlanner,
  HelpingRouter,
  type PlaceOutcome,
  placeLimits,
} from '#policy/emergency';
export { type Opening, type Openings, openingsOf } from '#policy/firewall';
export { type Preview, type PreviewFacts, preview, ruleFaults } from '#policy/manipulation';
export { atNode, Homes, mediaOf, nodesOf, waysTo } from '#policy/nodes';
export {
  blockedShare,
  figure,
  type Plan,
  type PlanInput,
  percent,
  plan,
  planInput,
  type Reckoned,
  RecordedTraffic,
  type SitePlan,
  usualPlanning,
  wayNames,
} from '#policy/planning';
export { checkedFeatures, type Profile, type ProfileEntity, violations } from '#policy/profiles';
export {
  askDialPlan,
  askPolicy,
  askRoute,
  askTrunk,
  askUser,
  cureOf,
  judge,
  type RoutePlan,
  Router,
  refusalOf,
  type SampleResult,
  type UserRights,
} from '#policy/routing';
export { isJoined, isPublic } from '#policy/trunks';
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
export { type PackedConfiguration, pack, unpack } from './packed.ts';
export { type DropReason, dropReasons, type Effect, type Input } from './ports.ts';
