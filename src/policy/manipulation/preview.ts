import { parseMessage } from '#codec/sip-message';
import { type Octets, toOctets, toText } from '#kernel';
import type { ManipulationRule } from '#policy/configuration';
import type { Circumstances } from './draft.ts';
import { draftOf, formatDraft } from './message.ts';
import { type Verdict, verdicts } from './rules.ts';

/** A line of the message: as it was, taken away or put there by a rule. */
export interface PreviewLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
  readonly rule?: string;
}

export interface Preview {
  readonly before: string;
  readonly after: string;
  readonly lines: readonly PreviewLine[];
  readonly verdicts: readonly Verdict[];
}

/** What is not told by the message itself; texts. */
export interface PreviewFacts {
  readonly trunk: string;
  readonly ourHost: string;
  readonly peerHost: string;
  readonly account: string;
  /** Unless given: the calls that such messages are part of; who the message names. */
  readonly call?: Circumstances['call'];
  readonly caller?: string;
  readonly called?: string;
  readonly within?: boolean;
}

/** What the rules would make of a message, line by line; a fault where it is none. */
export function preview(
  rules: readonly ManipulationRule[],
  direction: 'in' | 'out',
  octets: Octets,
  facts: PreviewFacts,
): Preview | { readonly fault: string } {
  const message = parseMessage(octets);
  if (message.kind === 'fault') return { fault: message.reason };
  const isRequest = message.kind === 'request';
  const drafted = draftOf(message);
  const draft = { ...drafted, within: facts.within ?? drafted.within };
  const userOf = (uri: Octets) =>
    toText(uri)
      .replace(/^[a-z]+:/i, '')
      .replace(/[@;>].*$/, '');
  const circumstances: Circumstances = {
    trunk: facts.trunk,
    call: facts.call ?? ((direction === 'in') === isRequest ? 'from-trunk' : 'to-trunk'),
    caller: toOctets(facts.caller ?? userOf(message.from.uri)),
    called: toOctets(facts.called ?? userOf(isRequest ? message.uri : message.to.uri)),
    ourHost: toOctets(facts.ourHost),
    peerHost: toOctets(facts.peerHost),
    account: toOctets(facts.account),
  };
  const before = formatDraft(draft);
  let lines: readonly PreviewLine[] = linesOf(before).map((text) => ({ kind: 'same', text }));
  const found: Verdict[] = [];
  verdicts(rules, direction, draft, circumstances, (verdict) => {
    const { rule, changed, text } = verdict;
    found.push({ rule, changed, text: toText(text) });
    if (changed) lines = marked(lines, linesOf(formatDraft(draft)), rule);
  });
  return { before: toText(before), after: toText(formatDraft(draft)), lines, verdicts: found };
}

function linesOf(octets: Octets): string[] {
  return toText(octets).split('\r\n');
}

/** The lines once a rule has made `now` of those that stand. */
function marked(lines: readonly PreviewLine[], now: readonly string[], rule: string): readonly PreviewLine[] {
  const standing = lines.filter(({ kind }) => kind !== 'gone').map(({ text }) => text);
  const common = commonLines(standing, now);
  const out: PreviewLine[] = [];
  let at = 0;
  let next = 0;
  const news = (until: number) => {
    while (next < until) out.push({ kind: 'new', text: now[next++]!, rule });
  };
  for (const line of lines) {
    if (line.kind === 'gone') {
      out.push(line);
      continue;
    }
    const partner = common.get(at++);
    if (partner === undefined) {
      // What another rule had put there was never in the message that came.
      if (line.kind === 'same') out.push({ kind: 'gone', text: line.text, rule });
      continue;
    }
    news(partner);
    out.push(line);
    next++;
  }
  news(now.length);
  return out;
}

/** Lines beyond which no common ones are looked for. */
const mostLines = 2_000;

/** Of the longest common sequence: the place in `a` -> the place in `b`. */
function commonLines(a: readonly string[], b: readonly string[]): ReadonlyMap<number, number> {
  if (a.length > mostLines || b.length > mostLines) return new Map();
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const pairs = new Map<number, number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.set(i++, j++);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}
