export { callIdOf } from './call-id.ts';
export { type KeptMessage, MessageRing, type RingLimits } from './message-ring.ts';
