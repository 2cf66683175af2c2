import { checkPasswordFile } from './check-certificates.ts';
import type { Context } from './check-context.ts';

/** That what is kept is of trunks and sites that there are. */
export function checkTracing(context: Context): void {
  const { draft, report } = context;
  for (const [index, { trunk }] of (draft.tracing?.keep ?? []).entries())
    if (trunk !== undefined && !draft.trunks.some((one) => one?.name === trunk))
      report('TDM-1202', ['tracing', 'keep', index, 'trunk'], `there is no trunk "${trunk}".`);
  const { trunks = [], sites = [] } = draft.tracing?.media ?? {};
  for (const [index, trunk] of trunks.entries())
    if (!draft.trunks.some((one) => one?.name === trunk))
      report('TDM-1202', ['tracing', 'media', 'trunks', index], `there is no trunk "${trunk}".`);
  for (const [index, site] of sites.entries())
    if (!draft.sites.some((one) => one?.name === site))
      report('TDM-1231', ['tracing', 'media', 'sites', index], `there is no site "${site}".`);
  const { password, 'password-file': file } = draft.tracing?.homer ?? {};
  const path = ['tracing', 'homer', 'password-file'];
  if (password !== undefined && file !== undefined)
    report('TDM-1216', path, '`password` gives the password already.', 'Remove one of them.');
  else if (file !== undefined) checkPasswordFile(file, path, context);
}
