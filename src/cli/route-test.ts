import { type Configuration, HelpingRouter, refusalOf } from '#engine/ports';
import { formatProblems, readConfiguration } from '#shell/config';
import { exactTime, harmless } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { numberFacts, numberText } from './number-facts.ts';
import { type OutputFormat, type OutputOptions, printList, printObject, tell } from './output/output.ts';
import { planData, planText } from './plan-text.ts';
import { type RouteQuestion, routeAnswer } from './route-question.ts';
import { isWrong, sampleResults, samplesText } from './sample-calls.ts';
import { paintFor } from './trace-text.ts';

interface Output {
  write(text: string): unknown;
}

export interface RouteTestOptions extends RouteQuestion, OutputOptions {
  readonly from?: string;
  readonly to?: string;
  readonly caller?: string;
  readonly at?: string;
  readonly site?: string;
  readonly samples?: true;
}

/** `tandem route test FILE`: what routing would do, by the code that does it. Returns the exit status. */
export function routeTest(file: string, options: RouteTestOptions, stdout: Output, stderr: Output): number {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${file} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  const { configuration } = loaded;
  if (options.samples) return sampleCalls(configuration, file, options.output, stdout);
  const { output } = options;
  const answer = routeAnswer(configuration, options, options);
  if (answer) {
    printObject(stdout, output, answer.data, () => answer.text(paintFor(process.stdout)));
    return answer.ok ? exitCodes.ok : exitCodes.failed;
  }
  const router = new HelpingRouter(configuration);
  const { from, to, caller } = options;
  if (from === undefined || to === undefined)
    throw new Failure('say who calls and what is dialled: --from pbx --to 0301234567', exitCodes.usage);
  known(configuration, file, from);
  const at = options.at === undefined ? Date.now() : Date.parse(options.at);
  if (Number.isNaN(at))
    throw new Failure(`${harmless(options.at!)} is no time: write 2026-12-24T18:00:00+01:00`, exitCodes.usage);
  const here = options.site === undefined ? {} : { here: hereOf(configuration, file, options.site) };
  const plan = router.plan({ source: from, called: to, at, ...(caller === undefined ? {} : { caller }), ...here });
  if (output !== 'table') printObject(stdout, output, { ...planData(plan), is: numberFacts(plan.number) }, () => '');
  else {
    tell(stdout, `From ${from} to ${harmless(to)} at ${exactTime(at)}\n\n${planText(plan, paintFor(process.stdout))}`);
    const is = numberText(plan.number);
    if (is !== undefined) tell(stdout, `\n${harmless(is)}\n`);
    tell(stdout, outsideText(configuration));
    if (loaded.warnings.length > 0) tell(stderr, formatProblems(loaded.warnings));
  }
  return refusalOf(plan) === undefined ? exitCodes.ok : exitCodes.failed;
}

function sampleCalls(configuration: Configuration, file: string, output: OutputFormat, stdout: Output): number {
  const results = sampleResults(configuration);
  if (results.length === 0) throw new Failure(`${file} has no sample calls: they stand under \`tests\`.`);
  const data = () =>
    results.map(({ sample, plan, differences }) => ({ name: sample.name, ...planData(plan), differences }));
  if (output === 'table') tell(stdout, samplesText(results));
  else printList(stdout, output, data(), []);
  return results.some(isWrong) ? exitCodes.failed : exitCodes.ok;
}

/** What else has a say in it, which is not asked here. */
function outsideText({ decisions }: Configuration): string {
  const asked = [
    ...(decisions?.enum ? [`the DNS (${decisions.enum.domain})`] : []),
    ...(decisions?.service ? ['the decision service'] : []),
  ];
  return asked.length === 0
    ? ''
    : `\nOf a real call ${asked.join(' and ')} would be asked; this is what the routes say.\n`;
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
