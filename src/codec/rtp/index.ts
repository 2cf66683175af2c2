export { payloadClockRates } from './payload-types.ts';
export { type RtcpReading, readRtcp, type VoipMetrics } from './rtcp.ts';
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
