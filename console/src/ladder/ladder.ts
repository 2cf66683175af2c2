/** One SIP message of a call, as the API tells it. */
export interface Message {
  /** Unix ms, with fractions. */
  readonly atMs: number;
  readonly sent: boolean;
  readonly transport: string;
  readonly local: string;
  readonly remote: string;
  /** The trunk, or the user, on whose leg it went. */
  readonly leg: string;
  readonly callId: string;
  readonly firstLine: string;
  readonly text: string;
}

/** Whoever talks with us on one leg of the call. */
export interface Lane {
  readonly callId: string;
  readonly leg: string;
  readonly remote: string;
}

export type Tone = 'request' | 'provisional' | 'success' | 'failure';

export interface Arrow {
  /** Of the message. */
  readonly index: number;
  /** Of the lane; we are between the first and the others. */
  readonly lane: number;
  /** Towards us. */
  readonly isIn: boolean;
  /** "INVITE", "180 Ringing". */
  readonly label: string;
  /** What tells it from its like: "SDP". */
  readonly note: string;
  readonly tone: Tone;
  /** It went before, the same (RFC 3261 17). */
  readonly isAgain: boolean;
  /** Ms since the first. */
  readonly sinceMs: number;
}

export interface Ladder {
  /** The leg that the call came by first, then those that it was tried on. */
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
}

/** Both legs of a call between one and the same pair of poles: who called on the left, we in the middle, who was called on the right. */
export function ladderOf(messages: readonly Message[]): Ladder {
  const lanes: Lane[] = [];
  const known = new Map<string, number>();
  const seen = new Set<string>();
  const begin = messages[0]?.atMs ?? 0;
  const arrows = messages.map((message, index): Arrow => {
    const { callId, leg, remote, sent, firstLine, atMs, text } = message;
    let lane = known.get(callId);
    if (lane === undefined) {
      lane = lanes.length;
      known.set(callId, lane);
      lanes.push({ callId, leg, remote });
    }
    const identity = `${callId} ${sent} ${keyOf(message)} ${branchOf(text)}`;
    const isAgain = seen.has(identity);
    seen.add(identity);
    const { label, tone } = whatOf(firstLine);
    const note = bodyOf(text) === '' ? '' : sdpOf(text) === undefined ? 'body' : 'SDP';
    return { index, lane, isIn: !sent, label, note, tone, isAgain, sinceMs: atMs - begin };
  });
  return { lanes, arrows };
}

function whatOf(firstLine: string): { readonly label: string; readonly tone: Tone } {
  const status = statusOf(firstLine);
  if (status === undefined) return { label: firstLine.split(' ', 1)[0]!, tone: 'request' };
  return {
    label: firstLine.slice('SIP/2.0 '.length),
    tone: status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure',
  };
}

/** Undefined: a request. */
function statusOf(firstLine: string): number | undefined {
  return firstLine.startsWith('SIP/2.0 ') ? Number(firstLine.slice(8, 11)) : undefined;
}

/** What it is, and of which request of its leg: "INVITE 1", "180 INVITE 1". */
function keyOf({ firstLine, text }: Message): string {
  const [number = '', method = ''] = (fieldOf(text, 'cseq') ?? '').trim().split(/\s+/);
  const status = statusOf(firstLine);
  return status === undefined ? `${firstLine.split(' ', 1)[0]} ${number}` : `${status} ${method} ${number}`;
}

/** What it is whichever leg it is on: CSeq is counted on each. */
function kindOf({ firstLine, text }: Message): string {
  const status = statusOf(firstLine);
  const method = (fieldOf(text, 'cseq') ?? '').trim().split(/\s+/)[1] ?? '';
  return status === undefined
    ? firstLine.split(' ', 1)[0]!
    : `${Math.floor(status / 100) === 1 ? status : Math.floor(status / 100)} ${method}`;
}

/**
 * The same message on the other leg: of one that came the first of its kind that we sent there after it, of one that we sent the last
 * that came there before it. Of a final answer any of its class is: a cause may be translated.
 */
