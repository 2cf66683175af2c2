import { toOctets } from '#kernel';

/**
 * The syntax of patterns: that of regular expressions, without what no machine could match in linear time (look-around,
 * back-references). Characters are octets: what is not ASCII stands for its UTF-8, and not in classes.
 */
export type PatternNode =
  /** One octet of 256 flags. */
  | { readonly kind: 'set'; readonly set: Uint8Array }
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'all'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly of: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly number: number; readonly inner: PatternNode }
  | {
      readonly kind: 'repeat';
      readonly inner: PatternNode;
      readonly least: number;
      /** Infinity: no end. */
      readonly most: number;
      readonly greedy: boolean;
    };

export interface PatternSyntax {
  readonly root: PatternNode;
  /** Capturing groups. */
  readonly groups: number;
}

const patternLimits = { length: 256, groups: 9, repeat: 64, depth: 20 } as const;

/** Reads a pattern, or says in one sentence why it is none. `(?i)` at its beginning: the case of ASCII letters does not count. */
export function readPattern(text: string): PatternSyntax | { readonly wrong: string } {
  if (text.length > patternLimits.length) return wrong(`it is longer than ${patternLimits.length} characters`);
  if (text === '') return wrong('it is empty');
  const anyCase = text.startsWith('(?i)');
  try {
    const reader = new Reader(toOctets(anyCase ? text.slice(4) : text), anyCase);
    return { root: reader.read(), groups: reader.groups };
  } catch (error) {
    if (error instanceof Misfit) return wrong(error.message);
    throw error;
  }
}

const wrong = (why: string) => ({ wrong: why });

/** Thrown and caught in this file only. */
class Misfit extends Error {}

const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: ' \t',
};

class Reader {
  groups = 0;
  readonly #text: string;
  readonly #anyCase: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, anyCase: boolean) {
    this.#text = text;
    this.#anyCase = anyCase;
  }

  read(): PatternNode {
    const root = this.#either();
    if (this.#at < this.#text.length) throw new Misfit('a ) stands there without its (; write \\) for the character');
    return root;
  }

  #either(): PatternNode {
    if (++this.#depth > patternLimits.depth)
      throw new Misfit(`parentheses are nested more than ${patternLimits.depth} deep`);
    const of = [this.#sequence()];
    while (this.#takes('|')) of.push(this.#sequence());
    this.#depth--;
    return of.length === 1 ? of[0]! : { kind: 'either', of };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) items.push(this.#repeated());
    return items.length === 1 ? items[0]! : { kind: 'all', items };
  }

  #repeated(): PatternNode {
    const inner = this.#item();
    const times = this.#times();
    if (!times) return inner;
    if (inner.kind === 'begin' || inner.kind === 'end') throw new Misfit('^ and $ cannot be repeated');
    const greedy = !this.#takes('?');
    if (this.#times()) throw new Misfit('two repetitions stand behind each other');
    return { kind: 'repeat', inner, ...times, greedy };
  }

  #times(): { least: number; most: number } | undefined {
    if (this.#takes('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#takes('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.#takes('?')) return { least: 0, most: 1 };
    const found = /^\{(\d{1,3})(?:(,)(\d{1,3})?)?\}/.exec(this.#text.slice(this.#at, this.#at + 9));
    if (!found) return undefined;
    this.#at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : Number(found[3] ?? Number.POSITIVE_INFINITY);
    if (most < least) throw new Misfit(`${found[0]} runs backwards`);
    if (least > patternLimits.repeat || (most > patternLimits.repeat && most !== Number.POSITIVE_INFINITY))
      throw new Misfit(`${found[0]} repeats more than ${patternLimits.repeat} times`);
    return { least, most };
  }

  #item(): PatternNode {
    const char = this.#text[this.#at++]!;
    switch (char) {
      case '^':
        return { kind: 'begin' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'set', set: new Uint8Array(256).fill(1) };
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: this.#class() };
      case '\\':
        return { kind: 'set', set: this.#escape() };
      case '*':
      case '+':
      case '?':
        throw new Misfit(`there is nothing before ${char} to repeat; write \\${char} for the character`);
      default:
        return { kind: 'set', set: this.#cased(only(char)) };
    }
  }

  #group(): PatternNode {
    let number = 0;
    if (this.#takes('?')) {
      if (!this.#takes(':'))
        throw new Misfit('(?…) is understood as (?:…) only, and (?i) at the beginning: no look-around, no names');
    } else number = ++this.groups;
    if (number > patternLimits.groups)
      throw new Misfit(`it has more than ${patternLimits.groups} groups; write (?:…) for those that are not used`);
    const inner = this.#either();
    if (!this.#takes(')')) throw new Misfit('a ( stands there without its )');
    return number === 0 ? inner : { kind: 'group', number, inner };
  }

  #escape(): Uint8Array {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new Misfit('it ends with a \\');
    const known = classes[char.toLowerCase()];
    if (known !== undefined) return char === char.toLowerCase() ? ranges(known) : inverse(ranges(known));
    if (/[1-9]/.test(char)) throw new Misfit(`\\${char} would have to remember what was matched, which is not done`);
    if (/[a-z0-9]/i.test(char)) throw new Misfit(`\\${char} is not understood`);
    return only(char);
  }

  #class(): Uint8Array {
    const inverted = this.#takes('^');
    const set = new Uint8Array(256);
    for (let first = true; ; first = false) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw new Misfit('a [ stands there without its ]');
      if (char === ']' && !first) break;
      if (char.charCodeAt(0) > 0x7f) throw new Misfit('only ASCII can stand in [ ]');
      if (char === '\\') {
        add(set, this.#escape());
        continue;
      }
      const next = this.#text[this.#at + 1];
      if (this.#text[this.#at] === '-' && next !== undefined && next !== ']') {
        this.#at += 2;
        const last = next === '\\' ? this.#text[this.#at++] : next;
        if (last === undefined || last < char) throw new Misfit(`[${char}-${last ?? ''}] runs backwards`);
        add(set, ranges(`${char}-${last}`));
      } else set[char.charCodeAt(0)] = 1;
    }
    const cased = this.#cased(set);
    return inverted ? inverse(cased) : cased;
  }

  #cased(set: Uint8Array): Uint8Array {
    if (!this.#anyCase) return set;
    for (let upper = 0x41; upper <= 0x5a; upper++) set[upper] = set[upper | 0x20] = set[upper]! | set[upper | 0x20]!;
    return set;
  }

  #takes(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}

function only(char: string): Uint8Array {
  const set = new Uint8Array(256);
  set[char.charCodeAt(0)] = 1;
  return set;
}

/** `A-Za-z_`: pairs around a "-", and single characters. */
function ranges(text: string): Uint8Array {
  const set = new Uint8Array(256);
  for (let i = 0; i < text.length; i++) {
    const from = text.charCodeAt(i);
    const pair = text[i + 1] === '-' && i + 2 < text.length;
    const to = pair ? text.charCodeAt(i + 2) : from;
    set.fill(1, from, to + 1);
    if (pair) i += 2;
  }
  return set;
}

function inverse(set: Uint8Array): Uint8Array {
  return set.map((flag) => 1 - flag);
}

function add(to: Uint8Array, set: Uint8Array): void {
  for (let i = 0; i < 256; i++) to[i]! |= set[i]!;
}
