import type { Octets } from '#kernel';

const colon = 0x3a;
const space = 0x20;
const tab = 0x09;
const cr = 0x0d;
const lf = 0x0a;

/**
 * The Call-ID of a message, found without reading anything else: `Call-ID` or `i` (RFC 3261 20.8) at the beginning of a line before the
 * body. Undefined where there is none: keep-alives, what is no SIP.
 */
export function callIdOf(octets: Octets): Octets | undefined {
  const start = callIdAt(octets);
  return start < 0 ? undefined : octets.slice(start, endOfValue(octets, start));
}

/** Where its Call-ID begins; -1 where there is none. */
export function callIdAt(octets: Octets): number {
  for (let line = octets.indexOf('\n') + 1; line > 0; line = octets.indexOf('\n', line) + 1) {
    const first = octets.charCodeAt(line) | 0x20;
    // The blank line before the body, or the end.
    if (first === (cr | 0x20) || first === (lf | 0x20)) return -1;
    if (first === 0x69) {
      const start = valueAfter(octets, line + 1);
      if (start >= 0) return start;
    } else if (first === 0x63 && isCallId(octets, line)) {
      const start = valueAfter(octets, line + 7);
      if (start >= 0) return start;
    }
  }
  return -1;
}

const name = 'call-id';

function isCallId(octets: Octets, at: number): boolean {
  for (let i = 1; i < name.length; i++)
    if ((octets.charCodeAt(at + i) | 0x20) !== (name.charCodeAt(i) | 0x20)) return false;
  return true;
}

/** Where the value of a field begins whose name ends here; -1 where none ends here, or there is no value, or no end of the line. */
function valueAfter(octets: Octets, at: number): number {
  let start = at;
  while (isBlank(octets.charCodeAt(start))) start++;
  if (octets.charCodeAt(start) !== colon) return -1;
  start++;
  while (isBlank(octets.charCodeAt(start))) start++;
  return endOfValue(octets, start) > start ? start : -1;
}

/** Behind its last char that is no blank; `start` where the line does not end. */
function endOfValue(octets: Octets, start: number): number {
  let end = octets.indexOf('\n', start);
  if (end < 0) return start;
  while (end > start && (isBlank(octets.charCodeAt(end - 1)) || octets.charCodeAt(end - 1) === cr)) end--;
  return end;
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}
