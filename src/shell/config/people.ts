import type { Context } from './check-context.ts';
import type { Path, Report } from './problems.ts';
import type { UserEntry } from './schema-people.ts';
import { usersIn } from './user-list.ts';

/** A user, and how problems with him are told: at his place in the file, or at his line of the list. */
export interface Person {
  readonly entry: UserEntry;
  readonly path: Path;
  readonly report: Report;
}

/** All that are sound, those of the file of users too; tells what is wrong with its lines. */
export function peopleOf(context: Context): Person[] {
  const { draft, files, report, reportIn } = context;
  const people: Person[] = [];
  for (const [index, entry] of draft.users.entries())
    if (entry) people.push({ entry, path: ['users', 'list', index], report });
  const path = draft.usersFile;
  if (path === undefined) return people;
  const at = ['users', 'file'];
  const { entries, lines, bad, open, reason } = usersIn(path, files);
  if (reason !== undefined) report('TDM-1401', at, `${path} cannot be read: ${reason}.`);
  if (open) report('TDM-1311', at, `everybody on this machine may read ${path}, and there are passwords in it.`);
  for (const { line, message, cure } of bad) reportIn({ file: path, line }, 'TDM-1408', at, message, cure);
  for (const [index, entry] of entries.entries()) {
    const here = { file: path, line: lines[index]!, place: `user "${entry.name}"` };
    people.push({ entry, path: ['users', index], report: (...problem) => reportIn(here, ...problem) });
  }
  return people;
}
