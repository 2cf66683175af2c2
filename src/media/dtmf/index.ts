export { DualTone } from './dual-tone.ts';
export { EventHearing, type EventListener, lostAfter } from './event-hearing.ts';
export { ToneHearing, type ToneListener } from './tone-hearing.ts';
