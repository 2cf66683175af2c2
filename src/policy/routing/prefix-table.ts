/** Digits that fit into a double without loss. */
const mostDigits = 15;

interface Row {
  /** The prefixes of this length as numbers, ascending. */
  readonly keys: Float64Array;
  readonly values: Int32Array;
}

/**
 * Number prefixes by length, sorted: twelve octets a prefix, and a search that grows with the logarithm of how many there are.
 * A prefix is "+" and digits, or digits; what is longer than 15 digits is kept apart.
 */
export class PrefixTable {
  /** With "+", and without: a row for each length. */
  readonly #plus: readonly (Row | undefined)[];
  readonly #plain: readonly (Row | undefined)[];
  readonly #others: ReadonlyMap<string, readonly number[]>;
  readonly size: number;

  /** A prefix may stand in it several times. `values`: what stands for each; its place in the list unless given. */
  constructor(prefixes: readonly string[], values?: Int32Array) {
    // Counted first: rows that grow take four times as much while they are made.
    const counts: number[] = [];
    for (const prefix of prefixes) {
      const row = rowOf(prefix, keyOf(prefix));
      if (row >= 0) counts[row] = (counts[row] ?? 0) + 1;
    }
    const drafts = Array.from(counts, (count) => (count === undefined ? undefined : new RowDraft(count)));
    const others = new Map<string, number[]>();
    for (let at = 0; at < prefixes.length; at++) {
      const prefix = prefixes[at]!;
      const value = values ? values[at]! : at;
      const key = keyOf(prefix);
      const draft = drafts[rowOf(prefix, key)];
      if (draft) {
        draft.add(key, value);
        continue;
      }
      const list = others.get(prefix);
      if (list) list.push(value);
      else others.set(prefix, [value]);
    }
    const rows = Array.from(drafts, (draft) => draft?.sorted());
    this.#plain = rows.filter((_, row) => row % 2 === 0);
    this.#plus = rows.filter((_, row) => row % 2 === 1);
    this.#others = others;
    this.size = prefixes.length;
  }

  /** The values of all prefixes of a number, the longest first. */
  *matches(number: string): Generator<number> {
    if (this.#others.size > 0)
      for (let length = number.length; length > 0; length--) {
        yield* this.#others.get(number.slice(0, length)) ?? [];
      }
    const plus = number.startsWith('+') ? 1 : 0;
    const rows = plus ? this.#plus : this.#plain;
    const digits = digitsFrom(number, plus);
    for (let length = Math.min(digits, rows.length - 1); length >= 0; length--) {
      const row = rows[length];
      if (!row) continue;
      const key = length === 0 ? 0 : Number(number.slice(plus, plus + length));
      for (let at = firstOf(row.keys, key); row.keys[at] === key; at++) yield row.values[at]!;
    }
    // The empty prefix is one of each.
    if (plus) yield* this.#plain[0]?.values ?? [];
  }

  /** The value of the longest prefix of a number. */
  longest(number: string): number | undefined {
    for (const value of this.matches(number)) return value;
    return undefined;
  }
}

/** How many digits stand from `at` on, as far as they count. */
function digitsFrom(text: string, at: number): number {
  let end = at;
  while (end < text.length && end - at < mostDigits) {
    const code = text.charCodeAt(end) - 48;
    if (code < 0 || code > 9) break;
    end++;
  }
  return end - at;
}

/** Where the first of these stands, or would stand. */
function firstOf(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The digits as a number; -1 for what is none, or does not fit. */
function keyOf(prefix: string): number {
  const from = prefix.charCodeAt(0) === 0x2b ? 1 : 0;
  if (prefix.length - from > mostDigits) return -1;
  let key = 0;
  for (let at = from; at < prefix.length; at++) {
    const digit = prefix.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    key = key * 10 + digit;
  }
  return key;
}

/** Its row among those with "+" and without, by length; -1 for what is kept apart. */
function rowOf(prefix: string, key: number): number {
  if (key < 0) return -1;
  return prefix.charCodeAt(0) === 0x2b ? 2 * prefix.length - 1 : 2 * prefix.length;
}

/** Bits of a key that one pass of sorting looks at. */
const radix = 2 ** 11;

/** A row while it is made. */
class RowDraft {
  readonly #keys: Float64Array<ArrayBuffer>;
  readonly #values: Int32Array<ArrayBuffer>;
  #size = 0;
  #most = 0;

  constructor(count: number) {
    this.#keys = new Float64Array(count);
    this.#values = new Int32Array(count);
  }

  add(key: number, value: number): void {
    this.#keys[this.#size] = key;
    this.#values[this.#size++] = value;
    if (key > this.#most) this.#most = key;
  }

  /** By key; those of one key as they came (a radix sort, from the least bits up: a million in a tenth of a second). */
  sorted(): Row {
    let keys = this.#keys;
    let values = this.#values;
    let otherKeys = new Float64Array(this.#size);
    let otherValues = new Int32Array(this.#size);
    const starts = new Uint32Array(radix + 1);
    for (let unit = 1; unit <= this.#most; unit *= radix) {
      starts.fill(0);
      for (let at = 0; at < this.#size; at++) starts[(Math.floor(keys[at]! / unit) % radix) + 1]!++;
      for (let at = 1; at <= radix; at++) starts[at]! += starts[at - 1]!;
      for (let at = 0; at < this.#size; at++) {
        const to = starts[Math.floor(keys[at]! / unit) % radix]!++;
        otherKeys[to] = keys[at]!;
        otherValues[to] = values[at]!;
      }
      [keys, otherKeys] = [otherKeys, keys];
      [values, otherValues] = [otherValues, values];
    }
    return { keys, values };
  }
}
