import type { MediaStats, StreamSideCounters } from '#codec/media-control';

/** What one side of a stream counts beside its counters. */
export interface Counting {
  counters(): StreamSideCounters;
  faxCounters(): StreamSideCounters | undefined;
  readonly late: number;
}

type Sums = { received: number; lost: number; late: number; dropped: number; octets: number; rtcpPackets: number };

const nothing: Sums = { received: 0, lost: 0, late: 0, dropped: 0, octets: 0, rtcpPackets: 0 };

/** Ms in which the latest deadline is looked for. */
const window = 60_000;

/** What a relay has counted since it began, over all streams that it had and has. */
export class Tally {
  /** Requests that found no ports. */
  refused = 0;
  readonly #ended: Sums = { ...nothing };
  /** Of what has been told: what is lost may turn out to be late, and a counter does not go back. */
  #lost = 0;
  #mostLate = 0;
  #since = 0;

  /** This side of a stream is over. */
  ended(side: Counting): void {
    add(this.#ended, side);
  }

  /** A deadline came when it came. Ms. */
  came(due: number, now: number): void {
    if (now - due > this.#mostLate) this.#mostLate = now - due;
  }

  sums(standing: Iterable<Counting>): Pick<MediaStats, 'packets' | 'octets' | 'rtcpPackets' | 'refused'> {
    const sums = { ...this.#ended };
    for (const side of standing) add(sums, side);
    this.#lost = Math.max(this.#lost, sums.lost);
    const { received, late, dropped, octets, rtcpPackets } = sums;
    return { packets: { received, lost: this.#lost, late, dropped }, octets, rtcpPackets, refused: this.refused };
  }

  /** How late the latest deadline was of the last minute or two, ms. */
  latest(now: number): number {
    const most = this.#mostLate;
    if (now - this.#since >= window) {
      this.#mostLate = 0;
      this.#since = now;
    }
    return most;
  }
}

function add(sums: Sums, side: Counting): void {
  sums.late += side.late;
  for (const counters of [side.counters(), side.faxCounters()]) {
    if (!counters) continue;
    sums.received += counters.packets;
    // Copies hide what is lost, on one side and not on others.
    sums.lost += Math.max(0, counters.lost);
    sums.dropped += counters.dropped;
    sums.octets += counters.bytes;
    sums.rtcpPackets += counters.rtcpPackets;
  }
}
