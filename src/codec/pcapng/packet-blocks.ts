/** The block of one packet, and when that was: Unix ms, with fractions. */
export interface TimedBlock {
  readonly at: number;
  readonly block: Uint8Array;
}

const enhancedPacket = 6;
const shortest = 12;

/** The packets of a file of ours as they stand in it, with their times. One that breaks off, as it is being written, gives those that are whole. */
export function packetBlocks(file: Uint8Array): readonly TimedBlock[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: TimedBlock[] = [];
  for (let at = 0; at + shortest <= file.length; ) {
    const length = view.getUint32(at + 4, true);
    if (length < shortest || length % 4 !== 0 || at + length > file.length) break;
    if (view.getUint32(at, true) === enhancedPacket && length >= 32) {
      const micros = view.getUint32(at + 12, true) * 0x1_0000_0000 + view.getUint32(at + 16, true);
      found.push({ at: micros / 1_000, block: file.subarray(at, at + length) });
    }
    at += length;
  }
  return found;
}
