export { type Anchor, type Anchoring, anchored } from './anchor.ts';
export { formatSdp } from './format.ts';
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
