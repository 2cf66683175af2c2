import { detach } from '#kernel';
import type { Route, Trunk } from '#policy/configuration';
import { disabledNow } from './disabled.ts';
import { literalStart } from './literal-start.ts';
import { PrefixTable } from './prefix-table.ts';
import { holdsAt } from './time-window.ts';

/** Prefixes of one route that are looked at one by one. */
const fewPrefixes = 16;

/** What a route looks at. */
export interface RoutedCall {
  /** The trunk it came by, or the user who makes it. */
  readonly source: string;
  readonly called: string;
  /** Where the caller is. */
  readonly site: string | undefined;
  /** Unix ms; undefined: the time does not count. */
  readonly at: number | undefined;
}

/** A route, ready to be asked. */
export interface CompiledRoute {
  readonly route: Route;
  /** Where it stands in the file. */
  readonly position: number;
  readonly from: ReadonlySet<string> | undefined;
  readonly sites: ReadonlySet<string> | undefined;
  readonly pattern: RegExp | undefined;
  /** Prefixes that are too many to look at one by one. */
  readonly prefixes: PrefixTable | undefined;
  /** What every number begins with that it takes, one of these; '' is any. */
  readonly starts: readonly string[];
  /** Trunks, and names of groups. */
  readonly to: readonly (Trunk | string)[];
  /** Set where no group is among them: then it is the same for every call. */
  readonly trunks: readonly Trunk[] | undefined;
  readonly chosen: string;
}

export function compileRoute(
  route: Route,
  position: number,
  target: (name: string) => Trunk | string | undefined,
): CompiledRoute {
  const to = route.to.map(target).filter((each) => each !== undefined);
  const direct = to.filter((each) => typeof each !== 'string');
  const { prefixes, pattern } = route.called ?? {};
  return {
    route,
    position,
    from: route.from.length === 0 ? undefined : new Set(route.from),
    sites: route.sites && new Set(route.sites),
    pattern: pattern === undefined ? undefined : new RegExp(pattern),
    prefixes: prefixes && prefixes.length > fewPrefixes ? new PrefixTable(prefixes) : undefined,
    starts: prefixes ?? [pattern === undefined ? '' : literalStart(pattern)],
    to,
    trunks: direct.length === to.length ? [...new Set(direct)] : undefined,
    chosen: detach(
      route.refuse === undefined ? `matches: ${route.to.join(', ')}` : `matches: refused with ${route.refuse}`,
    ),
  };
}

/** Why a route does not take a call; undefined when it does. */
export function mismatch(
  { route, from, sites, pattern, prefixes: many }: CompiledRoute,
  call: RoutedCall,
): string | undefined {
  const { source, called, site, at } = call;
  const off = disabledNow(route.disabled, at);
  if (off !== undefined) return `no: ${off}`;
  if (from && !from.has(source)) return `no: is for calls from ${route.from.join(', ')}, this one is from ${source}`;
  const { prefixes, except } = route.called ?? {};
  if (prefixes && !(many ? many.longest(called) !== undefined : prefixes.some((prefix) => called.startsWith(prefix))))
    return `no: ${called} does not begin with ${some(prefixes)}`;
  if (pattern && !pattern.test(called)) return `no: ${called} does not match ${pattern.source}`;
  const exception = except?.find((prefix) => called.startsWith(prefix));
  if (exception !== undefined) return `no: ${called} is excepted by ${exception}`;
  if (sites && (site === undefined || !sites.has(site)))
    return `no: is for callers at ${[...sites].join(', ')}, this one is ${site === undefined ? 'at no site' : `at ${site}`}`;
  if (route.times && at !== undefined && !route.times.some((window) => holdsAt(window, at)))
    return 'no: it does not hold at this time';
  return undefined;
}

/** A list that a person can read, however long it is. */
function some(prefixes: readonly string[]): string {
  const most = 8;
  if (prefixes.length <= most) return prefixes.join(' or ');
  return `${prefixes.slice(0, most).join(', ')} or one of ${prefixes.length - most} others`;
}
