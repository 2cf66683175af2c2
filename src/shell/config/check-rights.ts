import type { Context } from './check-context.ts';
import { trunksOf } from './compile-routes.ts';

/** Who may call what: usages between policies, trunks and routes. */
export function checkRights({ draft, report }: Context): void {
  checkHeld(draft, report);
  checkLoops(draft, report);
}

/** A route of usages that nobody has takes no call. */
function checkHeld({ policies, trunks, routes }: Context['draft'], report: Context['report']): void {
  if (policies.includes(undefined) || trunks.includes(undefined)) return;
  const held = new Set([...policies, ...trunks].flatMap((one) => one!.usages ?? []));
  for (const [index, route] of routes.entries()) {
    const { usages } = route ?? {};
    if (usages && !usages.some((usage) => held.has(usage)))
      report(
        'TDM-1301',
        ['routes', index, 'usages'],
        `no policy and no trunk has the usage ${usages.map((usage) => `"${usage}"`).join(' or ')}.`,
        'Name the usage in a policy or at a trunk, or remove the route.',
      );
  }
}

/** What comes from outside and may go outside again is paid by us: calls in a circle, and toll fraud. */
function checkLoops({ trunks, routes, groups }: Context['draft'], report: Context['report']): void {
  const known = groups.flatMap((group) => group ?? []);
  const outside = new Set(trunks.flatMap((one) => (one && one.kind !== 'ip-pbx' ? one.name : [])));
  for (const [index, trunk] of trunks.entries()) {
    if (!trunk?.usages) continue;
    for (const [at, usage] of trunk.usages.entries()) {
      const back = routes
        .filter(
          (route) =>
            route?.usages?.includes(usage) && (!route.from || trunksOf(route.from, known).includes(trunk.name)),
        )
        .map((route) => ({
          name: route!.name,
          to: trunksOf(route!.to ?? [], known).find(
            (name) => name === trunk.name || (trunk.kind !== 'ip-pbx' && outside.has(name)),
          ),
        }))
        .find(({ to }) => to !== undefined);
      if (!back) continue;
      const where = back.to === trunk.name ? 'back to itself' : `out again by "${back.to}"`;
      report('TDM-1315', ['trunks', index, 'usages', at], `route "${back.name}" leads what comes from it ${where}.`);
    }
  }
}
