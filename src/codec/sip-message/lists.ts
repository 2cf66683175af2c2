import type { Octets } from '#kernel';
import { skipSpace, trimEnd } from './octet-classes.ts';

/** The index of the first comma of value[at, end) that is in no quotes and no angle brackets, or -1. */
export function topLevelComma(value: Octets, at: number, end = value.length): number {
  // Most values have none.
  const first = value.indexOf(',', at);
  if (first < 0 || first >= end) return -1;
  let quote = false;
  let angle = false;
  for (let i = at; i < end; i++) {
    switch (value.charCodeAt(i)) {
      case 0x22:
        if (!angle) quote = !quote;
        break;
      case 0x5c:
        if (quote) i++;
        break;
      case 0x3c:
        if (!quote) angle = true;
        break;
      case 0x3e:
        if (!quote) angle = false;
        break;
      case 0x2c:
        if (!quote && !angle) return i;
        break;
    }
  }
  return -1;
}

/** Appends the elements of a comma-separated value to `out`, trimmed; empty ones are left out (RFC 3261 7.3.1). */
export function splitList(value: Octets, out: Octets[]): void {
  if (!value.includes(',')) {
    if (value !== '') out.push(value);
    return;
  }
  for (let at = 0; at <= value.length; ) {
    let end = topLevelComma(value, at);
    if (end < 0) end = value.length;
    const item = trimmed(value, at, end);
    if (item !== '') out.push(item);
    at = end + 1;
  }
}

/** The first element, or undefined when the value has none. */
export function firstItem(value: Octets): Octets | undefined {
  for (let at = 0; at < value.length; ) {
    const comma = topLevelComma(value, at);
    const end = comma < 0 ? value.length : comma;
    const item = trimmed(value, at, end);
    if (item !== '') return item;
    at = end + 1;
  }
  return undefined;
}

/** value[start, end) without white space at its ends. */
function trimmed(value: Octets, start: number, end: number): Octets {
  const from = skipSpace(value, start);
  return from >= end ? '' : value.slice(from, trimEnd(value, from, end));
}
