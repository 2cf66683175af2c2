import type { Listener, Trunk, TrunkAddress } from '#policy/configuration';
import { prefixOf } from '#policy/trunks';
import type { Profile, ProfileOwn, Support } from './profile.ts';

/** Something that a trunk does, or does not do, against what its peer can do and wants. */
export interface Violation {
  /** The field of the profile: `security.media-security.key-management`, `tandem.srtp`. */
  readonly feature: string;
  /** What is wrong: one sentence. */
  readonly message: string;
  /** What to do: one sentence. */
  readonly cure: string;
  /** The key of the trunk in the configuration file; empty when it is no key of the trunk. */
  readonly path: readonly (string | number)[];
}

export type Finding = Omit<Violation, 'feature'>;

export interface Subject {
  readonly trunk: Trunk;
  /** Those by which requests may go to it. */
  readonly ways: readonly Listener[];
  /** Where requests go. */
  readonly targets: readonly TrunkAddress[];
  readonly profile: Profile;
  readonly own: ProfileOwn;
}

/** One field of the profile, and what it asks of a trunk. */
export interface Rule {
  readonly feature: string;
  find(subject: Subject): Finding | undefined;
}

export function rule(feature: string, find: Rule['find']): Rule {
  return { feature, find };
}

/** What is asked of something that a trunk either does or does not do. */
export function supportRule(
  feature: string,
  wanted: (own: ProfileOwn) => Support | undefined,
  does: (subject: Subject) => boolean,
  say: { readonly path: Finding['path']; readonly add: string; readonly remove: string; readonly what: string },
): Rule {
  return rule(feature, (subject) => {
    const support = wanted(subject.own);
    const done = does(subject);
    if (support === 'required' && !done)
      return { path: say.path, message: `the peer requires ${say.what}.`, cure: say.add };
    if (support === 'unsupported' && done)
      return { path: say.path, message: `the peer does not support ${say.what}.`, cure: say.remove };
    return undefined;
  });
}

/** Is it an IP address, rather than a name? */
export function isAddress(host: string): boolean {
  return prefixOf({ host, bits: 0 }) !== undefined;
}

/** `a, b or c`. */
export function choice(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
