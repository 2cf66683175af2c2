import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '#codec/rtp';

/** RFC 3550 A.1. */
const maxDropout = 3000;
const maxMisorder = 100;
const noSequence = -1;

/**
 * What came of one RTP stream: counts, loss (RFC 3550 A.3) and interarrival jitter (A.8).
 *
 * A new SSRC, or a jump in sequence numbers that two packets in a row confirm (A.1), begins a new run: loss adds up
 * over the runs, jitter starts again. There is no probation (A.1): the relay has verified the source already.
 */
export class Reception {
  packets = 0;
  /** UDP payload: RTP header and payload. */
  bytes = 0;
  /** Packets that came after one that was sent later; copies among them. */
  late = 0;
  /** Last seen, -1 before the first packet. */
  payloadType = -1;

  #ssrc = 0;
  /** Highest sequence number of the run and how many times it wrapped, times 65536. */
  #highest = 0;
  #cycles = 0;
  #base = 0;
  #received = 0;
  /** What follows after a jump, if the jump is meant. */
  #afterJump = noSequence;
  #lostBefore = 0;

  /** Hz; 0 while there is nothing to measure against. */
  #clockRate = 0;
  #arrival = 0;
  #timestamp = 0;
  /** In timestamp units. */
  #jitter = 0;

  /** One packet that `isRtp` let through. `clockRate` of its payload type in Hz, 0 = not known; `now` in ms. */
  add(packet: Uint8Array, length: number, clockRate: number, now: number): void {
    const sequence = sequenceOf(packet);
    const ssrc = ssrcOf(packet);
    if (this.packets === 0) this.#begin(ssrc, sequence);
    else if (ssrc !== this.#ssrc) this.#beginAnew(ssrc, sequence);
    this.packets++;
    this.bytes += length;
    this.payloadType = payloadTypeOf(packet);
    if (!this.#advance(sequence)) return;
    // A payload type without a clock (telephone-event, when the plan leaves it out) does not disturb the measure.
    if (clockRate > 0) this.#measure(timestampOf(packet), clockRate, now);
  }

  /** An RTP packet of the source that was heard last. */
  isOfSource(packet: Uint8Array): boolean {
    return this.packets > 0 && ssrcOf(packet) === this.#ssrc;
  }

  /** Of the source that was heard last; undefined before the first packet. */
  get ssrc(): number | undefined {
    return this.packets === 0 ? undefined : this.#ssrc;
  }

  /** Expected less received; negative when packets were duplicated. */
  get lost(): number {
    return this.packets === 0 ? 0 : this.#lostBefore + this.#lostInRun();
  }

  /** Hz of what came last; 0: not known. */
  get clockRate(): number {
    return this.#clockRate;
  }

  /** Undefined before a payload type with a known clock rate was seen. */
  get jitterMs(): number | undefined {
    return this.#clockRate === 0 ? undefined : (this.#jitter / this.#clockRate) * 1000;
  }

  #lostInRun(): number {
    return this.#cycles + this.#highest - this.#base + 1 - this.#received;
  }

  #begin(ssrc: number, sequence: number): void {
    this.#ssrc = ssrc;
    this.#base = sequence;
    this.#highest = sequence;
    this.#cycles = 0;
    this.#received = 0;
    this.#afterJump = noSequence;
    this.#clockRate = 0;
    this.#jitter = 0;
  }

  #beginAnew(ssrc: number, sequence: number): void {
    this.#lostBefore += this.#lostInRun();
    this.#begin(ssrc, sequence);
  }

  /** RFC 3550 A.1 update_seq. False for a packet that may be astray. */
  #advance(sequence: number): boolean {
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead < maxDropout) {
      if (sequence < this.#highest) this.#cycles += 65536;
      this.#highest = sequence;
    } else if (ahead <= 65536 - maxMisorder) {
      if (sequence !== this.#afterJump) {
        this.#afterJump = (sequence + 1) & 0xffff;
        return false;
      }
      this.#beginAnew(this.#ssrc, sequence);
    } else this.late++;
    this.#received++;
    return true;
  }

  /** RFC 3550 A.8. */
  #measure(timestamp: number, clockRate: number, now: number): void {
    if (clockRate === this.#clockRate) {
      const between = ((now - this.#arrival) * clockRate) / 1000 - ((timestamp - this.#timestamp) | 0);
      this.#jitter += (Math.abs(between) - this.#jitter) / 16;
    } else {
      this.#clockRate = clockRate;
      this.#jitter = 0;
    }
    this.#arrival = now;
    this.#timestamp = timestamp;
  }
}
