import type { EndCause } from '#cdr';
import type { SilenceNotice } from '#codec/media-control';
import type { SipResponse } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { CallLeg } from './call-leg.ts';
import { byTandem } from './causes.ts';
import { Probe, type Probed } from './probe.ts';
import type { CallHandle } from './services.ts';

/** Lines about silence in the decision trace of one call. */
const maxNotes = 20;

/** Whose media is watched. */
export interface WatchedCall extends CallHandle {
  /** The two that talk, while they do. */
  readonly talking: readonly CallLeg[];
  decide(rule: string, outcome: string): void;
  checkpoint(): void;
  dialogLost(leg: CallLeg, response: SipResponse, now: Instant): void;
  hangUp(cause: EndCause, now: Instant): void;
}

/**
 * What becomes of an answered call whose media is silent. A quiet call is not a dead one: both peers are asked, and only one
 * that has not got the call any more, or is not there, ends it; so does a silence that is longer than any may be. Who is silent
 * while the other one speaks is told and let be: he may have nothing to say.
 */
export class MediaWatchdog {
  readonly #call: WatchedCall;
  /** Sides that are silent while the other one speaks. */
  readonly #oneWay = new Set<'a' | 'b'>();
  /** Nothing comes from anybody who should send. */
  #isSilent = false;
  /** That was told already, and the call goes on. */
  #isKept = false;
  /** Raised when a silence is over: what is answered to questions because of it says nothing about the next. */
  #silence = 0;
  /** Legs that were asked and have not answered yet. */
  #asked = 0;
  /** Legs that could not be reached when they were asked last. */
  readonly #unreached = new Set<CallLeg>();
  #notes = 0;

  constructor(call: WatchedCall) {
    this.#call = call;
  }

  noticed(notice: SilenceNotice, now: Instant): void {
    const { side, silentMs } = notice;
    if (side !== undefined) this.#ofOne(side, notice);
    else if (notice.kind === 'silent') this.#ofAll(silentMs, now);
    else this.#over(silentMs);
  }

  /** Who is silent that should not be. */
  inspect(): { readonly silent?: readonly string[] } {
    const silent = this.#isSilent ? ['caller', 'callee'] : [...this.#oneWay].map(nameOf);
    return silent.length > 0 ? { silent } : {};
  }

  #ofOne(side: 'a' | 'b', { kind, silentMs }: SilenceNotice): void {
    const isSilent = kind === 'silent';
    if (this.#oneWay.has(side) === isSilent) return; // Told again, since the link was down.
    if (isSilent) this.#oneWay.add(side);
    else this.#oneWay.delete(side);
    const leg = this.#call.talking.find((one) => one.side === side);
    const fields = { trunk: leg?.trunk.name, side: nameOf(side), silentMs };
    if (isSilent) this.#note('silent-side', `the ${nameOf(side)} is silent while the other side speaks`, fields);
    else
      this.#note(
        'silent-side-over',
        `the ${nameOf(side)} is not silent any more, as it was for ${seconds(silentMs)}`,
        fields,
      );
  }

  #ofAll(silentMs: number, now: Instant): void {
    const { talking, services } = this.#call;
    const { longestSilence = 0 } = services.configuration.media;
    if (longestSilence > 0 && silentMs >= longestSilence) {
      this.#call.decide('media', `nothing comes for ${seconds(silentMs)}, which is as long as it may be`);
      return this.#call.hangUp(byTandem('media-silent', undefined), now);
    }
    if (this.#asked > 0) return;
    if (!this.#isSilent) services.log('info', 'silent', { call: this.#call.id, silentMs });
    this.#isSilent = true;
    const silence = this.#silence;
    this.#asked = talking.length;
    for (const leg of talking)
      Probe.begin(leg, (probed, at) => this.#probed(leg, probed, silence, { silentMs, now: at }), now);
  }

  #probed(leg: CallLeg, probed: Probed, silence: number, { silentMs, now }: { silentMs: number; now: Instant }): void {
    const { talking } = this.#call;
    if (talking.length === 0) return; // The call has ended since.
    const isOver = silence !== this.#silence;
    // Unless it was transferred away.
    const isOurs = talking.includes(leg);
    if (isOurs && probed.kind === 'gone') {
      if (!isOver) this.#end(leg, probed.response, now);
      // It may be heard, but there is nobody to speak to about the call.
      else if (probed.response) this.#call.dialogLost(leg, probed.response, now);
      return;
    }
    if (isOver) return;
    if (isOurs && probed.kind === 'unreached') {
      if (this.#unreached.has(leg)) return this.#end(leg, undefined, now);
      this.#unreached.add(leg);
    } else {
      this.#unreached.delete(leg);
    }
    this.#asked--;
    if (this.#asked > 0 || this.#unreached.size > 0 || this.#isKept) return;
    this.#isKept = true;
    this.#note('silent-kept', `nothing comes for ${seconds(silentMs)}: both sides answer, and the call goes on`, {
      silentMs,
    });
    // Who looks for the cause of a call that was kept for long finds it after a crash too.
    this.#call.checkpoint();
  }

  #over(silentMs: number): void {
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#silence++;
    this.#asked = 0;
    this.#unreached.clear();
    const wasKept = this.#isKept;
    this.#isKept = false;
    if (wasKept) this.#note('silent-over', `something comes again, after ${seconds(silentMs)}`, { silentMs });
    else this.#call.services.log('info', 'silent-over', { call: this.#call.id, silentMs });
  }

  /** Nothing is heard, and this leg's peer is not in the call any more. */
  #end(leg: CallLeg, response: SipResponse | undefined, now: Instant): void {
    const said = response ? `says ${response.status}` : 'does not answer';
    this.#call.decide(`trunk ${leg.trunk.name}`, `nothing comes, and it ${said} when it is asked`);
    const sip = response && { status: response.status, phrase: response.phrase };
    this.#call.hangUp({ by: nameOf(leg.side), reason: 'media-silent', ...(sip ? { sip } : {}) }, now);
  }

  /** For the log and the record; a phone that says nothing while its user listens is told of some times, not for hours. */
  #note(event: string, outcome: string, fields: Record<string, unknown>): void {
    const isNews = this.#notes++ < maxNotes;
    this.#call.services.log(isNews ? 'info' : 'debug', event, { call: this.#call.id, ...fields });
    if (isNews) this.#call.decide('media', outcome);
  }
}

function nameOf(side: 'a' | 'b'): 'caller' | 'callee' {
  return side === 'a' ? 'caller' : 'callee';
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
