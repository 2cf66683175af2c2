export { callIdOf } from './call-id.ts';
export { masked } from './masked.ts';
export { type KeptMessage, MessageRing, type RingLimits } from './message-ring.ts';
