/**
 * One of the two laws of ITU-T G.711: 8 bits a sample, 8000 samples a second.
 * Linear samples are 16-bit; of their bits G.711 sees the upper 14 (mu-law) or 13 (A-law).
 */
export interface G711 {
  /** The name in SDP (RFC 3551 4.5.14). */
  readonly name: 'PCMU' | 'PCMA';
  /** The static RTP payload type (RFC 3551 6). */
  readonly payloadType: number;
  /** The linear sample that each of the 256 codes stands for. */
  readonly linear: Int16Array;
  /** The code of a linear sample; what is beyond the law's range gets its loudest. */
  code(sample: number): number;
}

/** Makes the lowest segment of mu-law as long as a power of two: 33 quarter steps of the 14-bit scale. */
const bias = 33 << 2;
const loudest = 32767 - bias;

/** A code is sign, segment (3 bits) and step (4 bits), and goes out with all bits inverted (G.711 table 2). */
export const pcmu: G711 = {
  name: 'PCMU',
  payloadType: 0,
  linear: table((code) => {
    const bits = ~code;
    const segment = (bits >> 4) & 7;
    const magnitude = ((((bits & 15) << 3) + bias) << segment) - bias;
    return bits & 0x80 ? -magnitude : magnitude;
  }),
  code(sample) {
    const biased = Math.min(sample < 0 ? -sample : sample, loudest) + bias;
    const segment = 24 - Math.clz32(biased);
    const step = (biased >> (segment + 3)) & 15;
    return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
  },
};

/** The sign bit is set for positive samples, and the even bits go out inverted (G.711 table 1, note 2). */
export const pcma: G711 = {
  name: 'PCMA',
  payloadType: 8,
  linear: table((code) => {
    const bits = code ^ 0x55;
    const segment = (bits >> 4) & 7;
    // The middle of the step; segments 0 and 1 are one line.
    const step = ((bits & 15) << 4) + 8;
    const magnitude = segment === 0 ? step : (step + 256) << (segment - 1);
    return bits & 0x80 ? magnitude : -magnitude;
  }),
  code(sample) {
    // -1 is in the lowest step below zero as 0 is in the one above.
    const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32767);
    const segment = magnitude < 256 ? 0 : 24 - Math.clz32(magnitude);
    const step = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 15;
    return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
  },
};

function table(linear: (code: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, code) => linear(code));
}
