export { payloadClockRates } from './payload-types.ts';
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
