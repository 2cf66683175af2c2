export {
  OptionsPing,
  type OptionsPingServices,
  type OptionsPingSettings,
  type OptionsPingStatus,
  type PingOwner,
  type PingResult,
} from './options-ping.ts';
