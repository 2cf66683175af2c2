import { csvRows } from './csv.ts';
import { codes } from './errors.ts';
import type { Files } from './files.ts';
import type { BadLine, ListRead } from './number-lists.ts';
import type { Fault } from './problems.ts';
import { type UserEntry, userSchema } from './schema-people.ts';

/** Users in a CSV file: the first line names the columns. */

/** A hundred thousand of them. */
const mostBytes = 32 << 20;
const mostBad = 10;

/** Columns, and where in an entry each stands. */
const columns: Readonly<Record<string, readonly string[]>> = {
  name: ['name'],
  'display-name': ['display-name'],
  line: ['line'],
  numbers: ['numbers'],
  site: ['site'],
  location: ['location'],
  password: ['password'],
  'password-file': ['password-file'],
  'dial-plan': ['dial-plan'],
  policy: ['policy'],
  devices: ['devices'],
  srtp: ['srtp'],
  dtmf: ['dtmf'],
  watchers: ['watchers'],
  calls: ['capacity', 'calls'],
  'forward-always': ['forward', 'always'],
  'forward-busy': ['forward', 'busy'],
  'forward-no-answer': ['forward', 'no-answer', 'to'],
  'forward-after': ['forward', 'no-answer', 'after'],
  'forward-unregistered': ['forward', 'unregistered'],
  'forward-together': ['forward', 'together'],
  hidden: ['hidden'],
};

export interface UsersRead extends ListRead<UserEntry> {
  /** The line of each entry. */
  readonly lines: readonly number[];
  /** Passwords stand in it, and everybody on this machine may read it. */
  readonly open: boolean;
}

const known = new WeakMap<Files, Map<string, UsersRead>>();

export function usersIn(path: string, files: Files): UsersRead {
  const lists = known.get(files) ?? new Map<string, UsersRead>();
  known.set(files, lists);
  const found = lists.get(path);
  if (found) return found;
  const { text, reason, open } = files.read(path, mostBytes);
  const read =
    text === undefined ? { entries: [], lines: [], bad: [], open: false, reason: reason! } : readUsers(text, open!);
  lists.set(path, read);
  return read;
}

function readUsers(text: string, readable: boolean): UsersRead {
  const [header, ...rows] = csvRows(text);
  const names = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const entries: UserEntry[] = [];
  const lines: number[] = [];
  const unknown = names.find((name) => !Object.hasOwn(columns, name));
  const bad: BadLine[] = [];
  if (unknown !== undefined)
    bad.push({
      line: header!.line,
      message: `there is no column "${unknown.slice(0, 40)}"; there are ${Object.keys(columns).join(', ')}.`,
    });
  else if (!names.includes('name')) bad.push({ line: header?.line ?? 1, message: 'no column is called "name".' });
  const open = readable && names.includes('password');
  if (bad.length > 0) return { entries, lines, bad, open };
  for (const { cells, line } of rows) {
    if (bad.length >= mostBad) break;
    if (cells.length > names.length) {
      bad.push({ line, message: `there are ${cells.length} cells, and ${names.length} columns.` });
      continue;
    }
    const parsed = userSchema.safeParse(entryOf(names, cells));
    if (parsed.success) {
      entries.push(parsed.data);
      lines.push(line);
      continue;
    }
    for (const issue of parsed.error.issues) {
      const column = Object.keys(columns).find((name) => columns[name]!.every((step, i) => issue.path[i] === step));
      const fault = issue.code === 'custom' ? (issue.params?.fault as Fault) : undefined;
      bad.push({
        line,
        message: `${column ?? issue.path.join('.')}: ${fault?.message ?? 'this is missing.'}`,
        ...(fault && { cure: fault.cure ?? codes[fault.code].cure }),
      });
    }
  }
  return { entries, lines, bad, open };
}

/** The entry that a line stands for; an empty cell says nothing. */
function entryOf(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const text = cells[index]?.trim() ?? '';
    if (text === '') continue;
    let map = entry;
    const path = columns[name]!;
    for (const step of path.slice(0, -1)) {
      map[step] ??= {};
      map = map[step] as Record<string, unknown>;
    }
    map[path.at(-1)!] = name === 'numbers' || name === 'watchers' ? text.split(/\s+/) : text;
  }
  return entry;
}
