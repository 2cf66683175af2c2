export {
  type Ban,
  type BanReason,
  type Dropped,
  defaultProtection,
  type Misdeed,
  Unwanted,
  type UnwantedOptions,
} from './unwanted.ts';
