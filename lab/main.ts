// `npm start`: the real program between a PBX and a provider of our own, calling each other.
import { relative, resolve } from 'node:path';
import { formatHostPort } from '#kernel';
import { formatProblems, readConfiguration } from '#shell/config';
import { Lab } from './lab.ts';
import type { LabCall } from './lab-call.ts';
import { help, type Options, parseOptions, UsageError } from './options.ts';
import type { ProgramStatus } from './status.ts';
import { endedCall } from './view/record-text.ts';
import { Screen } from './view/screen.ts';
import { summaryText } from './view/summary-text.ts';
import { liveTable, stateOf } from './view/table.ts';
import { clock, count } from './view/text.ts';

const root = resolve(import.meta.dirname, '..');
const file = resolve(root, 'examples/lab.yaml');
const redrawEvery = 200;

async function main(argv: readonly string[]): Promise<number> {
  let options: Options | undefined;
  try {
    options = parseOptions(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`lab: ${error.message}\nTry \`npm start -- --help\`.\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(help);
    return 0;
  }
  const loaded = readConfiguration(file);
  if (!loaded.ok) {
    process.stderr.write(formatProblems(loaded.problems));
    return 1;
  }
  return run(options, loaded.configuration);
}

async function run(options: Options, configuration: ConstructorParameters<typeof Lab>[0]['configuration']) {
  const screen = new Screen(process.stdout);
  const { paint } = screen;
  let status = 0;
  /** What was printed last of a call, where nothing can be drawn over. */
  const states = new WeakMap<LabCall, string>();
  const lab: Lab = new Lab(
    { ...options, root, file, configuration },
    {
      changed: (call) => {
        const state = stateOf(call);
        if (screen.isTerminal || call.state === 'ended' || states.get(call) === state) return;
        states.set(call, state);
        const { number, from, caller, called } = call.plan;
        if (state !== '') screen.print([`${`#${number}`.padStart(6)}  ${from} ${caller} → ${called}  ${state}`]);
      },
      ended: (call) => {
        if (call.faults.length > 0) status = 1;
        screen.print(endedCall(call, paint));
        draw();
      },
    },
  );
  // However it ends: the terminal gets its cursor back, and no process stays.
  process.on('exit', () => {
    screen.close();
    lab.kill();
  });
  const begun = performance.now();
  const draw = () => {
    const left = lab.running.size;
    const doing = lab.draining
      ? `${count(left, 'call')} to end${process.stdin.isTTY ? ', Ctrl-C ends them at once' : ''}`
      : 'Ctrl-C ends the lab';
    const head = `${paint('bold', 'Tandem lab')}  ${clock(performance.now() - begun)}  ${count(left, 'call')} up, ${lab.summary.calls} done  ${paint('dim', doing)}`;
    const table = liveTable(lab.running.values(), Date.now(), process.stdout.columns ?? 80, paint);
    screen.draw(['', head, paint('dim', said(lab.status)), '', ...table]);
  };

  const interrupt = () => {
    if (lab.draining) {
      lab.breakOff();
      return;
    }
    if (!screen.isTerminal) screen.print([`no more calls; ${count(lab.running.size, 'call')} to end`]);
    lab.drain();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.on('SIGHUP', () => lab.breakOff());

  let timer: NodeJS.Timeout | undefined;
  try {
    screen.print([
      `${paint('bold', 'PBX')} ${places(lab.addresses.pbx)}  ⇄  ${paint('bold', 'Tandem')}  ⇄  ${paint('bold', 'ITSP')} ${places(lab.addresses.itsp)}`,
    ]);
    await lab.start();
    screen.print([
      paint('dim', `Tandem runs as process ${lab.pid} on ${relative(process.cwd(), file)}. Its records, also later:`),
      paint('dim', `  bin/tandem cdr list --data ${configuration.records.path}`),
      '',
    ]);
    timer = setInterval(draw, redrawEvery);
    await lab.run();
  } catch (error) {
    status = 1;
    screen.print([`${paint('red', '✗')} ${(error as Error).message}`]);
  }
  clearInterval(timer);
  screen.close();
  const trouble = await lab.stop();
  if (trouble !== undefined && lab.summary.brokenOff === 0) {
    status = 1;
    screen.print([paint('red', `Tandem ended with ${trouble}`)]);
  }
  if (lab.summary.calls + lab.summary.brokenOff > 0)
    screen.print(summaryText(lab.summary, performance.now() - begun, paint));
  return lab.summary.brokenOff > 0 ? 130 : status;
}

function said(status: ProgramStatus | undefined): string {
  if (status === undefined) return 'The program does not say what it does.';
  const { calls, dialogs, received, sent, packets, dropped } = status;
  return (
    `The program says: ${count(calls, 'call')}, ${count(dialogs, 'dialog')}; SIP ${received} in, ${sent} out; ` +
    `RTP ${packets} relayed, ${dropped} dropped`
  );
}

function places(addresses: Lab['addresses']['pbx']): string {
  return addresses.map(formatHostPort).join(', ');
}

process.exitCode = await main(process.argv.slice(2));
