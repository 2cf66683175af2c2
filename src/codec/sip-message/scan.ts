import type { Octets } from '#kernel';
import { isSingle, nameClasses, nameIds, nameStart, nameSteps } from './header-names.ts';
import { limits } from './limits.ts';
import { skipSpace } from './octet-classes.ts';

/** Where things lie in a message: offsets only, no string is made. */
export interface Head {
  readonly lineStart: number;
  readonly lineEnd: number;
  /** Four numbers a header field: id, start of the name, start of the value, end of the value. */
  readonly slots: readonly number[];
  /** After the empty line; -1 when there is none. */
  readonly bodyAt: number;
  /** Some value holds CR or LF: line folding, or what a fault reports. */
  readonly folded: boolean;
  /** A field that may stand once came again. */
  readonly repeated: boolean;
  readonly reason: string | undefined;
  /** With `reason`: the answer it suggests, when not 400. */
  readonly status: number | undefined;
}

export const slotSize = 4;

// Filled by each scan and copied at its exact length: a scan never yields, so one is enough.
const scratch: number[] = [];

/**
 * One pass over start line and header fields (RFC 3261 7.3, 25.1). Lines end in CRLF and nothing else: a reader that took
 * a bare CR or LF for an end would see other fields than one that did not. What is wrong is noted and the scan goes on,
 * so that a refusal can be addressed.
 */
export function scanHead(octets: Octets): Head {
  let reason: string | undefined;
  let status: number | undefined;
  let folded = false;
  let repeated = false;
  let seen = 0;
  let count = 0;
  let bodyAt = -1;

  // Empty lines before the start line are keep-alives (RFC 3261 7.5).
  let at = 0;
  while (octets.charCodeAt(at) === 0x0d && octets.charCodeAt(at + 1) === 0x0a) at += 2;
  const lineStart = at;
  let lf = octets.indexOf('\n', at);
  let end = lf > at && octets.charCodeAt(lf - 1) === 0x0d ? lf - 1 : lf;
  if (lf < 0) lf = end = octets.length;
  const lineEnd = end;
  let cr = octets.indexOf('\r', at);
  if (cr !== lf - 1) reason = 'start line does not end in CRLF';

  at = lf + 1;
  while (at < octets.length) {
    lf = octets.indexOf('\n', at);
    cr = octets.indexOf('\r', at);
    if (lf < 0) {
      reason ??= 'header fields do not end in an empty line';
      break;
    }
    end = lf - 1;
    if (cr !== end) {
      reason ??= 'CR or LF alone in a header field';
      folded = true;
      if (end < at || octets.charCodeAt(end) !== 0x0d) end = lf;
    }
    if (end === at) {
      bodyAt = lf + 1;
      break;
    }
    let next = lf + 1;
    const first = octets.charCodeAt(at);
    if (first === 0x20 || first === 0x09) {
      reason ??= 'the first header field begins with white space';
      at = next;
      continue;
    }

    let state = nameStart;
    let nameEnd = at;
    for (;;) {
      const kind = nameClasses[octets.charCodeAt(nameEnd)];
      if (!kind) break;
      state = nameSteps[state | kind]!;
      nameEnd++;
    }
    let colon = nameEnd;
    if (octets.charCodeAt(colon) !== 0x3a) colon = skipSpace(octets, colon);
    const named = nameEnd > at && octets.charCodeAt(colon) === 0x3a;
    const valueStart = skipSpace(octets, colon + 1);

    // A line that begins with white space continues the one before.
    for (;;) {
      const code = octets.charCodeAt(next);
      if (code !== 0x20 && code !== 0x09) break;
      folded = true;
      lf = octets.indexOf('\n', next);
      cr = octets.indexOf('\r', next);
      if (lf < 0) {
        reason ??= 'header fields do not end in an empty line';
        lf = end = octets.length;
        next = octets.length;
        break;
      }
      end = lf - 1;
      if (cr !== end) {
        reason ??= 'CR or LF alone in a header field';
        if (octets.charCodeAt(end) !== 0x0d) end = lf;
      }
      next = lf + 1;
    }

    if (!named) reason ??= 'a header field without a name';
    else if (count === limits.fields * slotSize) {
      reason = 'too many header fields';
      status = 513;
      break;
    } else {
      let valueEnd = end;
      for (; valueEnd > valueStart; valueEnd--) {
        const code = octets.charCodeAt(valueEnd - 1);
        if (code !== 0x20 && code !== 0x09) break;
      }
      const id = nameIds[state >> 5]!;
      if (isSingle(id)) {
        const bit = 1 << id;
        if ((seen & bit) !== 0) repeated = true;
        seen |= bit;
      }
      scratch[count] = id;
      scratch[count + 1] = at;
      scratch[count + 2] = valueStart < valueEnd ? valueStart : valueEnd;
      scratch[count + 3] = valueEnd;
      count += slotSize;
    }
    at = next;
  }
  if (bodyAt < 0) reason ??= 'header fields do not end in an empty line';
  if ((bodyAt < 0 ? octets.length : bodyAt) > limits.head) {
    reason = 'start line and header fields are too long';
    status = 513;
  }
  if (reason === undefined && holdsNul(octets, bodyAt)) reason = 'NUL in a header field';
  return { lineStart, lineEnd, slots: scratch.slice(0, count), bodyAt, folded, repeated, reason, status };
}

/** The value between two offsets of a slot. */
export function valueAt(octets: Octets, start: number, end: number, folded: boolean): Octets {
  const value = octets.slice(start, end);
  return folded && (value.includes('\n') || value.includes('\r')) ? unfold(value) : value;
}

/** The first slot of a known name, or -1. */
export function slotOf(slots: readonly number[], id: number): number {
  for (let i = 0; i < slots.length; i += slotSize) if (slots[i] === id) return i;
  return -1;
}

/** Line folding becomes one space (RFC 3261 7.3.1). */
function unfold(value: Octets): Octets {
  let out = '';
  let from = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code !== 0x0d && code !== 0x0a) continue;
    let end = i;
    while (end > from && isBlank(value.charCodeAt(end - 1))) end--;
    out += value.slice(from, end);
    while (i + 1 < value.length && isBlank(value.charCodeAt(i + 1))) i++;
    from = i + 1;
    if (out !== '' && from < value.length) out += ' ';
  }
  return out + value.slice(from);
}

const isBlank = (code: number) => code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;

/** NUL may stand in a quoted pair only (RFC 3261 25.1); elsewhere it is there to end somebody's C string. */
function holdsNul(octets: Octets, end: number): boolean {
  for (let at = octets.indexOf('\0'); at >= 0 && at < end; at = octets.indexOf('\0', at + 1)) {
    if (octets.charCodeAt(at - 1) !== 0x5c) return true;
  }
  return false;
}
