import { isIPv6 } from 'node:net';
import { networkOf } from './addresses.ts';
import type { Context } from './check-context.ts';
import type { Path } from './problems.ts';

interface Placed {
  readonly site: string;
  readonly host: string;
  readonly bits: number;
  readonly path: Path;
}

/** An address is at one site: the same network stands at one alone, and one within that of another site is worth a look. */
export function checkSubnets({ draft, report }: Context): void {
  const all = draft.sites.flatMap((site, index) =>
    (site?.subnets ?? []).map(({ network: { host, bits } }, at): Placed => {
      return { site: site!.name, host, bits, path: ['sites', index, 'subnets', at] };
    }),
  );
  const known = new Map<string, Placed>();
  for (const one of all) {
    const key = `${one.host}/${one.bits}`;
    const other = known.get(key);
    if (!other) known.set(key, one);
    else if (other.site === one.site) report('TDM-1213', one.path, `${key} stands here twice.`);
    else report('TDM-1235', one.path, `${key} is at site "${other.site}" already.`);
  }
  for (const one of known.values()) {
    const around = nearestAround(one, known);
    if (around && around.site !== one.site)
      report(
        'TDM-1318',
        one.path,
        `${one.host}/${one.bits} is within ${around.host}/${around.bits} of site "${around.site}".`,
      );
  }
}

const shortest = { 4: 8, 6: 16 } as const;

function nearestAround({ host, bits }: Placed, known: ReadonlyMap<string, Placed>): Placed | undefined {
  const least = shortest[isIPv6(host) ? 6 : 4];
  for (let length = bits - 1; length >= least; length--) {
    const around = known.get(`${networkOf(host, length)}/${length}`);
    if (around) return around;
  }
  return undefined;
}
