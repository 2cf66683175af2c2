import { ssrcOf } from '#codec/rtp';
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

/**
 * The stream from one peer to the other as packets are taken out of it and put in (RFC 3550 5.1): it has one source, no number
 * twice, and no gaps of our making. Under SRTP a number that bears two packets would give their key away. While the peer sends
 * nothing at all, what is put in is a source of our own.
 */
export class DigitStream {
  /** Where packets are made. */
  readonly packet = new Uint8Array(room);
  outlet: DigitOutlet;
  #ssrc = 0;
  #speaks = false;
  /** The newest number of the peer's, -1 before the first, and by how much ours are ahead of it. */
  #highest = -1;
  #shift = 0;
  /** The number of the packet that came and whose place is still free, else -1. */
  #place = -1;
  /**
   * The newest number of the peer's where something else went than came: what comes late before it, or again, is let fall. All
   * since then have been moved alike.
   */
  #changed = -1;

  constructor(outlet: DigitOutlet) {
    this.outlet = outlet;
  }

  /** The peer has sent something. */
  get speaks(): boolean {
    return this.#speaks;
  }

  isOf(packet: Uint8Array): boolean {
    return this.#speaks && ssrcOf(packet) === this.#ssrc;
  }

  /** What comes from now on is of this packet's source. */
  begin(packet: Uint8Array): void {
    this.#ssrc = ssrcOf(packet);
    this.#speaks = true;
    this.#highest = this.#changed = this.#place = -1;
    this.#shift = 0;
  }

  /** A packet came under this number: true when it is newer than all before. Until it is passed or dropped its place is free. */
  take(sequence: number): boolean {
    if (this.#highest >= 0 && ((sequence - this.#highest - 1) & 0xffff) >= 0x8000) return false;
    this.#highest = this.#place = sequence;
    return true;
  }

  /** True when a packet that came late, or again, may go on as it came: nothing else went in its stead. */
  isUnchanged(sequence: number): boolean {
    return this.#changed < 0 || ((this.#changed - sequence) & 0xffff) >= 0x8000;
  }

  /** The packet goes on, with its payload as it came unless `changed`. */
  pass(packet: Uint8Array, sequence: number, changed = false): true {
    writeNumber(packet, sequence + this.#shift);
    if (changed) this.#changed = sequence;
    this.#place = -1;
    return true;
  }

  /** The packet does not go on; its place is closed unless it has been filled. */
  drop(): void {
    if (this.#place < 0) return;
    this.#changed = this.#place;
    this.#place = -1;
    this.#shift--;
  }

  /** Sends what stands in `packet`, of `length` octets with its header: in the place that is free, else put in behind. */
  send(payloadType: number, marker: boolean, timestamp: number, length: number): void {
    const { packet } = this;
    if (!this.#speaks) {
      this.outlet.injector.write(packet, payloadType, marker, timestamp / ownRate);
      this.outlet.inject(packet, length);
      return;
    }
    if (this.#place < 0) this.#shift++;
    this.#place = -1;
    this.#changed = this.#highest;
    packet[0] = 0x80;
    packet[1] = (marker ? 0x80 : 0) | payloadType;
    writeNumber(packet, this.#highest + this.#shift);
    word(packet, 4, timestamp);
    word(packet, 8, this.#ssrc);
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
