export { payloadClockRates } from './payload-types.ts';
export { isRtcp, isRtp, looksLikeRtcp, payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from './rtp.ts';
