/** One record of a CSV text. */
export interface CsvRow {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

const longestHead = 10_000;
const quotedCell = /"(?:[^"]|"")*"?/g;

/** The records of a CSV text (RFC 4180), empty lines left out. `;` parts cells where the first line has it and no comma. */
export function csvRows(text: string): CsvRow[] {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  // What is quoted parts nothing.
  const first = text
    .slice(start, start + longestHead)
    .replace(quotedCell, '')
    .split('\n')[0]!;
  const comma = !first.includes(',') && first.includes(';') ? ';' : ',';
  const rows: CsvRow[] = [];
  let line = 1;
  let begun = 1;
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    cells.push(cell);
    if (cells.length > 1 || cells[0]!.trim() !== '') rows.push({ line: begun, cells });
    cells = [];
    cell = '';
  };
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\n') line++;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === comma) {
      cells.push(cell);
      cell = '';
    } else if (char === '\n') {
      endRow();
      begun = line;
    } else if (char !== '\r') cell += char;
  }
  if (cell !== '' || cells.length > 0) endRow();
  return rows;
}
