export { type AudioParts, audioBandwidth, audioParts, type Framing, plainFraming } from './codec-bandwidth.ts';
export { Occupancy, type Refusal } from './occupancy.ts';
export { type Need, Room } from './room.ts';
export { tunnelOctets } from './tunnel.ts';
