import type { Random } from '#kernel';

/** Octets of a header without contributing sources and extension. */
export const headerLength = 12;
/** Clock ticks in a ms: of G.711 and the like. */
const rate = 8;

/**
 * RTP of our own towards one peer (RFC 3550 5.1): one source for as long as the stream lasts, whose sequence numbers and
 * timestamps go on from sound to sound. What is relayed keeps its own source, which its reports speak of: the peer sees one
 * source end and another begin, as when a call is transferred.
 */
export class Injector {
  readonly #ssrc: number;
  /** The timestamp of ms 0. */
  readonly #origin: number;
  #sequence: number;

  constructor(random: Pick<Random, 'integer'>) {
    this.#ssrc = random.integer(2 ** 32);
    this.#origin = random.integer(2 ** 32);
    this.#sequence = random.integer(2 ** 16);
  }

  /** Writes the header of the next packet, whose sound begins at `at` (ms). `first`: of a sound (RFC 3551 4.1). */
  write(packet: Uint8Array, payloadType: number, first: boolean, at: number): void {
    packet[0] = 0x80;
    packet[1] = (first ? 0x80 : 0) | payloadType;
    packet[2] = this.#sequence >>> 8;
    packet[3] = this.#sequence;
    word(packet, 4, this.#origin + Math.round(at * rate));
    word(packet, 8, this.#ssrc);
    this.#sequence = (this.#sequence + 1) & 0xffff;
  }
}

/** Modulo 2^32. */
function word(packet: Uint8Array, at: number, value: number): void {
  packet[at] = value >>> 24;
  packet[at + 1] = value >>> 16;
  packet[at + 2] = value >>> 8;
  packet[at + 3] = value;
}
