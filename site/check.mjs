// What was built is whole: each page of docs is there, and whatever a page loads lies beside it, so that it works without the internet.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, 'dist');
const docs = resolve(import.meta.dirname, '../docs');
const faults = [];

for (const page of globSync('**/*.md', { cwd: docs })) {
  const html = page.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html');
  if (!existsSync(join(dist, html))) faults.push(`${page} has no page`);
}
const base = process.env.SITE_BASE ?? '/';
let pages = 0;
for (const page of globSync('**/*.html', { cwd: dist })) {
  pages++;
  const text = readFileSync(join(dist, page), 'utf8');
  for (const [tag, , source] of text.matchAll(/<(script|link|img|iframe|source)\b[^>]*?\b(?:src|href)="([^"]*)"/g))
    if (
      source !== 'data:,' &&
      (!source.startsWith(base) || !existsSync(join(dist, source.slice(base.length).replace(/[?#].*/, ''))))
    )
      faults.push(`${page} loads what is not here: ${tag}`);
}
for (const file of globSync('**/*.css', { cwd: dist }))
  if (/url\(["']?(https?:)?\/\/|@import/.test(readFileSync(join(dist, file), 'utf8')))
    faults.push(`${file} loads from elsewhere`);
const chunks = join(dist, 'assets/chunks');
if (!readdirSync(chunks).some((name) => name.startsWith('@localSearchIndex'))) faults.push('there is no search');

if (pages < 100) faults.push(`only ${pages} pages were built`);
process.stdout.write(faults.length === 0 ? `${pages} pages, whole\n` : `${faults.join('\n')}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
