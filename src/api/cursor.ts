import { Problem } from './problem.ts';

/** A place in a list, for who asks for what comes after it; what it holds is nobody's business. */
export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Throws a Problem where it is none of ours. `kinds`: the type of each part; `any` where it may be either. */
export function placeOf(cursor: string, kinds: readonly ('string' | 'number' | 'any')[]): readonly (string | number)[] {
  const place = parsed(cursor);
  const fits =
    Array.isArray(place) &&
    place.length === kinds.length &&
    place.every((part, i) =>
      kinds[i] === 'any' ? ['string', 'number'].includes(typeof part) : typeof part === kinds[i],
    );
  if (!fits) throw new Problem(400, 'The cursor is not one that a list of this kind gave: ask without it.');
  return place;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
