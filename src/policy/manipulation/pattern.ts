import type { Octets } from '#kernel';
import { type PatternNode, type PatternSyntax, readPattern } from './pattern-syntax.ts';

/** Steps that a pattern may come to; matching takes at most so many a character. */
const maxSteps = 2_000;

/** Longer values match nothing: none that anybody means is so long, and time is bounded by it. */
const longest = 2_048;

/** What one match took: begin and end of the whole, then of each group; -1 where a group took no part. */
export type Match = Int32Array;

/**
 * A compiled pattern. It is matched by following all ways at once (a Pike machine), so that no value that a peer sends can
 * take longer than its length times the length of the pattern. Of several matches the leftmost counts, and of those the one
 * that a backtracking matcher would have found.
 */
export class Pattern {
  readonly groups: number;
  readonly #ops: readonly Op[];
  /** What any match contains, to be looked for first; '' when nothing is certain. */
  readonly #needle: Octets;
  readonly #whole: boolean;
  readonly #begins: boolean;
  readonly #slots: number;
  /** The position at which a step was taken last: nobody goes the same way twice. */
  readonly #seen: Int32Array;
  #now: Threads;
  #next: Threads;

  private constructor(syntax: PatternSyntax, ops: readonly Op[]) {
    this.groups = syntax.groups;
    this.#ops = ops;
    this.#slots = 2 * (syntax.groups + 1);
    this.#needle = needleOf(syntax.root);
    this.#whole = isPlain(syntax.root);
    this.#begins = beginsAtStart(syntax.root);
    this.#seen = new Int32Array(ops.length);
    this.#now = new Threads(ops.length, this.#slots);
    this.#next = new Threads(ops.length, this.#slots);
  }

  /** The pattern, or in one sentence why it is none. */
  static compile(text: string): Pattern | { readonly wrong: string } {
    const syntax = readPattern(text);
    if ('wrong' in syntax) return syntax;
    const ops: Op[] = [];
    const fits = emit({ kind: 'group', number: 0, inner: syntax.root }, ops);
    if (!fits) return { wrong: `it comes to more than ${maxSteps} steps: let it repeat less` };
    ops.push({ kind: 'match' });
    return new Pattern(syntax, ops);
  }

  test(value: Octets): boolean {
    return this.match(value, 0) !== undefined;
  }

