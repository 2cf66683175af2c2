/**
 * The payload of telephone-event (RFC 4733 2.3), read and written in place:
 *
 *     event (8) | E R volume (6) | duration (16), in units of the payload type's clock
 */
export const eventPayloadLength = 4;
/** The longest duration that one segment can tell. */
export const longestSegment = 0xffff;
/** Volume of what we make: -10 dBm0. */
const volume = 10;

export function eventAt(packet: Uint8Array, at: number): number {
  return packet[at]!;
}

export function isEndAt(packet: Uint8Array, at: number): boolean {
  return (packet[at + 1]! & 0x80) !== 0;
}

export function durationAt(packet: Uint8Array, at: number): number {
  return (packet[at + 2]! << 8) | packet[at + 3]!;
}

export function writeEvent(packet: Uint8Array, at: number, event: number, isEnd: boolean, duration: number): void {
  packet[at] = event;
  packet[at + 1] = (isEnd ? 0x80 : 0) | volume;
  packet[at + 2] = duration >> 8;
  packet[at + 3] = duration & 0xff;
}
