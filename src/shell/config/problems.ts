import { type Code, codes } from './errors.ts';

/** One thing that is wrong, or doubtful, in a configuration. */
export interface Problem {
  /** `TDM-1104`: stable, with a page in docs/errors. */
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** `trunk "itsp-a"`, `media`; empty when it is about the whole file. */
  readonly place: string;
  /** `trunks[0].addresses[1]`; empty likewise. */
  readonly path: string;
  /** What is wrong: one sentence. */
  readonly message: string;
  /** What to do: one sentence. */
  readonly cure: string;
}

/** What a check finds, before it is known where that stands in the file. */
export interface Fault {
  readonly code: Code;
  readonly message: string;
  /** Where the table's cure is too general. */
  readonly cure?: string;
}

export function fault(code: Code, message: string, cure?: string): Fault {
  return { code, message, ...(cure === undefined ? {} : { cure }) };
}

export type Path = readonly (string | number)[];

/** What one check says; `path` is where. */
export type Report = (code: Code, path: Path, message: string, cure?: string) => void;

/** The same of a line of a file that the configuration names. */
export type ReportIn = (at: LineOfFile, code: Code, path: Path, message: string, cure?: string) => void;

export interface LineOfFile {
  readonly file: string;
  readonly line: number;
  /** How a reader calls it; by the path where the file is named, unless given. */
  readonly place?: string;
}

/** `trunks[0].addresses[1]`. */
function formatPath(path: Path): string {
  let out = '';
  for (const step of path) out += typeof step === 'number' ? `[${step}]` : out ? `.${step}` : step;
  return out;
}

const singular: Readonly<Record<string, string>> = {
  listeners: 'listener',
  trunks: 'trunk',
  groups: 'group',
  routes: 'route',
  sites: 'site',
  links: 'link',
  'dial-plans': 'dial plan',
  policies: 'policy',
  users: 'user',
  tests: 'test',
};

/** How a reader calls the place: `trunk "itsp-a"` for anything inside it, `trunk 2` when it has no name, else the path. */
function placeOf(path: Path, tree: unknown): string {
  const [section, index] = path;
  const noun = singular[String(section)];
  // Of a list in a file of its own.
  if (section === 'users' && typeof index === 'string' && index !== 'list' && index !== 'file')
    return `user "${index}"`;
  if (noun === undefined || typeof index !== 'number') return formatPath(path);
  const list = (tree as Record<string, unknown> | undefined)?.[String(section)];
  const name = Array.isArray(list) ? (list[index] as { name?: unknown } | undefined)?.name : undefined;
  return typeof name === 'string' ? `${noun} "${name}"` : `${noun} ${index + 1}`;
}

/** The part of the path that `placeOf` leaves out. */
function inside(problem: Problem): string {
  if (problem.place === problem.path) return '';
  return problem.path.replace(/^\w+\[\d+\]\.?/, '');
}

/** `tandem.yaml:14:5: TDM-1104 trunk "itsp-a", addresses[0]: … .` and the cure on a second line. */
function formatProblem(problem: Problem): string {
  const key = inside(problem);
  const where = problem.place && `${problem.place}${key && `, ${key}`}: `;
  const level = problem.severity === 'warning' ? 'warning: ' : '';
  const position = `${problem.file}:${problem.line}:${problem.column}`;
  return `${position}: ${problem.code} ${level}${where}${problem.message}\n  ${problem.cure}\n`;
}

/** In the order of the file, errors and warnings mixed; then how many there are. */
export function formatProblems(problems: readonly Problem[]): string {
  if (problems.length === 0) return '';
  const warnings = problems.filter((problem) => problem.severity === 'warning').length;
  const errors = problems.length - warnings;
  const count = (n: number, word: string) => (n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`]);
  const total = [...count(errors, 'error'), ...count(warnings, 'warning')].join(', ');
  return `${inOrder(problems).map(formatProblem).join('')}${total}\n`;
}

export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1));
}

/** Collects faults and says where in the file each stands. */
export class Problems {
  readonly #file: string;
  readonly #position: (offset: number) => { line: number; col: number };
  readonly #list: Problem[] = [];

  constructor(file: string, position: (offset: number) => { line: number; col: number }) {
    this.#file = file;
    this.#position = position;
  }

  add(found: Fault, offset: number, path: Path, tree: unknown): void {
    const { line, col } = this.#position(offset);
    this.#push(
      found,
      { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) },
      path,
      placeOf(path, tree),
    );
  }

  /** In a file that the configuration names; `path` is where it does. */
  addIn(at: LineOfFile, found: Fault, path: Path, tree: unknown): void {
    const { file, line, place = placeOf(path, tree) } = at;
    this.#push(found, { file, line, column: 1 }, path, place);
  }

  #push(found: Fault, at: Pick<Problem, 'file' | 'line' | 'column'>, path: Path, place: string): void {
    this.#list.push({
      code: found.code,
      severity: codes[found.code].severity,
      ...at,
      place,
      path: formatPath(path),
      message: found.message,
      cure: found.cure ?? codes[found.code].cure,
    });
  }

  get list(): readonly Problem[] {
    return this.#list;
  }

  get failed(): boolean {
    return this.#list.some((problem) => problem.severity === 'error');
  }
}
