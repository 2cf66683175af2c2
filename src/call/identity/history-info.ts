import { parseNameAddress, parseUri, unescapeUser } from '#codec/sip-message';
import type { Octets } from '#kernel';
import { causeOfDiversion, type DiversionReason, type Diverted, mostEntries, reasonOfCause } from './history.ts';
import { anonymous, isAnonymous, type Person, personOf, personSipUri, type Side, writeName } from './person.ts';

/** Levels of an index: each is a hop. */
const deepest = 32;

/** One entry as it stands (RFC 7044 5, RFC 4244 4.1). */
interface Entry {
  readonly who: Person;
  readonly index: string;
  /** The entry whose change of target made this one. */
  readonly mappedFrom: string | undefined;
  /** Why this one is called, in its URI (RFC 4458). */
  readonly cause: number | undefined;
  /** Why this one was left, in a Reason that its URI carries. */
  readonly leftFor: number | undefined;
  /** It was left by forwarding, says the Lync family and gives no cause. */
  readonly forwarded: boolean;
  readonly private: boolean;
}

/** Those who forwarded, oldest first; the targets that nobody left by forwarding are no part of it. */
export function readHistoryInfo(values: readonly Octets[]): readonly Diverted[] {
  if (values.length === 0) return [];
  const entries: Entry[] = [];
  for (const value of values.slice(0, mostEntries)) {
    const entry = readEntry(value);
    if (entry) entries.push(entry);
  }
  const indexes = new Set(entries.map(({ index }) => index));
  const history: Diverted[] = [];
  const add = (entry: Entry, reason: DiversionReason, cause: number | undefined) => {
    history.push({
      who: entry.who,
      reason,
      ...(cause === undefined ? {} : { cause }),
      count: 1 + missingAbove(entry.index, indexes),
      private: entry.private,
    });
  };
  // RFC 7544 6.1: he forwarded whose successor has a cause in its URI. What is older than RFC 7044 says why by Reason.
  if (entries.some(({ cause }) => cause !== undefined)) {
    let last = -1;
    entries.forEach(({ cause, mappedFrom }, at) => {
      const reason = cause === undefined ? undefined : reasonOfCause(cause);
      if (reason === undefined) return;
      const named = entries.findIndex(({ index }, place) => place < at && index === mappedFrom);
      const from = named < 0 ? at - 1 : named;
      if (from <= last) return;
      last = from;
      add(entries[from]!, reason, cause);
    });
    return history;
  }
  for (const entry of entries) {
    const reason = entry.leftFor === undefined ? undefined : reasonOfCause(entry.leftFor);
    if (reason !== undefined) add(entry, reason, entry.leftFor);
    else if (entry.forwarded) add(entry, 'unconditional', undefined);
  }
  return history;
}

/**
 * The same as History-Info, oldest first, and after them whom they forwarded to. `target`: his URI. Whoever reads RFC 4244
 * only finds the cause in Reason.
 */
export function writeHistoryInfo(
  history: readonly Diverted[],
  target: Octets,
  side: Side,
  mayKnow: boolean,
): readonly Octets[] {
  const values: Octets[] = [];
  let index = '';
  let before: Diverted | undefined;
  for (const diverted of history) {
    const parent = index;
    index = below(index, diverted.count);
    const who = diverted.private && !mayKnow ? anonymous : diverted.who;
    const cause = before ? `;cause=${causeOfDiversion(before)}` : '';
    const privacy = diverted.private ? '&Privacy=history' : '';
    const uri = `${personSipUri(who, side)}${cause}?Reason=SIP%3Bcause%3D${causeOfDiversion(diverted)}${privacy}`;
    values.push(`${writeName(who)}<${uri}>;index=${index}${before ? `;mp=${parent}` : ''}`);
    before = diverted;
  }
  if (before) values.push(`<${target};cause=${causeOfDiversion(before)}>;index=${below(index, 1)};mp=${index}`);
  return values;
}

function readEntry(value: Octets): Entry | undefined {
  const address = parseNameAddress(value);
  const uri = address && parseUri(address.uri);
  const who = address && personOf(uri, address.displayName);
  if (!uri || !who) return undefined;
  const carried = uriHeaders(uri.headers ?? '');
  const index = address.params.get('index') ?? '';
  return {
    who,
    index: isIndex(index) ? index : '',
    mappedFrom: address.params.get('mp'),
    cause: causeIn(uri.params.get('cause')),
    leftFor: causeOfReason(carried.reason),
    forwarded: address.params.has('ms-retarget-reason'),
    private: (carried.privacy !== undefined && carried.privacy !== 'none') || isAnonymous(who),
  };
}

/** Header fields that a URI carries, escaped (RFC 3261 19.1.1): those two that History-Info knows. */
function uriHeaders(headers: Octets): { readonly reason: Octets | undefined; readonly privacy: string | undefined } {
  let reason: Octets | undefined;
  let privacy: string | undefined;
  for (const header of headers.split('&', 8)) {
    const equals = header.indexOf('=');
    const name = header.slice(0, Math.max(0, equals)).toLowerCase();
    if (name === 'reason') reason ??= unescapeUser(header.slice(equals + 1));
    else if (name === 'privacy') privacy ??= unescapeUser(header.slice(equals + 1)).toLowerCase();
  }
  return { reason, privacy };
}

function causeOfReason(reason: Octets | undefined): number | undefined {
  const found = reason === undefined ? null : /^\s*sip\s*;(?:.*;)?\s*cause\s*=\s*(\d{3})\b/i.exec(reason);
  return found ? Number(found[1]) : undefined;
}

export function causeIn(value: Octets | undefined): number | undefined {
  return value !== undefined && /^\d{3}$/.test(value) ? Number(value) : undefined;
}

function isIndex(index: Octets): boolean {
  return index.length <= 3 * deepest && /^\d+(?:\.\d+)*$/.test(index);
}

/** Levels between an entry and the nearest above it that is there: forwardings that nobody wrote down (RFC 7544 7.1). */
function missingAbove(index: string, indexes: ReadonlySet<string>): number {
  let missing = 0;
  for (let dot = index.lastIndexOf('.'); dot > 0 && missing < deepest; dot = index.lastIndexOf('.', dot - 1)) {
    if (indexes.has(index.slice(0, dot))) return missing;
    missing++;
  }
  return missing;
}

/** `levels` below an index, '' standing for what is above the first. */
function below(index: string, levels: number): string {
  const path = '.1'.repeat(Math.min(levels, deepest));
  return index === '' ? path.slice(1) : index + path;
}
