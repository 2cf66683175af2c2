import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Reading } from './book.ts';
import { en } from './en.ts';
import { type End, ended, fill, type Said, say } from './say.ts';
import type { Sayings } from './sayings.ts';

/** How what the server says is said in a language. */
interface Speech {
  readonly sayings: Sayings;
  readonly read: Reading;
}

const english: Speech = { sayings: en, read: () => undefined };
const known = new Map<string, Speech>();

/** A language comes when somebody reads it. */
export function learn(language: string, speech: Speech): void {
  known.set(language, speech);
}

/** All that a call may end by. */
export const reasons: readonly string[] = Object.keys(en.causes);

/** A sentence that comes without parts, in the language of who reads it. */
export function tell(text: string): string {
  return known.get(i18next.language)?.read(text) ?? text;
}

/** Several sentences one after the other: Chinese has no spaces between. */
export function together(...texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .join(' ')
    .replaceAll(/(?<=[。！？）]) /g, '');
}

/** What the server says, in the language of who reads it. */
export function useSaid() {
  useTranslation();
  const { sayings, read } = known.get(i18next.language) ?? english;
  return {
    /** A sentence by its parts; by its text where those are not known. */
    say: (text: string, said: Said | undefined) => say(sayings, said, read) ?? tell(text),
    tell,
    /** What to do about it. */
    todo: (text: string, said: Said | undefined) => (said && sayings.todo[said.code]) ?? tell(text),
    /** What would have a rule take the call that it did not take as `said`. */
    cure: (text: string, said: Said | undefined) =>
      said?.because ? (fill(sayings, sayings.cures[said.because.code], said.because, read) ?? text) : text,
    /** "unreachable" of a cause, in a word or two. */
    cause: (reason: string) => sayings.causes[reason]?.[0] ?? reason,
    /** Why a source is kept out. */
    ban: (reason: string) => sayings.bans[reason] ?? reason,
    /** How a call ended, in a sentence, with what the far side said. */
    end: (end: End) => ended(sayings, end),
  };
}
