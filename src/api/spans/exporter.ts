import { createHash } from 'node:crypto';
import type { OtlpConfiguration } from '#engine/ports';
import { trunkLabels } from '../metrics/names.ts';
import type { Services } from '../services.ts';
import { type Span, spansOf } from './spans.ts';

export interface ExporterOptions extends Pick<Services, 'live' | 'configuration' | 'version'> {
  readonly node: string | undefined;
  /** It does not take spans; once, until it does again (undefined). */
  readonly onTrouble: (why: string | undefined) => void;
  /** Ms in which spans are gathered. */
  readonly pause?: number;
  /** Ms that the collector has for an answer. */
  readonly patience?: number;
}

/** Spans that may wait for a collector, and those of one request. */
const mostWaiting = 20_000;
const mostAtOnce = 2_000;
const usualPause = 2_000;
const usualPatience = 10_000;
/** Ms until a collector that did not answer is asked again, at most. */
const longestRest = 60_000;

/** Sends the spans of calls, when they have ended, to a collector of OpenTelemetry (OTLP/HTTP in JSON). Nobody waits for it. */
export class SpanExporter {
  readonly counts = { sent: 0, lost: 0 };
  readonly #options: ExporterOptions;
  readonly #stopListening: () => void;
  readonly #closing = new AbortController();
  #waiting: Span[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isSending = false;
  #failures = 0;
  #trouble: string | undefined;

  constructor(options: ExporterOptions) {
    this.#options = options;
    this.#stopListening = options.live.journal.listen(({ event }) => {
      if (event.kind !== 'ended' || !this.#otlp()) return;
      const label = trunkLabels(options.configuration().trunks);
      for (const record of event.records) this.#waiting.push(...spansOf(record, hash, label));
      const beyond = this.#waiting.length - mostWaiting;
      if (beyond > 0) {
        this.counts.lost += beyond;
        // Those of last week interest less.
        this.#waiting.splice(0, beyond);
      }
      this.#plan(options.pause ?? usualPause);
    });
  }

  close(): void {
    this.#stopListening();
    clearTimeout(this.#timer);
    this.#closing.abort();
  }

  #otlp(): OtlpConfiguration | undefined {
    return this.#options.configuration().tracing?.otlp;
  }

  #plan(pause: number): void {
    if (this.#timer || this.#isSending || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, pause);
    this.#timer.unref();
  }

  async #send(): Promise<void> {
    const otlp = this.#otlp();
    if (!otlp) {
      this.#waiting = [];
      return;
    }
    const some = this.#waiting.splice(0, mostAtOnce);
    this.#isSending = true;
    const outcome = await this.#post(otlp, some);
    this.#isSending = false;
    if (this.#closing.signal.aborted) return;
    const { pause = usualPause } = this.#options;
    if (outcome.kind === 'taken') this.counts.sent += some.length;
    // What it cannot read it cannot read tomorrow either.
    else if (outcome.kind === 'refused') this.counts.lost += some.length;
    else this.#waiting = [...some, ...this.#waiting];
    this.#failures = outcome.kind === 'again' ? this.#failures + 1 : 0;
    this.#tell(outcome.kind === 'taken' ? undefined : outcome.why);
    const rest = Math.min(longestRest, pause * 2 ** Math.min(this.#failures, 10));
    this.#plan(this.#failures > 0 ? rest : this.#waiting.length >= mostAtOnce ? 0 : pause);
  }

  async #post(
    { url, authorization }: OtlpConfiguration,
    spans: readonly Span[],
  ): Promise<{ readonly kind: 'taken' } | { readonly kind: 'refused' | 'again'; readonly why: string }> {
    const { version, node, patience = usualPatience } = this.#options;
    const attributes = [
      { key: 'service.name', value: { stringValue: 'tandem' } },
      { key: 'service.version', value: { stringValue: version } },
      ...(node === undefined ? [] : [{ key: 'service.instance.id', value: { stringValue: node } }]),
    ];
    const body = JSON.stringify({
      resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'tandem', version }, spans }] }],
    });
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(authorization && { authorization: authorization.reveal() }),
        },
        body,
        // A collector that sends us elsewhere would be told of calls that are not its business.
        redirect: 'error',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(patience)]),
      });
      await response.body?.cancel();
      if (response.ok) return { kind: 'taken' };
      // OTLP/HTTP: these may be tried again, and no others.
      const isPassing = [429, 502, 503, 504].includes(response.status);
      return { kind: isPassing ? 'again' : 'refused', why: `it answers ${response.status}` };
    } catch (error) {
      const { cause, message } = error as Error & { readonly cause?: { readonly code?: string } };
      return { kind: 'again', why: cause?.code ?? message };
    }
  }

  #tell(why: string | undefined): void {
    if (why === this.#trouble) return;
    this.#trouble = why;
    this.#options.onTrouble(why);
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
