export {
  type Ban,
  type BanReason,
  type Dropped,
  type Misdeed,
  Unwanted,
  type UnwantedOptions,
} from './unwanted.ts';