export function counterpartOf(messages: readonly Message[], index: number): number | undefined {
  const one = messages[index];
  if (!one) return undefined;
  const fits = (other: Message) =>
    other.callId !== one.callId && other.sent !== one.sent && kindOf(other) === kindOf(one);
  if (!one.sent) {
    const found = messages.findIndex((other, i) => i > index && fits(other));
    // What came again meanwhile is answered by what that had us send.
    const again = messages.findIndex((other, i) => i > index && i < found && isLike(other, one));
    return found < 0 || again >= 0 ? undefined : found;
  }
  for (let i = index - 1; i >= 0; i--) {
    const other = messages[i]!;
    if (isLike(other, one)) return undefined;
    if (fits(other)) return i;
  }
  return undefined;
}

function isLike(a: Message, b: Message): boolean {
  return a.callId === b.callId && a.sent === b.sent && kindOf(a) === kindOf(b);
}

export type Field = readonly [name: string, value: string];

/** Header fields in their order, folded lines joined (RFC 3261 7.3.1), compact names as they are in full. */
export function fieldsOf(text: string): readonly Field[] {
  const end = text.indexOf('\r\n\r\n');
  const lines = (end < 0 ? text : text.slice(0, end)).split('\r\n').slice(1);
  const fields: [string, string][] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    if ((line.startsWith(' ') || line.startsWith('\t')) && last) {
      last[1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim();
    fields.push([compact[name.toLowerCase()] ?? name, line.slice(colon + 1).trim()]);
  }
  return fields;
}

const compact: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

function fieldOf(text: string, name: string): string | undefined {
  return fieldsOf(text).find(([one]) => one.toLowerCase() === name)?.[1];
}

function branchOf(text: string): string {
  return /branch=([^;,\s]+)/i.exec(fieldOf(text, 'via') ?? '')?.[1] ?? '';
}

function bodyOf(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  return end < 0 ? '' : text.slice(end + 4);
}

/** The session description, also where it is one part of several (RFC 2046 5.1). */
export function sdpOf(text: string): string | undefined {
  const body = bodyOf(text);
  const from = body.startsWith('v=0') ? 0 : body.indexOf('\nv=0') + 1;
  if (from === 0 && !body.startsWith('v=0')) return undefined;
  const boundary = body.indexOf('\r\n--', from);
  return boundary < 0 ? body.slice(from) : body.slice(from, boundary);
}

export interface Pair {
  readonly left?: string;
  readonly right?: string;
  readonly isSame: boolean;
}

/** Lines side by side: what both have in common stays beside itself (longest common subsequence). */
export function pairsOf(left: readonly string[], right: readonly string[]): readonly Pair[] {
  const [m, n] = [left.length, right.length];
  const longest = Array.from({ length: m + 1 }, () => new Array<number>(n + 1).fill(0));
  for (let i = m - 1; i >= 0; i--)
    for (let j = n - 1; j >= 0; j--)
      longest[i]![j] =
        left[i] === right[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  let pending: { readonly left: string[]; readonly right: string[] } = { left: [], right: [] };
  const flush = () => {
    const rows = Math.max(pending.left.length, pending.right.length);
    for (let row = 0; row < rows; row++) {
      const [l, r] = [pending.left[row], pending.right[row]];
      pairs.push({ ...(l !== undefined && { left: l }), ...(r !== undefined && { right: r }), isSame: false });
    }
    pending = { left: [], right: [] };
  };
  while (i < m || j < n) {
    if (i < m && j < n && left[i] === right[j]) {
      flush();
      pairs.push({ left: left[i++]!, right: right[j++]!, isSame: true });
    } else if (j >= n || (i < m && longest[i + 1]![j]! >= longest[i]![j + 1]!)) pending.left.push(left[i++]!);
    else pending.right.push(right[j++]!);
  }
  flush();
  return pairs;
}

export interface FieldPair extends Pair {
  readonly name: string;
}

/** Header fields of two messages by name: those of the first in its order, then what only the second has. */
export function fieldPairs(left: string, right: string): readonly FieldPair[] {
  const [mine, theirs] = [grouped(left), grouped(right)];
  const names = [...new Set([...mine.keys(), ...theirs.keys()])];
  return names.flatMap((key) => {
    const [a, b] = [mine.get(key), theirs.get(key)];
    const name = (a ?? b)!.name;
    return pairsOf(a?.values ?? [], b?.values ?? []).map((pair) => ({ name, ...pair }));
  });
}

function grouped(text: string): Map<string, { readonly name: string; readonly values: string[] }> {
  const groups = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of fieldsOf(text)) {
    const key = name.toLowerCase();
    const group = groups.get(key) ?? { name, values: [] };
    group.values.push(value);
    groups.set(key, group);
  }
  return groups;
}
