import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { log, outro } from '@clack/prompts';
import { formatProblems, profileOf, readConfiguration } from '#shell/config';
import { exitCodes, Failure } from '../failure.ts';
import { StatusClient } from '../status-client.ts';
import { type Answers, faults, ownAddress, placesOf, transportOf, wantsRegistration } from './answers.ts';
import { askAll, askLine, askYes, type Terminal } from './ask.ts';
import { configurationText } from './configuration-text.ts';

export interface InitOptions extends Partial<Omit<Answers, 'password'>> {
  readonly passwordFile?: string;
  readonly force?: true;
  /** Ask nothing. */
  readonly yes?: true;
  readonly start?: true;
  /** The number to call. */
  readonly test?: string;
}

/** Ms that a program may take until calls are taken. */
const patience = 20_000;

/** `tandem init [FILE]`: the exit status. */
export async function init(file: string, options: InitOptions, terminal: Terminal | undefined): Promise<number> {
  if (existsSync(file) && !options.force)
    throw new Failure(`${file} is there already: name another, or say --force to replace it.`);
  const { force: _force, yes: _yes, start, test, passwordFile, ...known } = options;
  const answers = terminal ? await askAll(known, terminal) : completed(known, passwordFile);
  // Paths in a configuration are relative to where the program starts, as this command is.
  const folder = dirname(file);
  const secretFile = passwordFile ?? (isAbsolute(folder) ? '' : './') + join(folder, `${answers.name}.password`);
  const text = configurationText(answers, secretFile, profileOf(answers.profile));
  write(file, text, answers.password === undefined ? undefined : { path: secretFile, text: answers.password });
  tell(terminal, `Written: ${file}, ${text.split('\n').length - 1} lines`);
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (problems.length > 0) process.stderr.write(formatProblems(problems));
  if (!loaded.ok) {
    tell(terminal, `It wants a word yet: see above, then \`tandem check ${file}\`.`);
    return exitCodes.failed;
  }
  const doStart = start ?? (terminal ? await askYes('Start it now?', terminal) : test !== undefined);
  if (!doStart) {
    finish(
      terminal,
      `Next: tandem doctor ${file}, tandem run ${file}, tandem trunk test ${answers.name} ${file} --number …`,
    );
    return exitCodes.ok;
  }
  const number = test ?? (terminal ? await askLine('A number to call and listen to (empty: none)', terminal) : '');
  return startAndTest(
    file,
    answers.name,
    number,
    resolve(loaded.configuration.records.path),
    start === true || terminal !== undefined,
  );
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

function write(file: string, text: string, secret: { readonly path: string; readonly text: string } | undefined): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (!secret) return;
    writeFileSync(secret.path, `${secret.text}\n`, { mode: 0o600 });
    chmodSync(secret.path, 0o600);
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${(error as Error).message}`);
  }
}

/** Runs the program in front, tests the trunk through it, and lets it run on where that is wanted. */
async function startAndTest(file: string, name: string, number: string, data: string, stays: boolean): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, 'run', file], {
    stdio: 'inherit',
    // The report is to be read: what is no fault can be seen by `tandem events`.
    env: { ...process.env, TANDEM_LOG: process.env.TANDEM_LOG ?? 'error' },
  });
  const exited = once(child, 'exit').then(([code]) => (code as number | null) ?? exitCodes.failed);
  const ready = await Promise.race([listens(data), exited.then(() => false)]);
  if (!ready) return exited;
  const { test } = await import('../trunk-test.ts');
  const status = await test(name, file, {
    ...(number !== '' && { number }),
    seconds: 5,
    digits: '123',
    format: 'text',
  });
  if (stays) {
    process.stderr.write('\nThe program goes on here: Ctrl-C ends it when its last call has ended.\n');
    // It hears of Ctrl-C itself.
    process.on('SIGINT', () => undefined);
    await exited;
  } else {
    child.kill('SIGTERM');
    await exited;
  }
  return status;
}

async function listens(data: string): Promise<boolean> {
  for (const until = Date.now() + patience; Date.now() < until; await pause(200)) {
    const program = await StatusClient.open(data);
    program?.close();
    if (program) return true;
  }
  return false;
}

function tell(terminal: Terminal | undefined, line: string): void {
  if (terminal) log.success(line, terminal);
  else process.stderr.write(`${line}\n`);
}

function finish(terminal: Terminal | undefined, line: string): void {
  if (terminal) outro(line, terminal);
  else process.stderr.write(`${line}\n`);
}
