export { type AudioParts, audioBandwidth, audioParts, type Framing, plainFraming } from './codec-bandwidth.ts';
export { type Full, Occupancy } from './occupancy.ts';
export { type Need, Room, type Way } from './room.ts';
