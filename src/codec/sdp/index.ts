export { type Anchor, type Anchoring, anchored } from './anchor.ts';
export { configurationsOf, type StreamConfiguration } from './capabilities.ts';
export {
  type CryptoAttribute,
  type CryptoKey,
  cryptosOf,
  formatCrypto,
  parseCrypto,
  usableKeyOf,
} from './crypto.ts';
export { withDirection, withoutBandwidth, withPacketTime } from './edit.ts';
export { formatSdp } from './format.ts';
export {
  isCodec,
  isStaticType,
  type KeptFormat,
  type RtpFormat,
  referencesOf,
  rtpFormatsOf,
  staticTypeOf,
  withFormats,
} from './formats.ts';
export { addressOf, attributeOf, codecOf, directionOf, hasRtcpMux, isUnspecified, rtcpOf } from './inspect.ts';
export {
  type AddressType,
  type Connection,
  type Direction,
  type MediaDescription,
  type Origin,
  type SdpFault,
  type SdpLine,
  type SessionDescription,
  sdpLimits,
} from './model.ts';
export { parseSdp } from './parse.ts';
export { profileOf, protocolOf, type RtpProfile } from './profile.ts';
export { trimLevels, trimmed } from './trim.ts';
