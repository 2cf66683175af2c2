import type { Octets } from '#kernel';

/** What a Privacy header asks for (RFC 3323 4.2, RFC 3325 9.3, RFC 7044 10.1). */
export interface Privacy {
  /** The asserted identity is for those who may know it. */
  readonly id: boolean;
  /** Nothing that the user said of himself is to be seen. */
  readonly user: boolean;
  /** Nothing of the way of the message; two legs never show any. */
  readonly header: boolean;
  /** Nothing of the media's way; relayed media never show any. */
  readonly session: boolean;
  /** Who forwarded is not to be seen. */
  readonly history: boolean;
  /** Refuse rather than to do without. */
  readonly critical: boolean;
  /** Nobody is to hide anything. */
  readonly none: boolean;
}

const mostTokens = 16;

/** Of all fields together. What is asked for weighs more than `none` beside it (RFC 3323 4.2 has it alone). */
export function readPrivacy(values: readonly Octets[]): Privacy {
  const asked = new Set<string>();
  for (const value of values) {
    for (const token of value.split(/[;,]/, mostTokens)) asked.add(token.trim().toLowerCase());
  }
  const privacy = {
    id: asked.has('id'),
    user: asked.has('user'),
    header: asked.has('header'),
    session: asked.has('session'),
    history: asked.has('history'),
    critical: asked.has('critical'),
  };
  const { id, user, header, session, history } = privacy;
  return { ...privacy, none: asked.has('none') && !(id || user || header || session || history) };
}
