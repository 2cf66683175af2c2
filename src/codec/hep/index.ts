export { encodeHep, type HepPacket, mostPayload } from './hep.ts';
