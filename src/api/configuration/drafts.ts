import { readFileSync } from 'node:fs';
import { type Edit, editConfiguration } from '#shell/config';
import { hashOf, type Draft as Kept } from '#shell/config-history';
import { Problem } from '../problem.ts';
import type { Services } from '../services.ts';

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
  write(who: string, text: string, base = hashOf(this.#file())): Kept {
    return this.#keep(who, { base, text, at: this.#services.wall() });
  }

  /** Further edits of what he has, or of the file. */
  edit(who: string, edits: readonly Edit[]): Kept {
    const file = this.#file();
    const known = this.of(who) ?? { base: hashOf(file), text: file, edits: [], at: 0 };
    const text = edited(known.text, edits);
    const all = known.edits && { edits: [...known.edits, ...edits] };
    return this.#keep(who, { base: known.base, text, at: this.#services.wall(), ...all });
  }

  /** The same edits of the file as it is now. A Problem where somebody else changed what they change, or it was written as a whole. */
  renew(who: string): Kept {
    const known = this.of(who);
    if (!known) throw new Problem(404, 'You have changed nothing.');
    const file = this.#file();
    if (known.base === hashOf(file)) return known;
    if (!known.edits)
      throw new Problem(409, 'It was written as a whole, and the file was changed since: begin anew with the file.');
    const edits = known.edits as readonly Edit[];
    return this.#keep(who, { base: hashOf(file), text: edited(file, edits), edits, at: this.#services.wall() });
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

function edited(text: string, edits: readonly Edit[]): string {
  const said = editConfiguration(text, edits);
  if (said.text !== undefined) return said.text;
  throw new Problem(said.conflict ? 409 : 422, `It cannot be changed so: ${said.reason}.`, [
    { place: said.at.path.join(' '), detail: said.reason },
  ]);
}
