import { resolve } from 'node:path';
import { type Configuration, type Plan, plan, planInput, RecordedTraffic, usualPlanning } from '#engine/ports';
import { formatProblems, readConfiguration } from '#shell/config';
import { NewerRecords, NoRecords, RecordReader } from '#shell/store';
import { exitCodes, Failure } from '../failure.ts';
import { folded } from '../output/folded.ts';
import { dataText, type Output, tell, writeOut } from '../output/output.ts';
import { columnsOf } from '../output/width.ts';
import { planHtml } from './html.ts';
import type { PlanOptions } from './options.ts';
import { planText } from './text.ts';

/** `tandem plan [FILE]`. Throws a Failure where there is nothing to plan by. */
export function printPlan(file: string | undefined, options: PlanOptions, stdout: Output, stderr: Output): void {
  if (file === undefined && (options.records || options.users === undefined))
    throw new Failure(
      options.records
        ? 'say which configuration the records are of: tandem plan tandem.yaml --records'
        : 'say how many users there are (--users 400), or give a configuration that does',
      exitCodes.usage,
    );
  if (options.blocking === 0)
    throw new Failure('calls that are never lost would take lines without end: --blocking 0.1', exitCodes.usage);
  const { output, file: into } = options;
  const width = into === undefined ? columnsOf(stdout) : Number.POSITIVE_INFINITY;
  const made = makePlan(file === undefined ? undefined : configurationIn(file), options);
  const text =
    output === 'html'
      ? planHtml(made, file, Date.now())
      : output === 'table'
        ? planText(made, width)
        : dataText(output, planData(made));
  if (into === undefined) {
    stdout.write(output === 'table' ? folded(text, width) : text);
    return;
  }
  writeOut(into, text);
  tell(
    stderr,
    `The plan is in ${into}.
`,
  );
}

function configurationIn(file: string): Configuration {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${file} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  return loaded.configuration;
}

const nothing: Pick<Configuration, 'sites' | 'users' | 'trunks'> = { trunks: [] };

function makePlan(configuration: Configuration | undefined, options: PlanOptions): Plan {
  const { users, profile, hold, blocking, growth, codec, ptime, srtp, tunnel } = options;
  const of = configuration ?? nothing;
  const planning = {
    ...(configuration?.planning ?? usualPlanning),
    ...(profile !== undefined && { profile }),
    ...(hold !== undefined && { hold }),
    ...(blocking !== undefined && { blocking }),
    ...(growth !== undefined && { growth }),
    ...(codec !== undefined && { codec }),
    ...(ptime !== undefined && { ptime }),
    ...(srtp && { srtp }),
    ...(tunnel !== undefined && { tunnel }),
  };
  if (users !== undefined && of.sites)
    throw new Failure(
      'the configuration has sites: say how many users each has under `planning.sites`.',
      exitCodes.usage,
    );
  const input = planInput({ ...of, planning }, users === undefined ? undefined : { users });
  if (!options.records) return plan(input);
  const traffic = new RecordedTraffic(of, input);
  const reader = openReader(resolve(configuration!.records.path));
  try {
    const { since, until } = options;
    for (const record of reader.each({ ...(since !== undefined && { since }), ...(until !== undefined && { until }) }))
      traffic.add(record);
  } finally {
    reader.close();
  }
  const records = traffic.read((at) => {
    const date = new Date(at);
    return date.getFullYear() * 1000 + date.getMonth() * 50 + date.getDate();
  });
  if (!records) throw new Failure('there is no record of a call in that time.');
  return plan({ ...input, records });
}

function openReader(directory: string): RecordReader {
  try {
    return RecordReader.open(directory);
  } catch (error) {
    if (error instanceof NewerRecords || error instanceof NoRecords) throw new Failure(`${error.message}.`);
    throw error;
  }
}

function planData(made: Plan): object {
  const { records } = made;
  return {
    ...made,
    ...(records && {
      records: { ...records, trunks: Object.fromEntries(records.trunks), sites: Object.fromEntries(records.sites) },
    }),
  };
}
