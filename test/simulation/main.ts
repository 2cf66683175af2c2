/**
 * `npm run sim -- --seeds N [--seed S] [--verbose]`: N worlds, each from its own seed, from S on (else from a fresh one).
 * The first that fails is shown as a ladder with the command that plays it again; exit status 1.
 *
 *   --seed S          one seed (with --seeds: the first of them)
 *   --without A,B     these faults do not happen: which of them does the failure need?
 *   --only TEXT       of the ladder only what holds TEXT, a Call-ID for one
 *   --ladder N        lines of the ladder (40)
 *   --keep-going      count failures, stop at none
 */
import { parseArgs } from 'node:util';
import { type Fault, faults, type Outcome, type SimulationOptions, simulate } from '#sim';
import { describe } from './describe.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    without: { type: 'string' },
    only: { type: 'string' },
    ladder: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
  },
});

const without = (values.without?.split(',') ?? []) as Fault[];
for (const fault of without) {
  if (!faults.includes(fault)) {
    console.error(`--without ${fault}: there is ${faults.join(', ')}`);
    process.exit(2);
  }
}
const options: SimulationOptions = {
  without: new Set(without),
  ladder: Number(values.ladder ?? 40),
  ...(values.only === undefined ? {} : { only: values.only }),
};
const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const count = Number(values.seeds ?? (values.seed === undefined ? 100 : 1));

const begun = performance.now();
const failures: Outcome[] = [];
let calls = 0;
let answered = 0;
let crashes = 0;
let told = begun;
let run = 0;
for (; run < count; run++) {
  const outcome = simulate(first + run, options);
  calls += outcome.calls;
  answered += outcome.answered;
  crashes += outcome.crashes;
  if (values.verbose || outcome.failure)
    console.log(describe(outcome, values['keep-going'] && !values.verbose ? 0 : undefined));
  if (outcome.failure) {
    failures.push(outcome);
    if (!values['keep-going']) break;
  }
  if (performance.now() - told > 5_000) {
    told = performance.now();
    console.log(
      `${run + 1} of ${count}, ${(((run + 1) * 1000) / (told - begun)).toFixed(1)} runs/s, ${failures.length} failed`,
    );
  }
}
const seconds = (performance.now() - begun) / 1000;
const done = Math.min(run + 1, count);
console.log(
  `${done} runs from seed ${first} in ${seconds.toFixed(1)} s (${(done / seconds).toFixed(1)} runs/s): ` +
    `${calls} calls, ${answered} answered, ${crashes} crashes survived, ${failures.length} runs failed`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
