import type { LabCall } from './lab-call.ts';

/** What all calls together were like. */
export class Summary {
  calls = 0;
  answered = 0;
  heard = 0;
  recorded = 0;
  /** Calls with a fault. */
  failed = 0;
  /** Calls that a second Ctrl-C broke off: nobody's fault. */
  brokenOff = 0;
  packets = 0;
  lost = 0;
  /** Ms. */
  worstJitter = 0;
  longestSetUp = 0;
  talkMs = 0;

  add(call: LabCall): void {
    this.calls++;
    if (call.answered) this.answered++;
    if (call.heardBothWays) this.heard++;
    if (call.record !== undefined) this.recorded++;
    if (call.faults.length > 0) this.failed++;
    for (const party of [call.caller, call.callee]) {
      if (party === undefined) continue;
      this.packets += party.received;
      this.lost += party.lost;
      this.worstJitter = Math.max(this.worstJitter, party.jitterMs);
    }
    this.longestSetUp = Math.max(this.longestSetUp, call.caller?.setUpMs ?? 0);
    this.talkMs += call.record?.talkMs ?? 0;
  }

  lossPercent(): number {
    const sent = this.packets + this.lost;
    return sent > 0 ? (100 * Math.max(0, this.lost)) / sent : 0;
  }
}
