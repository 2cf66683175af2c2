import type { Context } from './check-context.ts';
import { type ListRead, prefixesIn, ratesIn } from './number-lists.ts';
import type { Path } from './problems.ts';

/** Lists of numbers that the file names. */
export function checkLists(context: Context): void {
  const { draft, files } = context;
  for (const [index, route] of draft.routes.entries()) {
    const file = route?.called?.file;
    if (file !== undefined) checkList(file, prefixesIn(file, files), ['routes', index, 'called', 'file'], context);
  }
  for (const [index, trunk] of draft.trunks.entries()) {
    const rates = trunk?.rates;
    if (rates && !rates.list && rates.file === undefined)
      context.report('TDM-1102', ['trunks', index, 'rates'], 'neither `list` nor `file` is given.');
    if (rates?.file !== undefined)
      checkList(rates.file, ratesIn(rates.file, files), ['trunks', index, 'rates', 'file'], context);
  }
}

function checkList(file: string, read: ListRead<unknown>, path: Path, { report, reportIn }: Context): void {
  const { reason, bad, entries } = read;
  if (reason !== undefined) report('TDM-1401', path, `${file} cannot be read: ${reason}.`);
  for (const { line, message } of bad) reportIn({ file, line }, 'TDM-1408', path, message);
  if (reason === undefined && bad.length === 0 && entries.length === 0)
    report('TDM-1408', path, `${file} has no lines.`, 'Write an entry on each line.');
}
