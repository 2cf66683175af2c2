import type { Files } from './files.ts';

/** Lists of numbers in files of their own: prefixes of routes, prices of trunks. Read once for one loading of a configuration. */

/** A million lines of twenty octets, and as much again. */
const mostBytes = 64 << 20;

/** A line of a list that is not one. */
export interface BadLine {
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** Where the code's is too general. */
  readonly cure?: string;
}

export interface ListRead<Entry> {
  readonly entries: readonly Entry[];
  readonly bad: readonly BadLine[];
  /** Why the file cannot be read; then there are no entries. */
  readonly reason?: string;
}

export type Rate = { readonly prefix: string; readonly price: number };

/** Beyond these a file is simply not what it should be. */
const mostBad = 10;
const numberStart = /^[+*#]?[0-9*#]{1,31}$|^\+$/;

const known = new WeakMap<Files, Map<string, ListRead<unknown>>>();

/** One prefix a line; of several columns the first. */
export function prefixesIn(path: string, files: Files): { readonly prefixes: readonly string[] } & ListRead<string> {
  const read = listIn(`prefixes ${path}`, path, files, (line) => {
    const comma = line.search(/[,;\t]/);
    const text = unquoted(comma < 0 ? line : line.slice(0, comma));
    return numberStart.test(text)
      ? { entry: text }
      : { message: `"${text.slice(0, 40)}" is not how a number can begin.` };
  });
  return { ...read, prefixes: read.entries };
}

/** A prefix and a price a line. */
export function ratesIn(path: string, files: Files): ListRead<Rate> {
  return listIn(`rates ${path}`, path, files, (line) => {
    const [prefix = '', price = ''] = line.split(/[,;\t]/).map(unquoted);
    if (!numberStart.test(prefix)) return { message: `"${prefix.slice(0, 40)}" is not how a number can begin.` };
    if (!/^\d{1,6}(\.\d{1,6})?$/.test(price)) return { message: `"${price.slice(0, 40)}" is not a price.` };
    return { entry: { prefix, price: Number(price) } };
  });
}

function unquoted(text: string): string {
  const bare = text.trim();
  return bare.startsWith('"') && bare.endsWith('"') && bare.length > 1 ? bare.slice(1, -1) : bare;
}

type LineRead<Entry> = { readonly entry: Entry; readonly message?: never } | { readonly message: string };

/** Lines that are empty or begin with # do not count, nor does a first one without any digit: it names the columns. */
function listIn<Entry>(
  key: string,
  path: string,
  files: Files,
  readLine: (line: string) => LineRead<Entry>,
): ListRead<Entry> {
  const lists = known.get(files) ?? new Map<string, ListRead<unknown>>();
  known.set(files, lists);
  const found = lists.get(key) as ListRead<Entry> | undefined;
  if (found) return found;
  const { text, reason } = files.read(path, mostBytes);
  const entries: Entry[] = [];
  const bad: BadLine[] = [];
  let number = 0;
  let at = text?.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (text !== undefined && at < text.length && bad.length < mostBad) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end).trim();
    at = end < 0 ? text.length : end + 1;
    number++;
    // "#31#" is a number, and "# new ones" is not.
    if (line === '' || /^#(?!\d)/.test(line) || (number === 1 && !/\d/.test(line) && line !== '+')) continue;
    const read = readLine(line);
    if (read.message === undefined) entries.push(read.entry);
    else bad.push({ line: number, message: read.message });
  }
  const read: ListRead<Entry> = { entries, bad, ...(reason !== undefined && { reason }) };
  lists.set(key, read);
  return read;
}
