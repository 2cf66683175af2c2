import { type Configuration, siteOf } from '#engine/ports';
import type { Trouble } from '../problems/problems.ts';
import { troubleView } from '../problems/schema.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';
import type { AnyHappening, Happening } from './happening.ts';
import type { Memory } from './memory.ts';
import type { WebhookSender } from './sender.ts';

export interface ProblemsOptions extends Pick<Services, 'live' | 'configuration'> {
  readonly sender: Pick<WebhookSender, 'wants'>;
  readonly troubles: () => readonly Trouble[];
}

/** Ms for which something must not be wrong to be told as over: what comes and goes is told once. */
const gone = 30_000;
/** Problems that are followed. */
const most = 2_000;

/** Tells when something begins to be wrong, and when it no longer is. */
export class Problems {
  readonly #memory: Memory;
  readonly #options: ProblemsOptions;
  /** Seen once; what is there at the next look as well is told. */
  #seen = new Set<string>();
  /** Since when what was told is not so any more. */
  readonly #goneSince = new Map<string, number>();
  #wasWanted: boolean | undefined;

  constructor(memory: Memory, options: ProblemsOptions) {
    this.#memory = memory;
    this.#options = options;
  }

  troubles(): readonly Trouble[] {
    return this.#options.troubles();
  }

  look(now: number): void {
    const { live, sender, configuration } = this.#options;
    const wasWanted = this.#wasWanted;
    this.#wasWanted = sender.wants('problem.began', 'problem.ended');
    if (!this.#wasWanted) {
      this.#memory.keepOnly('problem', new Set());
      return;
    }
    // What stands is just being told.
    if (live.state === 'reading') return;
    const all = this.troubles().slice(0, most);
    const known = new Set(this.#memory.names('problem'));
    const found: AnyHappening[] = [];
    for (const trouble of all) {
      const { id } = trouble;
      this.#goneSince.delete(id);
      if (known.has(id)) continue;
      // Whoever wants to know from now on is told what begins from now on.
      if (wasWanted !== false && !this.#seen.has(id)) continue;
      this.#memory.set(`problem ${id}`, JSON.stringify(trouble));
      if (wasWanted !== false) found.push(this.#happening('problem.began', trouble, now, configuration()));
    }
    this.#seen = new Set(all.map(({ id }) => id));
    for (const id of known) {
      if (this.#seen.has(id)) continue;
      const since = this.#goneSince.get(id) ?? now;
      this.#goneSince.set(id, since);
      if (now - since < gone) continue;
      const trouble = JSON.parse(this.#memory.get(`problem ${id}`)!) as Trouble;
      this.#goneSince.delete(id);
      this.#memory.set(`problem ${id}`, undefined);
      found.push(this.#happening('problem.ended', trouble, now, configuration()));
    }
    this.#memory.tell(found);
  }

  #happening(
    type: 'problem.began' | 'problem.ended',
    trouble: Trouble,
    now: number,
    configuration: Pick<Configuration, 'trunks'>,
  ): AnyHappening {
    const { live } = this.#options;
    const call = trouble.call === undefined ? undefined : live.calls.get(trouble.call);
    const trunks = [trouble.trunk, call?.a.trunk, call?.b?.trunk].filter((one) => one !== undefined);
    const sites = [call?.site, ...trunks.map((trunk) => siteOf(configuration, trunk))].filter(
      (one) => one !== undefined,
    );
    const problem = troubleView(trouble);
    const about = { at: now, subject: `problem ${trouble.id}`, trunks, sites } satisfies Partial<Happening>;
    return type === 'problem.began'
      ? { ...about, type, text: trouble.what, data: { problem } }
      : { ...about, type, text: `It is over: ${trouble.what}`, data: { problem, ended: iso(now) } };
  }
}
