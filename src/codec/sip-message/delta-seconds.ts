import type { Octets } from '#kernel';

/** RFC 3261 25.1 delta-seconds counts to 2^32 - 1 at most. */
const most = 2 ** 32 - 1;

/**
 * The seconds that a field value begins with (Retry-After, Session-Expires, Min-SE), its comment and parameters left
 * aside. Undefined when it has none.
 */
export function parseDeltaSeconds(value: Octets | undefined): number | undefined {
  if (value === undefined) return undefined;
  let seconds = 0;
  let at = 0;
  for (; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    seconds = Math.min(most, seconds * 10 + digit);
  }
  if (at === 0) return undefined;
  const after = value[at];
  return after === undefined || after === ';' || after === '(' || after === ' ' || after === '\t' ? seconds : undefined;
}