  /** The leftmost match at or after `from`; good until the next call. */
  match(value: Octets, from: number): Match | undefined {
    if (value.length > longest) return undefined;
    if (this.#needle !== '') {
      const at = value.indexOf(this.#needle, from);
      if (at < 0) return undefined;
      if (this.#whole) {
        const found = new Int32Array(2);
        found[0] = at;
        found[1] = at + this.#needle.length;
        return found;
      }
    }
    return this.#run(value, from);
  }

  #run(value: Octets, from: number): Match | undefined {
    this.#seen.fill(-1);
    let now = this.#now;
    let next = this.#next;
    now.size = 0;
    let found: Match | undefined;
    const fresh = new Int32Array(this.#slots).fill(-1);
    for (let at = from; at <= value.length; at++) {
      if (found === undefined && (at === 0 || !this.#begins)) this.#add(now, 0, fresh, value, at);
      if (now.size === 0) {
        if (found !== undefined || this.#begins) break;
        continue;
      }
      const code = at < value.length ? value.charCodeAt(at) & 0xff : -1;
      next.size = 0;
      for (let i = 0; i < now.size; i++) {
        const op = this.#ops[now.steps[i]!]!;
        const saved = now.saved[i]!;
        if (op.kind === 'match') {
          found = saved.slice();
          break; // Those behind it are of less rank.
        }
        if (op.kind === 'set' && code >= 0 && op.set[code] === 1)
          this.#add(next, now.steps[i]! + 1, saved, value, at + 1);
      }
      [now, next] = [next, now];
    }
    this.#now = now;
    this.#next = next;
    return found;
  }

  /** Follows what takes no octet, in order of rank. */
  #add(threads: Threads, step: number, saved: Int32Array, value: Octets, at: number): void {
    if (this.#seen[step] === at) return;
    this.#seen[step] = at;
    const op = this.#ops[step]!;
    switch (op.kind) {
      case 'go':
        for (const to of op.to) this.#add(threads, to, saved, value, at);
        return;
      case 'save': {
        const before = saved[op.slot]!;
        saved[op.slot] = at;
        this.#add(threads, step + 1, saved, value, at);
        saved[op.slot] = before;
        return;
      }
      case 'begin':
        if (at === 0) this.#add(threads, step + 1, saved, value, at);
        return;
      case 'end':
        if (at === value.length) this.#add(threads, step + 1, saved, value, at);
        return;
      case 'set':
      case 'match':
        threads.push(step, saved);
    }
  }
}

type Op =
  | { readonly kind: 'set'; readonly set: Uint8Array }
  /** On to each of these, the first before the second. */
  | { readonly kind: 'go'; to: readonly number[] }
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'begin' | 'end' | 'match' };

/** The ways that are followed, best first, each with what its groups took. */
class Threads {
  size = 0;
  readonly steps: Int32Array;
  readonly saved: readonly Int32Array[];

  constructor(steps: number, slots: number) {
    this.steps = new Int32Array(steps);
    this.saved = Array.from({ length: steps }, () => new Int32Array(slots));
  }

  push(step: number, saved: Int32Array): void {
    this.steps[this.size] = step;
    this.saved[this.size++]!.set(saved);
  }
}

/** False when it grows too long. */
function emit(node: PatternNode, ops: Op[]): boolean {
  if (ops.length > maxSteps) return false;
  switch (node.kind) {
    case 'set':
      ops.push({ kind: 'set', set: node.set });
      return true;
    case 'begin':
    case 'end':
      ops.push({ kind: node.kind });
      return true;
    case 'all':
      return node.items.every((item) => emit(item, ops));
    case 'group': {
      ops.push({ kind: 'save', slot: 2 * node.number });
      const fits = emit(node.inner, ops);
      ops.push({ kind: 'save', slot: 2 * node.number + 1 });
      return fits;
    }
    case 'either': {
      const fork: Extract<Op, { kind: 'go' }> = { kind: 'go', to: [] };
      const begins: number[] = [];
      const ends: Extract<Op, { kind: 'go' }>[] = [];
      ops.push(fork);
      for (const one of node.of) {
        begins.push(ops.length);
        if (!emit(one, ops)) return false;
        const end: Extract<Op, { kind: 'go' }> = { kind: 'go', to: [] };
        ends.push(end);
        ops.push(end);
      }
      fork.to = begins;
      for (const end of ends) end.to = [ops.length];
      return true;
    }
    case 'repeat':
      return emitRepeat(node, ops);
  }
}

function emitRepeat(node: Extract<PatternNode, { kind: 'repeat' }>, ops: Op[]): boolean {
  const { inner, least, most, greedy } = node;
  const order = (on: number, out: number) => (greedy ? [on, out] : [out, on]);
  for (let i = 0; i < least; i++) if (!emit(inner, ops)) return false;
  if (most === Number.POSITIVE_INFINITY) {
    const fork: Extract<Op, { kind: 'go' }> = { kind: 'go', to: [] };
    const at = ops.length;
    ops.push(fork);
    if (!emit(inner, ops)) return false;
    ops.push({ kind: 'go', to: [at] });
    fork.to = order(at + 1, ops.length);
    return true;
  }
  const forks: [Extract<Op, { kind: 'go' }>, number][] = [];
  for (let i = least; i < most; i++) {
    const fork: Extract<Op, { kind: 'go' }> = { kind: 'go', to: [] };
    forks.push([fork, ops.length]);
    ops.push(fork);
    if (!emit(inner, ops)) return false;
  }
  for (const [fork, at] of forks) fork.to = order(at + 1, ops.length);
  return true;
}

/** The octet of a set that has but one. */
function octetOf(set: Uint8Array): string | undefined {
  const first = set.indexOf(1);
  return first >= 0 && set.indexOf(1, first + 1) < 0 ? String.fromCharCode(first) : undefined;
}

function isPlain(node: PatternNode): boolean {
  if (node.kind === 'set') return octetOf(node.set) !== undefined;
  return (
    node.kind === 'all' && node.items.length > 0 && node.items.every((item) => item.kind === 'set' && isPlain(item))
  );
}

/** The longest run of certain octets that stands in every match. */
function needleOf(node: PatternNode): Octets {
  let longest = '';
  let run = '';
  const end = () => {
    if (run.length > longest.length) longest = run;
    run = '';
  };
  const walk = (one: PatternNode) => {
    const octet = one.kind === 'set' ? octetOf(one.set) : undefined;
    if (octet !== undefined) run += octet;
    else if (one.kind === 'all') for (const item of one.items) walk(item);
    else if (one.kind === 'group') walk(one.inner);
    else if (one.kind !== 'begin' && one.kind !== 'end') end();
  };
  walk(node);
  end();
  return longest;
}

/** It can match at the beginning only. */
function beginsAtStart(node: PatternNode): boolean {
  switch (node.kind) {
    case 'begin':
      return true;
    case 'all':
      return node.items.length > 0 && beginsAtStart(node.items[0]!);
    case 'either':
      return node.of.every(beginsAtStart);
    case 'group':
      return beginsAtStart(node.inner);
    default:
      return false;
  }
}
