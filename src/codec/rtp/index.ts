export { payloadClockRates } from './payload-types.ts';
export { type RtcpReading, readRtcp } from './rtcp.ts';
export {
  isRtcp,
  isRtp,
  looksLikeRtcp,
  payloadTypeOf,
  rtpHeaderLength,
  sequenceOf,
  ssrcOf,
  timestampOf,
} from './rtp.ts';
