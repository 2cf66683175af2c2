// Writes the documents that come from tables and schemas: `node --conditions=source scripts/generate-docs.ts`.
// With `--check` nothing is written: exit status 1 and the names when a document is not what it should be.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { cliManual } from './cli-manual.ts';
import { clientDocuments } from './client.ts';
import { documents, ownedFolders } from './documents.ts';
import { catalogue, momentsPath, readMoments } from './moments.ts';
import { matrixPath, readSources, rfcMatrix } from './rfc-matrix.ts';

const root = new URL('../', import.meta.url);
const check = process.argv.includes('--check');
const stale: string[] = [];

// The matrix changes with any comment and the catalogue with any ladder, so it is no test that holds them, as it does the others, but
// this check.
const all = [
  ...documents(),
  [matrixPath, rfcMatrix(readSources()).text] as const,
  [momentsPath, catalogue(readMoments())] as const,
  await cliManual(),
  ...(await clientDocuments()),
];
for (const [path, text] of all) {
  const file = new URL(path, root);
  if (read(file) === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, text);
}

// A page that nothing generates any more.
for (const folder of ownedFolders) {
  for (const name of readdirSync(new URL(folder, root))) {
    const path = `${folder}${name}`;
    if (documents().has(path)) continue;
    stale.push(path);
    if (!check) rmSync(new URL(path, root));
  }
}

for (const path of stale) process.stdout.write(`${check ? 'stale' : 'written'}: ${path}\n`);
if (check && stale.length > 0) process.exitCode = 1;

function read(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
