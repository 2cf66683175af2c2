import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type Edit, editConfiguration } from '#shell/config';
import { hashOf, type Draft as Kept } from '#shell/config-history';
import { Problem } from '../problem.ts';
import type { Services } from '../services.ts';
import { oneByOne } from './one-by-one.ts';

/** What somebody is changing: his own, until it is committed or discarded. */
export class Drafts {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  of(who: string): Kept | undefined {
    return this.#services.history.draft(who);
  }

  isOutdated({ base }: Kept): boolean {
    return base !== hashOf(this.#file());
  }

  /** The whole text. `base`: of the file that it was made from; the one that is there unless given. */
  write(who: string, text: string, base?: string): Promise<Kept> {
    return inTurn(async () => this.#keep(who, { base: base ?? hashOf(this.#file()), text, at: this.#services.wall() }));
  }

  /** Further edits of what he has, or of the file. */
  edit(who: string, edits: readonly Edit[]): Promise<Kept> {
    return inTurn(async () => {
      const file = this.#file();
      const known = this.of(who) ?? { base: hashOf(file), text: file, edits: [], at: 0 };
      const text = await edited(known.text, edits);
      const all = known.edits && { edits: [...known.edits, ...edits] };
      return this.#keep(who, { base: known.base, text, at: this.#services.wall(), ...all });
    });
  }

  /** The same edits of the file as it is now. A Problem where somebody else changed what they change, or it was written as a whole. */
  renew(who: string): Promise<Kept> {
    return inTurn(() => this.#renewed(who));
  }

  async #renewed(who: string): Promise<Kept> {
    const known = this.of(who);
    if (!known) throw new Problem(404, 'You have changed nothing.');
    const file = this.#file();
    if (known.base === hashOf(file)) return known;
    if (!known.edits)
      throw new Problem(409, 'It was written as a whole, and the file was changed since: begin anew with the file.');
    const edits = known.edits as readonly Edit[];
    return this.#keep(who, { base: hashOf(file), text: await edited(file, edits), edits, at: this.#services.wall() });
  }

  /** It holds now. What he changed meanwhile goes on from there. */
  committed(who: string, was: Kept): void {
    const now = this.of(who);
    if (!now) return;
    if (now.text === was.text) return this.discard(who);
    if (now.edits && was.edits && now.base === was.base)
      this.#keep(who, { ...now, base: hashOf(was.text), edits: now.edits.slice(was.edits.length) });
  }

  discard(who: string): void {
    this.#services.history.discard(who);
  }

  #keep(who: string, draft: Kept): Kept {
    this.#services.history.keep(who, draft);
    return draft;
  }

  #file(): string {
    return readFileSync(this.#services.file, 'utf8');
  }
}

/** Whoever changes drafts, of all: each takes its time. */
const inTurn = oneByOne();

/** Ms for the edits of one request: each reads the whole file. */
const patience = 20_000;

/** Others who ask have their answers between one edit and the next. */
async function edited(text: string, edits: readonly Edit[]): Promise<string> {
  const until = performance.now() + patience;
  let now = text;
  for (const edit of edits) {
    const said = editConfiguration(now, [edit]);
    if (said.text === undefined)
      throw new Problem(said.conflict ? 409 : 422, `It cannot be changed so: ${said.reason}.`, [
        { place: said.at.path.join(' '), detail: said.reason },
      ]);
    if (performance.now() > until)
      throw new Problem(
        422,
        `These are too many edits of a file of this size: send the whole text, or some at a time.`,
      );
    now = said.text;
    await setImmediate();
  }
  return now;
}
