import type { PeerReport } from '#codec/media-control';
import type { RtcpReading } from '#codec/rtp';

/**
 * What a peer says by RTCP of what comes to it (RFC 3550 6.4). We send no reports of our own: those of the other peer pass through, and the
 * answer to one of them tells how far away this peer is from us.
 */
export class PeerReports {
  last: PeerReport | undefined;
  /** How many came. */
  count = 0;
  /** The last sender report that went to the peer, and when. */
  #sent: number | undefined;
  #sentAt = 0;

  /** A sender report went to the peer. Monotonic ms. */
  told(senderReport: number, now: number): void {
    this.#sent = senderReport;
    this.#sentAt = now;
  }

  /** The peer reports. `clockRate`: of what it gets, Hz; 0: not known. */
  heard({ block, voip }: RtcpReading, clockRate: number, now: number): void {
    const kept = voip ?? this.last?.voip;
    if (!block) {
      // Metrics alone: there is a report to add them to, or nothing is known beside.
      if (voip && this.last) this.last = { ...this.last, voip };
      return;
    }
    this.count++;
    const roundTrip = this.#roundTrip(block, now) ?? this.last?.roundTripMs;
    this.last = {
      lost: block.lost,
      fractionLost: block.fractionLost,
      ...(clockRate > 0 && { jitterMs: (block.jitter / clockRate) * 1000 }),
      ...(roundTrip !== undefined && { roundTripMs: roundTrip }),
      ...(kept && { voip: kept }),
    };
  }

  #roundTrip({ lastSenderReport, delay }: NonNullable<RtcpReading['block']>, now: number): number | undefined {
    if (this.#sent === undefined || lastSenderReport !== this.#sent) return undefined;
    // Its clock may run a little faster than ours.
    return Math.max(0, now - this.#sentAt - (delay / 65_536) * 1000);
  }
}
