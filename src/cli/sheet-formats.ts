import { harmless, harmlessJson } from './cdr-text.ts';
import { folded } from './output/folded.ts';
import type { Sheet, SheetRow } from './sheet.ts';
import { table } from './table.ts';

export type SheetFormat = 'text' | 'json' | 'markdown';

const missing = 'to be agreed';

/** `width`: columns that a text may have. */
export function formatSheet(sheet: Sheet, format: SheetFormat, width = Number.POSITIVE_INFINITY): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(JSON.parse(harmlessJson(sheet)), null, 2)}\n`;
    case 'markdown':
      return markdown(sheet);
    case 'text':
      return folded(text(sheet, width), width);
  }
}

const heading = ({ trunk, kind, connection }: Sheet) =>
  `Data sheet of trunk ${trunk} (${kind}${connection && `, ${connection}`})`;
const parts = (sheet: Sheet) => [
  { title: `What we need from ${sheet.peer}`, sections: sheet.get },
  { title: `What ${sheet.peer} needs from us`, sections: sheet.give },
];
const open = ({ open: count }: Sheet) => (count === 0 ? 'Nothing is left to be agreed.' : `${count} to be agreed.`);

function text(sheet: Sheet, width: number): string {
  const out = [`${heading(sheet)}\n`];
  for (const { title, sections } of parts(sheet)) {
    out.push(`\n${title.toUpperCase()}\n`);
    for (const section of sections) {
      out.push(`\n${section.title}\n`);
      out.push(table([], section.rows.flatMap(linesOf), width - 2).replace(/^(?=.)/gm, '  '));
    }
  }
  return `${out.join('')}\n${open(sheet)}\n`;
}

/** One line for each value. */
function linesOf({ what, values, note }: SheetRow): string[][] {
  const shown = (values.length > 0 ? values : [missing]).map(harmless);
  if (note !== undefined) shown[shown.length - 1] += ` (${harmless(note)})`;
  return shown.map((value, at) => [at === 0 ? what : '', value]);
}

function markdown(sheet: Sheet): string {
  const cell = (value: string) => harmless(value).replaceAll('\\', '\\\\').replaceAll('|', '\\|');
  const out = [`# ${cell(heading(sheet))}\n`];
  for (const { title, sections } of parts(sheet)) {
    out.push(`\n## ${cell(title)}\n`);
    for (const section of sections) {
      out.push(`\n### ${cell(section.title)}\n\n| | | |\n|---|---|---|\n`);
      for (const { what, values, note = '' } of section.rows) {
        const value = values.length > 0 ? values.map(cell).join('<br>') : `**${missing}**`;
        out.push(`| ${cell(what)} | ${value} | ${cell(note)} |\n`);
      }
    }
  }
  return `${out.join('')}\n${open(sheet)}\n`;
}
