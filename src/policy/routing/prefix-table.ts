/** Digits that fit into a double without loss. */
const mostDigits = 15;

interface Row {
  /** The prefixes of this length as numbers, ascending. */
  readonly keys: Float64Array;
  readonly values: Int32Array;
}

/**
 * Number prefixes by length, sorted: twelve octets a prefix, and a search that grows with the logarithm of how many there are.
 * A prefix is "+" and digits, or digits; what is longer than 15 digits is kept apart. Values are indices of the caller's.
 */
export class PrefixTable {
  /** With "+", and without: a row for each length. */
  readonly #plus: readonly (Row | undefined)[];
  readonly #plain: readonly (Row | undefined)[];
  readonly #others: ReadonlyMap<string, number>;
  readonly size: number;

  /** Of a prefix that stands twice the first value counts. */
  constructor(entries: Iterable<readonly [prefix: string, value: number]>) {
    const lists: Map<number, number>[][] = [[], []];
    const others = new Map<string, number>();
    let size = 0;
    for (const [prefix, value] of entries) {
      const plus = prefix.startsWith('+') ? 1 : 0;
      const length = prefix.length - plus;
      if (length > mostDigits || !/^\+?\d*$/.test(prefix)) {
        if (!others.has(prefix)) others.set(prefix, value);
        continue;
      }
      const list = lists[plus]!;
      list[length] ??= new Map();
      const key = length === 0 ? 0 : Number(prefix.slice(plus));
      if (!list[length].has(key)) list[length].set(key, value);
    }
    const rows = (list: Map<number, number>[]) =>
      Array.from(list, (found): Row | undefined => {
        if (!found) return undefined;
        const keys = Float64Array.from(found.keys()).sort();
        size += keys.length;
        return { keys, values: Int32Array.from(keys, (key) => found.get(key)!) };
      });
    this.#plain = rows(lists[0]!);
    this.#plus = rows(lists[1]!);
    this.#others = others;
    this.size = size + others.size;
  }

  /** The values of all prefixes of a number, the longest first. */
  *matches(number: string): Generator<number> {
    if (this.#others.size > 0)
      for (let length = number.length; length > 0; length--) {
        const value = this.#others.get(number.slice(0, length));
        if (value !== undefined) yield value;
      }
    const plus = number.startsWith('+') ? 1 : 0;
    const rows = plus ? this.#plus : this.#plain;
    const digits = digitsFrom(number, plus);
    for (let length = Math.min(digits, rows.length - 1); length >= 0; length--) {
      const row = rows[length];
      const at = row ? indexOf(row.keys, length === 0 ? 0 : Number(number.slice(plus, plus + length))) : -1;
      if (at >= 0) yield row!.values[at]!;
    }
    // The empty prefix is one of each.
    const any = plus ? this.#plain[0] : undefined;
    if (any) yield any.values[0]!;
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

function indexOf(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = keys[middle]!;
    if (found === key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
