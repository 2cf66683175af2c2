import type { StreamSideCounters } from '#codec/media-control';
import { udptlSequenceOf } from '#codec/udptl';

/** What came of UDPTL from one peer of one stream, over all the times that the stream was a fax. */
export class SideUdptl {
  dropped = 0;
  #packets = 0;
  #bytes = 0;
  /** Of the fax under way: the first and the highest sequence number, wraps counted in, and how many came. */
  #first = 0;
  #highest = 0;
  #received = 0;
  #lostBefore = 0;

  /** Another fax: it counts from its own beginning. */
  begin(): void {
    this.#lostBefore = this.#lost;
    this.#received = 0;
  }

  /** One packet that `isUdptl` let through, from the source. */
  add(packet: Uint8Array, length: number): void {
    this.#packets++;
    this.#bytes += length;
    const sequence = udptlSequenceOf(packet);
    if (this.#received++ === 0) {
      this.#first = sequence;
      this.#highest = sequence;
      return;
    }
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead < 0x8000) this.#highest += ahead;
  }

  counters(source: StreamSideCounters['source']): StreamSideCounters {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      lost: this.#lost,
      payloadType: -1,
      rtcpPackets: 0,
      dropped: this.dropped,
      ...(source ? { source } : {}),
    };
  }

  get #lost(): number {
    return this.#lostBefore + (this.#received === 0 ? 0 : this.#highest - this.#first + 1 - this.#received);
  }
}
