import { checkQuality } from './check-calls.ts';
import type { Context } from './check-context.ts';
import { namesIn } from './names.ts';
import type { Person } from './people.ts';
import type { Path, Report } from './problems.ts';
import type { DeviceEntry } from './schema-devices.ts';

/** How devices are spoken to, for all of them and for those of each user. */
export function checkDevices(context: Context, people: readonly Person[]): void {
  const { registrar, media } = context.draft;
  const known = new Set<unknown>([...namesIn(context.tree, 'trunks'), ...people.map(({ entry }) => entry.name)]);
  const check = (entry: DeviceEntry, path: Path, report: Report) => {
    const { srtp, passes, watchers } = entry;
    checkQuality(entry, path, { draft: context.draft, report });
    if (srtp && srtp.mode !== 'off' && media?.mode === 'bypass')
      report('TDM-1225', [...path, 'srtp'], 'media does not pass through us, so that we cannot encrypt it.');
    for (const [at, one] of (passes ?? []).entries())
      if (passes!.indexOf(one) < at) report('TDM-1213', [...path, 'passes', at], `${one} stands here twice.`);
    if (watchers?.length === 1 && (watchers[0] === 'users' || watchers[0] === 'nobody')) return;
    for (const [at, name] of (watchers ?? []).entries()) {
      const here = [...path, 'watchers', at];
      if (watchers!.indexOf(name) < at) report('TDM-1213', here, `"${name}" stands here twice.`);
      else if (!known.has(name))
        report(
          'TDM-1202',
          here,
          `there is no user or trunk "${name}".`,
          'Name users and trunks, or say `users` or `nobody` alone.',
        );
    }
  };
  if (registrar) check(registrar, ['registrar'], context.report);
  for (const { entry, path, report } of people) check(entry, path, report);
}
