import { type Configuration, HelpingRouter, judge, type RoutePlan, refusalOf } from '#engine/ports';
import { formatProblems, readConfiguration } from '#shell/config';
import { exactTime, harmless } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { table } from './table.ts';

interface Output {
  write(text: string): unknown;
}

export interface RouteTestOptions {
  readonly from?: string;
  readonly to?: string;
  readonly caller?: string;
  readonly at?: string;
  readonly site?: string;
  readonly samples?: true;
  readonly output: 'text' | 'json';
}

/** `tandem route test FILE`: what routing would do, by the code that does it. Returns the exit status. */
export function routeTest(file: string, options: RouteTestOptions, stdout: Output, stderr: Output): number {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${file} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  const { configuration } = loaded;
  const router = new HelpingRouter(configuration);
  if (options.samples) return sampleCalls(router, configuration, file, options.output, stdout);
  const { from, to, caller } = options;
  if (from === undefined || to === undefined)
    throw new Failure('say who calls and what is dialled: --from pbx --to 0301234567', exitCodes.usage);
  known(configuration, file, from);
  const at = options.at === undefined ? Date.now() : Date.parse(options.at);
  if (Number.isNaN(at))
    throw new Failure(`${harmless(options.at!)} is no time: write 2026-12-24T18:00:00+01:00`, exitCodes.usage);
  const here = options.site === undefined ? {} : { here: hereOf(configuration, file, options.site) };
  const plan = router.plan({ source: from, called: to, at, ...(caller === undefined ? {} : { caller }), ...here });
  if (options.output === 'json') stdout.write(`${JSON.stringify(asData(plan), undefined, 2)}\n`);
  else {
    stdout.write(`From ${from} to ${harmless(to)} at ${exactTime(at)}\n\n${planText(plan)}`);
    if (loaded.warnings.length > 0) stderr.write(formatProblems(loaded.warnings));
  }
  return refusalOf(plan) === undefined ? exitCodes.ok : exitCodes.failed;
}

function sampleCalls(
  router: HelpingRouter,
  { samples = [] }: Configuration,
  file: string,
  output: 'text' | 'json',
  stdout: Output,
): number {
  if (samples.length === 0) throw new Failure(`${file} has no sample calls: they stand under \`tests\`.`);
  const results = samples.map((sample) => judge(router, sample));
  const wrong = results.filter(({ differences }) => differences.length > 0);
  if (output === 'json') {
    const data = results.map(({ sample, plan, differences }) => ({ name: sample.name, ...asData(plan), differences }));
    stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
    return wrong.length === 0 ? exitCodes.ok : exitCodes.failed;
  }
  for (const { sample, plan, differences } of results) {
    stdout.write(`${differences.length === 0 ? 'ok    ' : 'WRONG '} ${sample.name}: ${sample.from} to ${sample.to}\n`);
    if (differences.length === 0) continue;
    for (const difference of differences) stdout.write(`         ${difference}\n`);
    stdout.write(`${planText(plan).replace(/^(?=.)/gm, '         ')}\n`);
  }
  stdout.write(`${results.length - wrong.length} of ${results.length} sample calls are as expected\n`);
  return wrong.length === 0 ? exitCodes.ok : exitCodes.failed;
}

function known({ trunks, users = [] }: Configuration, file: string, from: string): void {
  if (trunks.some(({ name }) => name === from) || users.some(({ name }) => name === from)) return;
  const names = [...trunks.map(({ name }) => name), ...users.map(({ name }) => name)];
  const some = names.length > 20 ? [...names.slice(0, 20), `and ${names.length - 20} more`] : names;
  throw new Failure(`${file} has no trunk or user ${harmless(from)}: it has ${some.join(', ')}.`);
}

/** `none`: at no place of ours. */
function hereOf({ sites = [] }: Configuration, file: string, site: string): { readonly site: string | undefined } {
  if (sites.some(({ name }) => name === site)) return { site };
  if (site === 'none') return { site: undefined };
  const names = sites.map(({ name }) => name).join(', ');
  throw new Failure(`${file} has no site ${harmless(site)}: it has ${names === '' ? 'none' : `${names}, none`}.`);
}

/** The rules that were tried, and who would be called. */
export function planText(plan: RoutePlan): string {
  const rules = table(
    [],
    plan.decisions.map(({ rule, outcome }) => [`  ${harmless(rule)}`, harmless(outcome)]),
  );
  return `${rules === '' ? '' : `${rules}\n`}${outcomeText(plan)}`;
}

function outcomeText(plan: RoutePlan): string {
  if (plan.user) return `The devices of ${plan.user.name} ring.\n`;
  if (plan.refuse !== undefined) return `Refused with ${plan.refuse}, by route ${plan.route}.\n`;
  if (plan.route === undefined) return `Refused with 404: no route takes ${harmless(plan.number)}.\n`;
  const rows = plan.trunks.map(({ trunk, called, caller }, i) => [
    `${i + 1}.`,
    trunk.name,
    harmless(called ?? 'as dialled'),
    caller === undefined ? 'as it calls' : harmless(caller.number),
  ]);
  return `Tried in this order:\n${table(['', 'TRUNK', 'CALLED', 'CALLER'], rows)}`;
}

function asData(plan: RoutePlan): Record<string, unknown> {
  return {
    number: plan.number,
    route: plan.route ?? null,
    user: plan.user?.name ?? null,
    refused: refusalOf(plan) ?? null,
    trunks: plan.trunks.map(({ trunk, called, caller }) => ({
      trunk: trunk.name,
      called: called ?? null,
      caller: caller?.number ?? null,
    })),
    decisions: plan.decisions,
  };
}
