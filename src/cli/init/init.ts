import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { log, outro } from '@clack/prompts';
import type { Configuration } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { formatProblems, profileOf, readConfiguration } from '#shell/config';
import { exitCodes, Failure } from '../failure.ts';
import { tell } from '../output/output.ts';
import { StatusClient } from '../status-client.ts';
import type { TestReport } from '../trunk-test/report.ts';
import { testTrunk } from '../trunk-test.ts';
import { type Answers, faults, ownAddress, placesOf, transportOf, wantsRegistration } from './answers.ts';
import { askAll, askLine, askYes, type Terminal } from './ask.ts';
import { Draft, freeConsolePort } from './draft.ts';
import { FirstRun } from './first-run.ts';
import { isDoubtful, likely, mend, type Trial } from './mend.ts';

export interface InitOptions extends Partial<Omit<Answers, 'password'>> {
  readonly passwordFile?: string;
  readonly force?: true;
  /** Ask nothing. */
  readonly yes?: true;
  readonly start?: true;
  /** The number to call. */
  readonly test?: string;
}

/** `tandem init [FILE]`: the exit status. */
export async function init(file: string, options: InitOptions, terminal: Terminal | undefined): Promise<number> {
  if (existsSync(file) && !options.force)
    throw new Failure(`${file} is there already: name another, or say --force to replace it.`);
  const { force: _force, yes: _yes, start, test, passwordFile, ...known } = options;
  const draft = new Draft(file, passwordFile, await freeConsolePort());
  let trial: Trial = {
    answers: terminal
      ? await askAll({ ...known, hasPassword: passwordFile !== undefined }, terminal)
      : completed(known, passwordFile),
    number: test ?? '',
  };
  const { name } = trial.answers;
  let begun = false;
  for (;;) {
    for (const line of draft.write(trial.answers)) noted(terminal, line);
    const configuration = sound(file);
    if (!configuration) {
      const other = terminal && (await mend(trial, 'place', terminal));
      if (!other) {
        noted(terminal, `It wants a word yet: see above, then \`tandem check ${file}\`.`);
        return exitCodes.failed;
      }
      trial = other;
      continue;
    }
    if (!begun) {
      begun = start ?? (terminal ? await askYes('Start it now?', terminal) : test !== undefined);
      if (!begun) {
        const numbered = `tandem trunk test ${name} ${file} --number …`;
        finish(terminal, `Next: tandem doctor ${file}, tandem run ${file}, ${numbered}`);
        return exitCodes.ok;
      }
      if (test === undefined && terminal)
        trial = { ...trial, number: await askLine('A number to call and listen to (empty: none)', terminal) };
    }
    const ended = await tried(file, trial, configuration, { stays: start === true || !!terminal, terminal });
    if (typeof ended === 'number') return ended;
    trial = ended;
  }
}

/** Runs the program and tests the trunk through it: the exit status, or what shall be tried next. */
async function tried(
  file: string,
  trial: Trial,
  configuration: Configuration,
  { stays, terminal }: { readonly stays: boolean; readonly terminal: Terminal | undefined },
): Promise<number | Trial> {
  const data = resolve(configuration.records.path);
  const run = (await isServed(data)) ? exitCodes.failed : await FirstRun.start(file, data);
  if (typeof run === 'number') return (terminal && (await mend(trial, 'here', terminal))) ?? run;
  const report = await testTrunk(trial.answers.name, file, {
    ...(trial.number !== '' && { number: trial.number }),
    seconds: 5,
    digits: '123',
    output: 'table',
  });
  const status = report.ok ? exitCodes.ok : exitCodes.failed;
  const stop = async (): Promise<number> => {
    await run.stop();
    return status;
  };
  if (terminal && isDoubtful(report)) {
    run.show(); // It may know why.
    const other = await mend(trial, likely(report), terminal).catch(async (error: unknown) => {
      await run.stop();
      throw error;
    });
    if (other) {
      await run.stop();
      return other;
    }
  }
  if (!stays) return stop();
  tell(process.stderr, `\n${whatNext(report, configuration, file)}`);
  run.show();
  tell(process.stderr, '\nThe program goes on here: Ctrl-C ends it when its last call has ended.\n');
  // It hears of Ctrl-C itself.
  process.on('SIGINT', () => undefined);
  await run.exited;
  return status;
}

/** Another program that takes calls there would be tested in the place of ours. */
async function isServed(data: string): Promise<boolean> {
  const program = await StatusClient.open(data);
  program?.close();
  if (program)
    tell(process.stderr, `tandem: a program runs on ${data} already: end it, or begin in another directory.\n`);
  return program !== undefined;
}

/** What can be relied on now, and what is left to do. */
function whatNext({ steps, trunk, ok }: TestReport, { listeners }: Configuration, file: string): string {
  const audio = steps.find(({ name }) => name === 'Audio');
  const place = listeners[0] && formatHostPort(listeners[0].bind);
  const lines = [
    ...(audio?.verdict === 'passed' ? [`A call over ${trunk} was answered and ${audio.summary}.`] : []),
    ...(ok && place !== undefined ? [`Next: have your PBX send its calls to ${place}.`] : []),
    `In another terminal: tandem top, tandem cdr list, tandem trunk list ${file}.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Undefined: it is not, and why has been told. */
function sound(file: string): Configuration | undefined {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (problems.length > 0) tell(process.stderr, formatProblems(problems));
  return loaded.ok ? loaded.configuration : undefined;
}

/** Without anybody to ask. */
function completed(known: Partial<Answers>, passwordFile: string | undefined): Answers {
  const profile = known.profile === undefined ? undefined : profileOf(known.profile);
  if (known.profile !== undefined && !profile)
    throw new Failure(`there is no profile ${known.profile}: docs/profiles.md lists them.`, exitCodes.usage);
  const filled = {
    name: 'itsp',
    bind: ownAddress(),
    provider: placesOf(profile),
    ...known,
    transport: known.transport ?? transportOf(profile),
  };
  const missing = (['profile', 'provider', 'pbx'] as const)
    .filter((key) => filled[key] === undefined)
    .map((key) => `--${key}`);
  if (wantsRegistration(profile)) {
    if (filled.user === undefined) missing.push('--user');
    if (passwordFile === undefined) missing.push('--password-file');
  }
  if (missing.length > 0)
    throw new Failure(`nobody can be asked here: say ${missing.join(', ')} too.`, exitCodes.usage);
  for (const [key, fault] of Object.entries(faults)) {
    const value = filled[key as keyof Answers];
    const why = value === undefined ? undefined : fault(String(value));
    if (why !== undefined) throw new Failure(`--${key} ${value} cannot be: ${why}`, exitCodes.usage);
  }
  return filled as Answers;
}

function noted(terminal: Terminal | undefined, line: string): void {
  if (terminal) log.success(line, terminal);
  else tell(process.stderr, `${line}\n`);
}

function finish(terminal: Terminal | undefined, line: string): void {
  if (terminal) outro(line, terminal);
  else tell(process.stderr, `${line}\n`);
}
