import type { Octets } from '#kernel';
import { readPidfLo } from './read.ts';

/**
 * The location object in what a location server says (RFC 6753 4: a HELD `locationResponse`, or the object alone), as it stands there; a
 * text says why there is none.
 */
export function locationObjectIn(octets: Octets): { readonly body: Octets } | { readonly fault: string } {
  const start = startOf(octets);
  if (start === undefined)
    return { fault: /<(?:[\w.-]+:)?error\b/.test(octets) ? 'it says an error' : 'no place is in it' };
  const { at, name } = start;
  const closing = `</${name}>`;
  const end = octets.lastIndexOf(closing);
  if (end < at) return { fault: 'its place has no end' };
  const body = octets.slice(at, end + closing.length);
  // Names that only what is around it declares are none in it: it is of no use alone.
  const read = readPidfLo(body);
  return 'fault' in read ? read : { body };
}

/** Where `<presence`, with a prefix or not, begins. */
function startOf(octets: Octets): { readonly at: number; readonly name: Octets } | undefined {
  const found = /<((?:[\w.-]+:)?presence)[\s>]/.exec(octets);
  return found ? { at: found.index, name: found[1]! } : undefined;
}
