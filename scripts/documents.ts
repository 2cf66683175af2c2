import { metricsManual, webhookManual } from '#api';
import { type Code, codes, errorIndex, errorPage, jsonSchema, manual, profileManual } from '#shell/config';
import { logManual } from '#shell/log';

/** Every generated document: its path from the root of the project, and its text. */
export function documents(): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const code of Object.keys(codes) as Code[]) all.set(`docs/errors/${code}.md`, errorPage(code));
  all.set('docs/errors/README.md', errorIndex());
  all.set('docs/configuration.md', manual());
  all.set('docs/profiles.md', profileManual());
  all.set('docs/metrics.md', metricsManual());
  all.set('docs/logs.md', logManual());
  all.set('docs/webhooks.md', webhookManual());
  all.set('docs/tandem.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return all;
}

/** Folders that hold generated documents only. */
export const ownedFolders: readonly string[] = ['docs/errors/'];
