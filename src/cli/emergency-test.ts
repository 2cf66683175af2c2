import {
  type Configuration,
  type EmergencyFacts,
  type EmergencyPlan,
  EmergencyPlanner,
  type User,
} from '#engine/ports';
import { formatProblems, readConfiguration } from '#shell/config';
import { harmless } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { type Output, type OutputFormat, printList, printObject, tell } from './output/output.ts';
import { columnsOf } from './output/width.ts';
import { table } from './table.ts';

export interface EmergencyTestOptions {
  readonly from?: string;
  readonly dial?: string;
  readonly address?: string;
  readonly caller?: string;
  readonly device?: string;
  readonly output: OutputFormat;
}

/** `tandem emergency test FILE`: what would become of calls for help, by the code that does it. Returns the exit status. */
export function emergencyTest(file: string, options: EmergencyTestOptions, stdout: Output, stderr: Output): number {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${file} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  const { configuration } = loaded;
  const { emergency } = configuration;
  if (!emergency) throw new Failure(`${file} names no number of help: add \`emergency\`.`);
  const planner = new EmergencyPlanner({ ...configuration, emergency });
  if (options.from === undefined) return overview(configuration, planner, options.dial, options.output, stdout);
  const who = callerNamed(configuration, options.from, file, options);
  const dial = options.dial ?? planner.usual(who);
  const plan = planner.plan({ ...who, called: dial, brings: undefined, at: 0 });
  if (!plan) throw new Failure(`${harmless(dial)} is no call for help from ${harmless(options.from)}.`);
  const { from, output } = options;
  const heading = `From ${harmless(from)} to ${harmless(dial)}\n\n`;
  printObject(stdout, output, asData(plan), () => `${heading}${planText(plan, columnsOf(stdout))}`);
  if (output === 'table' && loaded.warnings.length > 0) tell(stderr, formatProblems(loaded.warnings));
  return plan.trunks.length > 0 ? exitCodes.ok : exitCodes.failed;
}

/** A user, a site (somebody there), or a trunk. */
function callerNamed(
  configuration: Configuration,
  from: string,
  file: string,
  { address, caller, device }: Pick<EmergencyTestOptions, 'address' | 'caller' | 'device'> = {},
): Pick<EmergencyFacts, 'trunk' | 'user' | 'number' | 'address' | 'device'> {
  const { trunks, users = [], sites = [] } = configuration;
  const user = users.find(({ name, line, numbers }) => name === from || line === from || numbers.includes(from));
  if (user) return { user, number: caller ?? user.line ?? user.name, address, device: device?.toLowerCase() };
  const trunk = trunks.find(({ name }) => name === from);
  if (trunk) return { trunk, number: caller ?? '', address };
  if (sites.some(({ name }) => name === from)) return { user: somebodyAt(from), number: caller ?? '', address };
  const known = [...sites, ...trunks, ...users].slice(0, 20).map(({ name }) => name);
  throw new Failure(`${file} has no user, site or trunk ${harmless(from)}: it has ${known.join(', ')}.`);
}

function somebodyAt(site: string): User {
  return { name: `somebody at ${site}`, site, numbers: [], devices: 1, hidden: false };
}

/** Every place that may call for help, one a line; fails where one of them would call nobody. */
function overview(
  configuration: Configuration,
  planner: EmergencyPlanner,
  dial: string | undefined,
  output: OutputFormat,
  stdout: Output,
): number {
  const { sites = [], trunks, users = [] } = configuration;
  const names = [
    ...sites.map(({ name }) => name),
    ...trunks.filter(({ kind }) => kind !== 'itsp').map(({ name }) => name),
    ...users.filter(({ location }) => location !== undefined).map(({ name }) => name),
  ];
  const plans = names.map((name) => {
    const who = callerNamed(configuration, name, '');
    const called = dial ?? planner.usual(who);
    return { name, called, plan: planner.plan({ ...who, called, brings: undefined, at: 0 }) };
  });
  if (output !== 'table') {
    const told = plans.map(({ name, plan }) => ({ from: name, ...(plan ? asData(plan) : {}) }));
    printList<object>(stdout, output, told, []);
  } else {
    const rows = plans.map(({ name, called, plan }) => [
      harmless(name),
      plan?.place.location?.name ?? 'not known',
      plan?.trunks.slice(0, 3).map(describeTry).join(', ') ?? `${called} is no call for help here`,
    ]);
    tell(stdout, table(['FROM', 'PLACE', 'ASKED FIRST'], rows, columnsOf(stdout)));
  }
  return plans.every(({ plan }) => plan && plan.trunks.length > 0) ? exitCodes.ok : exitCodes.failed;
}

function describeTry({ trunk, called, caller, conveys }: EmergencyPlan['trunks'][number]): string {
  const told = conveys === 'location' ? ' with the place' : conveys === 'elin' ? ` as ${caller?.number}` : '';
  return `${trunk.name} ${harmless(called)}${told}`;
}

function planText(plan: EmergencyPlan, width: number): string {
  const decisions = plan.decisions
    .filter(({ rule }) => rule !== 'emergency trunks')
    .map(({ rule, outcome }) => [`  ${rule}`, harmless(outcome)]);
  const tries = plan.trunks.map(({ trunk, called, caller, conveys }, i) => [
    `${i + 1}.`,
    trunk.name,
    harmless(called),
    caller === undefined ? 'as he calls' : harmless(caller.number),
    conveys === 'location' ? 'location (PIDF-LO)' : conveys === 'elin' ? 'ELIN' : 'nothing',
  ]);
  const asked =
    tries.length === 0
      ? 'Nobody would be called: no trunk leads to help.\n'
      : `Asked in this order, until one answers:\n${table(['', 'TRUNK', 'CALLED', 'CALLER', 'TELLS'], tries, width)}`;
  const told = plan.notify.map((one) => {
    if (one.kind === 'webhook') return `webhook at ${new URL(one.url).origin}`;
    return one.kind === 'mail' ? `mail to ${one.to}` : `MESSAGE to ${one.to}`;
  });
  return `${table([], decisions, width)}\n${asked}\nTold: ${told.length === 0 ? 'nobody' : told.join(', ')}\n`;
}

function asData(plan: EmergencyPlan): Record<string, unknown> {
  return {
    number: plan.number,
    test: plan.test,
    site: plan.place.site?.name ?? null,
    location: plan.place.location ?? null,
    elin: plan.elin ?? null,
    trunks: plan.trunks.map(({ trunk, called, caller, conveys }) => ({
      trunk: trunk.name,
      called,
      caller: caller?.number ?? null,
      conveys,
    })),
    told: plan.notify.length,
    decisions: plan.decisions,
  };
}
