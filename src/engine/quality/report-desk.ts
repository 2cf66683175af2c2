import { busy, type Party, type Passing } from '#call';
import type { ReceivedReport } from '#cdr';
import { qualityReportType, readQualityReport } from '#codec/quality-report';
import { type Header, parseDeltaSeconds, type SipRequest } from '#codec/sip-message';
import { detach, type Instant, type Octets, type Random } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { ServerTransaction } from '#sip/transaction';

/** Entity tags that are remembered (docs/limits.md): who has a forgotten one is told by 412, and publishes anew. */
const mostReportTags = 10_000;
/** Seconds for which a tag holds at most, and where nobody asks for less. */
const longestHold = 3600;

export interface ReportDeskServices {
  readonly random: Random;
  readonly passing: Pick<Passing, 'pace'>;
  respond(transaction: ServerTransaction<Party>, status: number, now: Instant, headers?: readonly Header[]): void;
  /** To be kept. */
  keep(report: ReceivedReport): void;
}

interface Published {
  readonly source: string;
  /** Monotonic ms. */
  readonly until: number;
}

/**
 * Takes reports on voice quality (RFC 6035) of those who may send them: by PUBLISH, of which we are the event state compositor (RFC 3903 6),
 * or by a NOTIFY that nobody subscribed to, as some devices do. No state is composed: each report is kept as it is.
 */
export class ReportDesk {
  readonly #services: ReportDeskServices;
  /** By entity tag, the oldest first. */
  readonly #published = new Map<Octets, Published>();

  constructor(services: ReportDeskServices) {
    this.#services = services;
  }

  get size(): number {
    return this.#published.size;
  }

  take(transaction: ServerTransaction<Party>, request: SipRequest, trunk: Trunk, now: Instant): void {
    const { name } = trunk;
    const { passing, respond } = this.#services;
    if (!passing.pace.take(trunk, now.mono)) return respond(transaction, busy.status, now, busy.headers);
    const old = request.get('sip-if-match');
    const isKnown = old !== undefined && this.#holds(old, name, now.mono);
    // RFC 3903 6 step 4.
    if (old !== undefined && !isKnown) return respond(transaction, 412, now);
    // A refresh and a removal bring nothing, and nothing else may.
    if (request.body === '' && !isKnown) return respond(transaction, 400, now);
    if (request.body !== '') {
      if (request.contentType !== qualityReportType)
        return respond(transaction, 415, now, [['Accept', qualityReportType]]);
      const report = readQualityReport(request.body);
      if (!report) return respond(transaction, 400, now);
      this.#services.keep({ receivedAt: now.wall, source: name, report });
    }
    if (request.method === 'NOTIFY') return respond(transaction, 200, now);
    if (old !== undefined) this.#published.delete(old);
    const expires = Math.min(parseDeltaSeconds(request.get('expires') ?? '') ?? longestHold, longestHold);
    respond(transaction, 200, now, [
      ['SIP-ETag', this.#tag(name, expires, now.mono)],
      ['Expires', String(expires)],
    ]);
  }

  #holds(tag: Octets, source: string, now: number): boolean {
    const published = this.#published.get(tag);
    return published !== undefined && published.source === source && now < published.until;
  }

  /** Of what is over at once nothing has to be remembered. */
  #tag(source: string, expires: number, now: number): Octets {
    const tag = this.#services.random.token(64);
    if (expires === 0) return tag;
    if (this.#published.size >= mostReportTags) this.#published.delete(this.#published.keys().next().value!);
    this.#published.set(detach(tag), { source, until: now + expires * 1000 });
    return tag;
  }
}
