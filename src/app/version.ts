import { readFileSync } from 'node:fs';

/** Of the program. Both src/app and dist/app lie two levels below package.json. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
