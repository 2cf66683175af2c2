import { checkPasswordFile } from './check-certificates.ts';
import type { Context } from './check-context.ts';

/** That what is kept is of trunks that there are. */
export function checkTracing(context: Context): void {
  const { draft, report } = context;
  for (const [index, { trunk }] of (draft.tracing?.keep ?? []).entries())
    if (trunk !== undefined && !draft.trunks.some((one) => one?.name === trunk))
      report('TDM-1202', ['tracing', 'keep', index, 'trunk'], `there is no trunk "${trunk}".`);
  const { password, 'password-file': file } = draft.tracing?.homer ?? {};
  const path = ['tracing', 'homer', 'password-file'];
  if (password !== undefined && file !== undefined)
    report('TDM-1216', path, '`password` gives the password already.', 'Remove one of them.');
  else if (file !== undefined) checkPasswordFile(file, path, context);
}
