import { headerLength, type Injector } from './injector.ts';

/** The way to the other peer. */
export interface DigitOutlet {
  /** Our own source towards it. */
  readonly injector: Injector;
  /** Sends an RTP packet, if there is where to; its payload type is the one that this peer knows. */
  inject(packet: Uint8Array, length: number): void;
}

/** Clock ticks in a ms of our own source. */
const ownRate = 8;
/** Larger than any packet that is made: 60 ms of G.711. */
const room = headerLength + 60 * 8;

/** One source of the peer's. */
interface Source {
  readonly ssrc: number;
  /** The newest number of the peer's, -1 before the first, and by how much ours are ahead of it. */
  highest: number;
  shift: number;
  /**
   * The newest number where something else went than came: what comes late before it, or again, is let fall. All since then
   * have been moved alike.
   */
  changed: number;
}

/** Sources that are remembered: packets of one before may still come. */
const mostSources = 16;

/**
 * The stream from one peer to the other as packets are taken out of it and put in (RFC 3550 5.1): it has one source, no number
 * twice, and no gaps of our making. Under SRTP a number that bears two packets would give their key away. While the peer sends
 * nothing at all, what is put in is a source of our own.
 */
export class DigitStream {
  /** Where packets are made. */
  readonly packet = new Uint8Array(room);
  outlet: DigitOutlet;
  /** What comes is of this one. */
  #source: Source | undefined;
  readonly #sources: Source[] = [];
  /** The number of the packet that came and whose place is still free, else -1. */
  #place = -1;

  constructor(outlet: DigitOutlet) {
    this.outlet = outlet;
  }

  /** The peer has sent something. */
  get speaks(): boolean {
    return this.#source !== undefined;
  }

  isOf(ssrc: number): boolean {
    return this.#source?.ssrc === ssrc;
  }

  /** What comes from now on is of this source. */
  begin(ssrc: number): void {
    this.#place = -1;
    this.#source = this.#sources.find((known) => known.ssrc === ssrc);
    if (this.#source) return;
    this.#source = { ssrc, highest: -1, shift: 0, changed: -1 };
    if (this.#sources.push(this.#source) > mostSources) this.#sources.shift();
  }

  /** A packet came under this number: true when it is newer than all before. Until it is passed or dropped its place is free. */
  take(sequence: number): boolean {
    const source = this.#source!;
    if (source.highest >= 0 && ((sequence - source.highest - 1) & 0xffff) >= 0x8000) return false;
    source.highest = this.#place = sequence;
    return true;
  }

  /** True when a packet that came late, or again, may go on as it came: nothing else went in its stead. */
  isUnchanged(sequence: number): boolean {
    const { changed } = this.#source!;
    return changed < 0 || ((changed - sequence) & 0xffff) >= 0x8000;
  }

  /** The packet goes on, with its payload as it came unless `changed`: then there is no padding in it any more. */
  pass(packet: Uint8Array, sequence: number, changed = false): true {
    const source = this.#source!;
    writeNumber(packet, sequence + source.shift);
    if (changed) {
      source.changed = sequence;
      packet[0] = packet[0]! & ~0x20;
    }
    this.#place = -1;
    return true;
  }

  /** The packet does not go on; its place is closed unless it has been filled. */
  drop(): void {
    if (this.#place < 0) return;
    const source = this.#source!;
    source.changed = this.#place;
    source.shift--;
    this.#place = -1;
  }

  /** Sends what stands in `packet`, of `length` octets with its header: in the place that is free, else put in behind. */
  send(payloadType: number, marker: boolean, timestamp: number, length: number): void {
    const { packet } = this;
    const source = this.#source;
    if (!source) {
      this.outlet.injector.write(packet, payloadType, marker, timestamp / ownRate);
      this.outlet.inject(packet, length);
      return;
    }
    if (this.#place < 0) source.shift++;
    this.#place = -1;
    source.changed = source.highest;
    packet[0] = 0x80;
    packet[1] = (marker ? 0x80 : 0) | payloadType;
    writeNumber(packet, source.highest + source.shift);
    word(packet, 4, timestamp);
    word(packet, 8, source.ssrc);
    this.outlet.inject(packet, length);
  }
}

function writeNumber(packet: Uint8Array, number: number): void {
  packet[2] = number >>> 8;
  packet[3] = number;
}

function word(packet: Uint8Array, at: number, value: number): void {
  packet[at] = value >>> 24;
  packet[at + 1] = value >>> 16;
  packet[at + 2] = value >>> 8;
  packet[at + 3] = value;
}
