import { detach } from '#kernel';
import { describeEvidence, type Evidence } from './evidence.ts';

/** Lines kept of a target. */
const most = 8;
/** Chars kept of what a transport or a peer said. */
const longest = 200;

/** One thing heard, `times` in a row, last `at` (Unix ms). */
export interface JournalLine {
  readonly at: number;
  readonly text: string;
  readonly times: number;
}

interface Entry {
  evidence: Evidence;
  at: number;
  times: number;
}

/** The last that was heard of a target. What repeats takes one line, so that what is rare is still there to be read. */
export class Journal {
  readonly #entries: Entry[] = [];

  add(evidence: Evidence, at: number): void {
    const last = this.#entries.at(-1);
    if (last && alike(last.evidence, evidence)) {
      last.at = at;
      last.times++;
      if (evidence.kind === 'options-answered') last.evidence = evidence;
      return;
    }
    if (this.#entries.length === most) this.#entries.shift();
    this.#entries.push({ evidence: kept(evidence), at, times: 1 });
  }

  lines(): readonly JournalLine[] {
    return this.#entries.map(({ evidence, at, times }) => ({ at, text: describeEvidence(evidence), times }));
  }
}

function alike(a: Evidence, b: Evidence): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'options-answered') return a.status === (b as typeof a).status;
  return !('detail' in a) || a.detail === (b as typeof a).detail.slice(0, longest);
}

function kept(evidence: Evidence): Evidence {
  return 'detail' in evidence ? { ...evidence, detail: detach(evidence.detail.slice(0, longest)) } : evidence;
}
