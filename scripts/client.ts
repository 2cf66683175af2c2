import { readFileSync } from 'node:fs';
import { openApi } from '#api';
import openapiTS, { astToString } from '../console/node_modules/openapi-typescript/dist/index.mjs';

/** What the routes of the API say of themselves, and the types that the command line and the console have of it. */
export async function clientDocuments(): Promise<ReadonlyMap<string, string>> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const description = `${JSON.stringify(await openApi(version), undefined, 2)}\n`;
  const types = astToString(await openapiTS(description, { alphabetize: true }));
  const header = '// Generated from docs/openapi.json by `npm run docs`: not to be edited.\n\n';
  return new Map([
    ['docs/openapi.json', description],
    ['src/client/schema.ts', `${header}${types}`],
  ]);
}
