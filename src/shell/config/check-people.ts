import { checkPasswordFile } from './check-certificates.ts';
import { type Context, says } from './check-context.ts';
import { namesIn } from './names.ts';
import type { Person } from './people.ts';
import { impossible } from './phone-numbers.ts';
import type { Path, Report } from './problems.ts';

/** Users: that each has a name and numbers of his own. */
export function checkPeople(context: Context, people: readonly Person[]): void {
  const taken = ['trunks', 'groups'].flatMap((section) => namesIn(context.tree, section));
  checkNames(people, new Set(taken));
  checkNumbers(people);
  for (const person of people) checkPassword(person, context);
  checkPossible(people);
  const registering = people.find(({ entry }) => entry.password !== undefined || entry['password-file'] !== undefined);
  if (registering && !says(context, 'registrar'))
    registering.report(
      'TDM-1216',
      [...registering.path, registering.entry.password ? 'password' : 'password-file'],
      'nobody registers without a `registrar`.',
      'Add `registrar: {}`, or remove the passwords.',
    );
  const expires = context.draft.registrar?.expires;
  if (expires && expires.min > expires.max)
    context.report('TDM-1216', ['registrar', 'expires', 'min'], 'the shortest time is longer than the longest.');
}

/** `taken`: names of trunks and groups, among which users are looked for. */
function checkNames(people: readonly Person[], taken: ReadonlySet<unknown>): void {
  const seen = new Set<string>();
  for (const { entry, path, report } of people) {
    const { name } = entry;
    if (taken.has(name)) report('TDM-1201', [...path, 'name'], `a trunk or group is called "${name}" too.`);
    else if (seen.has(name)) report('TDM-1201', [...path, 'name'], 'another of the users has this name.');
    seen.add(name);
  }
}

interface Holder {
  readonly name: string;
  /** He has it as the extension of his line, and not by itself. */
  readonly byExtension: boolean;
}

/** A number leads to one user: of lines, other numbers and names alike. */
function checkNumbers(people: readonly Person[]): void {
  const holders = new Map<string, Holder>();
  const claim = (number: string, byExtension: boolean, { entry, report }: Person, path: Path) => {
    const other = holders.get(number);
    if (!other) holders.set(number, { name: entry.name, byExtension });
    else if (other.name === entry.name && (byExtension || other.byExtension)) return;
    else if (other.name === entry.name) report('TDM-1213', path, `${number} stands here twice.`);
    else if (byExtension && other.byExtension)
      report('TDM-1317', path, `${number} alone is the extension of user "${other.name}" too, and leads there.`);
    else report('TDM-1237', path, `${number} leads to user "${other.name}" already.`);
  };
  for (const person of people) claim(person.entry.name, false, person, [...person.path, 'name']);
  for (const person of people) {
    const { line, numbers = [], name } = person.entry;
    if (line !== undefined) claim(line, false, person, [...person.path, 'line']);
    for (const [at, number] of numbers.entries())
      if (number !== name) claim(number, false, person, [...person.path, 'numbers', at]);
  }
  for (const person of people) {
    const extension = person.entry.line?.split(';ext=')[1];
    if (extension !== undefined) claim(extension, true, person, [...person.path, 'line']);
  }
}

function checkPassword({ entry, path, report }: Person, context: Context): void {
  const { password, 'password-file': file } = entry;
  if (password && file !== undefined)
    report('TDM-1219', path, '`password` and `password-file` are both given.', 'Leave one of them out.');
  else if (file !== undefined) checkPasswordFile(file, [...path, 'password-file'], { ...context, report });
}

/** More of them tell nothing new. */
const mostDoubts = 20;

function checkPossible(people: readonly Person[]): void {
  let doubts = 0;
  for (const { entry, path, report } of people)
    for (const [key, number] of numbersOf(entry)) {
      if (doubts >= mostDoubts) return;
      if (checkPossibleNumber(number, [...path, ...key], report)) doubts++;
    }
}

/** His own, and those that his calls are led to. */
function numbersOf({
  line,
  numbers = [],
  forward = {},
}: Person['entry']): readonly [key: Path, number: string | undefined][] {
  const { 'no-answer': noAnswer, ...others } = forward;
  return [
    [['line'], line],
    ...numbers.map((one, at): [Path, string] => [['numbers', at], one]),
    ...Object.entries(others).map(([key, to]): [Path, string | undefined] => [['forward', key], to]),
    [['forward', 'no-answer', 'to'], noAnswer?.to],
  ];
}

/** True when it is told. */
export function checkPossibleNumber(number: string | undefined, path: Path, report: Report): boolean {
  const why = number === undefined ? undefined : impossible(number);
  if (why !== undefined) report('TDM-1316', path, `${number} ${why}.`);
  return why !== undefined;
}
