import type { SampleCall } from '#policy/configuration';
import type { CallFacts, RoutePlan } from './route.ts';

/** What came of a sample call, and what was expected of it and is not so. */
export interface SampleResult {
  readonly sample: SampleCall;
  readonly plan: RoutePlan;
  /** In one sentence each; empty: as expected. */
  readonly differences: readonly string[];
}

/** Makes a sample call, without a call. */
export function judge(router: { plan(facts: CallFacts): RoutePlan }, sample: SampleCall): SampleResult {
  const { from, to, caller, at, expect } = sample;
  const plan = router.plan({
    source: from,
    called: to,
    ...(caller === undefined ? {} : { caller }),
    ...(at === undefined ? {} : { at }),
  });
  const differences: string[] = [];
  const compare = (what: string, wanted: string | undefined, is: string | undefined) => {
    if (wanted !== undefined && wanted !== is) differences.push(`${what} is ${is ?? 'none'}, not ${wanted}`);
  };
  compare('the number', expect.number, plan.number);
  compare('the route', expect.route, plan.route);
  compare('who is called', expect.user, plan.user?.name);
  const names = (list: readonly string[]) => (list.length === 0 ? 'none' : list.join(', '));
  compare(
    'the order of trunks',
    expect.trunks && names(expect.trunks),
    names(plan.trunks.map(({ trunk }) => trunk.name)),
  );
  const refused = refusalOf(plan);
  if (expect.refused !== undefined && refused !== expect.refused)
    differences.push(
      refused === undefined
        ? `it is not refused with ${expect.refused}`
        : `it is refused with ${refused}, not ${expect.refused}`,
    );
  return { sample, plan, differences };
}

/** What would become of a call, in words that are the same when the same would. */
export function outcomeOf(plan: RoutePlan): string {
  const refused = refusalOf(plan);
  if (refused !== undefined) return `refused with ${refused}`;
  const by = plan.trunks
    .map(
      ({ trunk, called = plan.number, caller }) =>
        `${trunk.name} as ${called}${caller ? ` from ${caller.number}` : ''}`,
    )
    .join(', then ');
  const whom = plan.user ? `${plan.number} is ${plan.user.name}` : `${plan.number} by route ${plan.route}`;
  return by === '' ? whom : `${whom}: ${by}`;
}

/** The status that who calls would get at once; undefined when somebody is called. */
export function refusalOf({ refuse, route, user }: RoutePlan): number | undefined {
  return refuse ?? (route === undefined && !user ? 404 : undefined);
}
