import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { en } from './en.ts';
import { type End, ended, fill, type Said, say } from './say.ts';
import type { Sayings } from './sayings.ts';
import { zhTW } from './zh-TW.ts';

const sayings: Readonly<Record<string, Sayings>> = { en, 'zh-TW': zhTW };

/** All that a call may end by. */
export const reasons: readonly string[] = Object.keys(en.causes);

/** What the server says, in the language of who reads it. */
export function useSaid() {
  useTranslation();
  const language = sayings[i18next.language] ?? en;
  return {
    /** A sentence by its parts; as it is where those are not known. */
    say: (text: string, said: Said | undefined) => say(language, said) ?? text,
    /** What to do about it. */
    todo: (text: string, said: Said | undefined) => (said && language.todo[said.code]) ?? text,
    /** What would have a rule take the call that it did not take as `said`. */
    cure: (text: string, said: Said | undefined) =>
      said?.because ? (fill(language, language.cures[said.because.code], said.because) ?? text) : text,
    /** "unreachable" of a cause, in a word or two. */
    cause: (reason: string) => language.causes[reason]?.[0] ?? reason,
    /** How a call ended, in a sentence, with what the far side said. */
    end: (end: End) => ended(language, end),
  };
}
