import { writeFileSync } from 'node:fs';
import type { Configuration } from '#engine/ports';
import { profileOf } from '#shell/config';
import { Failure } from './failure.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { formatSheet, type SheetFormat } from './sheet-formats.ts';

/** The data sheets of all trunks to providers, or of all where none leads to one: what is handed over before the first call. */
function handOverSheets(configuration: Configuration): readonly Sheet[] {
  const { trunks } = configuration;
  const providers = trunks.filter(({ kind }) => kind === 'itsp');
  return (providers.length > 0 ? providers : trunks).map((trunk) =>
    sheetOf(trunk, configuration, trunk.profile === undefined ? {} : (profileOf(trunk.profile) ?? {})),
  );
}

/** One document of them: JSON, Markdown or text by how the file is called. Returns a line about it; throws a Failure. */
export function writeHandOver(configuration: Configuration, path: string): string {
  const sheets = handOverSheets(configuration);
  try {
    writeFileSync(path, handOverText(sheets, formatOf(path)));
  } catch (error) {
    throw new Failure(`the hand-over document cannot be written: ${(error as Error).message}`);
  }
  const open = sheets.reduce((sum, sheet) => sum + sheet.open, 0);
  return `${path} has the data sheets of ${sheets.map(({ trunk }) => trunk).join(', ')}; ${open} things are to be agreed.`;
}

function handOverText(sheets: readonly Sheet[], format: SheetFormat): string {
  if (format === 'json') return `[${sheets.map((sheet) => formatSheet(sheet, format).trimEnd()).join(',\n')}]\n`;
  return sheets
    .map((sheet) => formatSheet(sheet, format))
    .join(format === 'markdown' ? '\n---\n\n' : `\n${'-'.repeat(72)}\n\n`);
}

function formatOf(path: string): SheetFormat {
  if (path.endsWith('.json')) return 'json';
  return path.endsWith('.md') ? 'markdown' : 'text';
}
