import { parseUri } from '#codec/sip-message';
import { Pattern } from '#policy/manipulation';

/** A NAPTR record, as far as ENUM looks at it (RFC 3403 4.1). */
export interface EnumRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly regexp?: string | undefined;
  readonly replacement: string;
}

/** Where a number is to be called. */
export interface EnumPlace {
  readonly user: string;
  /** Lower case. */
  readonly host: string;
}

export type EnumResult =
  | { readonly kind: 'places'; readonly places: readonly EnumPlace[] }
  /** Another name has the records (RFC 6116 3.3). */
  | { readonly kind: 'ask'; readonly name: string }
  | { readonly kind: 'nothing'; readonly reason: string };

/** Places of one number that are tried, and records of an answer that are looked at (docs/limits.md). */
export const enumLimits = { places: 8, records: 64, names: 5 } as const;

/** The name under which a number stands (RFC 6116 3.2); undefined when it is no whole E.164 number. */
export function enumName(number: string, domain: string): string | undefined {
  if (!/^\+\d{2,15}$/.test(number)) return undefined;
  return `${[...number.slice(1)].reverse().join('.')}.${domain}`;
}

/** What the records of a name say of a number: of the lowest order that has anything for us, by preference (RFC 3403 4.1). */
export function placesOf(records: readonly EnumRecord[], number: string): EnumResult {
  const ours = records
    .filter((record) => isOurs(record))
    .sort((one, other) => one.order - other.order || one.preference - other.preference)
    .slice(0, enumLimits.records);
  if (ours.length === 0) return { kind: 'nothing', reason: 'there is no record for SIP' };
  const places: EnumPlace[] = [];
  let why = '';
  for (const record of ours) {
    const first = ours[0]!;
    if (places.length > 0 && record.order !== first.order) break;
    if (record.flags === '') {
      // Its place among others can't be kept: what is said at once comes first.
      if (places.length > 0) continue;
      return { kind: 'ask', name: record.replacement.toLowerCase() };
    }
    const place = placeOf(record, number);
    if (typeof place === 'string') why = place;
    else if (places.length < enumLimits.places) places.push(place);
  }
  return places.length > 0 ? { kind: 'places', places } : { kind: 'nothing', reason: why };
}

/** "E2U+sip" (RFC 3764) and "E2U+pstn:sip" (RFC 4769), among others that it may serve; or a name to go on with. */
function isOurs({ flags, service, replacement }: EnumRecord): boolean {
  if (flags === '') return service === '' && replacement !== '' && replacement !== '.';
  if (flags.toLowerCase() !== 'u') return false;
  const [kind, ...services] = service.toLowerCase().split('+');
  return kind === 'e2u' && services.some((one) => one === 'sip' || one === 'pstn:sip');
}

function placeOf({ regexp = '' }: EnumRecord, number: string): EnumPlace | string {
  const written = rewritten(regexp, number);
  if (written === undefined) return `${quoted(regexp)} can't be applied`;
  const uri = parseUri(written);
  if (!uri || (uri.scheme !== 'sip' && uri.scheme !== 'sips') || !uri.user || !uri.host)
    return `${quoted(written)} is no SIP address`;
  return { user: uri.user, host: uri.host.toLowerCase() };
}

/** Records come again and again: their patterns are kept, the newest few. */
const patterns = new Map<string, Pattern | undefined>();
const mostPatterns = 512;

/** What a `delimiter pattern delimiter replacement delimiter flags` makes of a number (RFC 3402 3.2); undefined when nothing. */
function rewritten(regexp: string, number: string): string | undefined {
  const [pattern, replacement, flags] = partsOf(regexp) ?? [];
  if (pattern === undefined || replacement === undefined || (flags !== '' && flags !== 'i')) return undefined;
  const match = compiled(pattern)?.match(number, 0);
  if (!match) return undefined;
  let made = '';
  for (let at = 0; at < replacement.length; at++) {
    const char = replacement[at]!;
    if (char !== '\\') {
      made += char;
      continue;
    }
    const next = replacement[++at] ?? '';
    if (next < '1' || next > '9') {
      made += next;
      continue;
    }
    const from = match[2 * Number(next)] ?? -1;
    if (from >= 0) made += number.slice(from, match[2 * Number(next) + 1]);
  }
  return number.slice(0, match[0]) + made + number.slice(match[1]);
}

/** Split at its first character, where that is not escaped. */
function partsOf(regexp: string): readonly string[] | undefined {
  const delimiter = regexp[0];
  if (delimiter === undefined || regexp.length > 512 || /[\dA-Za-z\\]/.test(delimiter)) return undefined;
  const parts: string[] = [];
  let part = '';
  for (let at = 1; at < regexp.length; at++) {
    const char = regexp[at]!;
    if (char === '\\' && at + 1 < regexp.length) {
      const next = regexp[++at]!;
      part += next === delimiter ? next : char + next;
    } else if (char === delimiter && parts.length < 2) {
      parts.push(part);
      part = '';
    } else {
      part += char;
    }
  }
  return parts.length === 2 ? [...parts, part] : undefined;
}

function compiled(pattern: string): Pattern | undefined {
  if (patterns.has(pattern)) return patterns.get(pattern);
  const made = Pattern.compile(pattern);
  const kept = 'wrong' in made ? undefined : made;
  if (patterns.size >= mostPatterns) patterns.delete(patterns.keys().next().value!);
  patterns.set(pattern, kept);
  return kept;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
