/*
 * Values as people read them. What came from the wire was written by strangers: it goes to a terminal or a spreadsheet only
 * through `harmless` or `csvCell`.
 */

/** Makes whatever could steer a terminal or reorder its text visible: controls, line and paragraph marks, bidirectional marks. */
export function harmless(text: string): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!steers(code)) continue;
    out += text.slice(from, i) + (code <= 0xff ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
    from = i + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** The same of a text whose lines stay lines. */
export function harmlessLines(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}

function steers(code: number): boolean {
  if (code < 0x20) return true;
  if (code < 0x7f) return false;
  return (
    code <= 0x9f ||
    code === 0x61c || // Arabic letter mark
    (code >= 0x200b && code <= 0x200f) || // zero width, left-to-right and right-to-left marks
    (code >= 0x2028 && code <= 0x202e) || // line and paragraph separators, embeddings, overrides
    (code >= 0x2060 && code <= 0x206f) || // invisible operators, isolates
    code === 0xfeff
  );
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** JSON in which no control character stands raw either: JSON itself leaves DEL and the C1 controls as they are. */
export function harmlessJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x7f || !steers(code)) continue;
    out += `${text.slice(from, i)}\\u${hex(code, 4)}`;
    from = i + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** `890 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** `2026-11-23 08:05:09` on the clock of this machine. */
export function localTime(unixMs: number): string {
  const at = new Date(unixMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2026-11-23 08:05:09.250 +01:00`. */
export function exactTime(unixMs: number): string {
  const east = -new Date(unixMs).getTimezoneOffset();
  const ahead = Math.abs(east);
  const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
  return `${localTime(unixMs)}.${String(((unixMs % 1000) + 1000) % 1000).padStart(3, '0')} ${zone}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * The time that `1h` (ago), `2026-11-23` (local midnight), `2026-11-23T08:00` (local) or `2026-11-23T08:00:00Z` means, in
 * Unix ms; undefined when it is none of these.
 */
export function timeOf(text: string, now: number): number | undefined {
  const unit = units[text.slice(-1)];
  const count = Number(text.slice(0, -1));
  if (unit !== undefined && text.length > 1 && Number.isFinite(count) && count >= 0) return now - count * unit;
  // A date, and from there on what Date reads; anything looser would let a typing error pass as some year.
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/.test(text)) return undefined;
  const time = Date.parse(text.length === 10 ? `${text}T00:00` : text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * A cell by RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it; a number with its
 * sign, as telephone numbers have it, stays.
 */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = harmless(value);
  const guarded = isFormula(text) ? `'${text}` : text;
  for (const char of guarded) if (char === ',' || char === '"') return `"${guarded.replaceAll('"', '""')}"`;
  return guarded;
}

/** White space before it does not stop a spreadsheet, nor does the wide form of a sign. */
function isFormula(text: string): boolean {
  const bare = text.trimStart().normalize('NFKC');
  switch (bare[0]) {
    case '=':
    case '@':
      return true;
    case '+':
    case '-':
      return text !== bare || !isDigits(bare, 1);
    default:
      return false;
  }
}

function isDigits(text: string, from: number): boolean {
  if (text.length === from) return false;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
