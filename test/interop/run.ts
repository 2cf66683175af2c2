/**
 * `npm run interop`: the program against SIPp, baresip, Kamailio, OpenSSL and others. Ends with `N passed, N failed`; exit status 1 when one failed.
 * Two groups run at a time, each with a program and addresses of its own: they wait for clocks and peers for most of their time. What needs the machine for itself comes first.
 * A case against real peers on a real clock may fail for the machine's reasons: up to three are tried once more, alone, in a program of their own, and are named.
 *
 *   --only TEXT    cases whose group or name has it
 *   --built        what `npm run build` made, instead of the sources
 *   --keep         keep all files, not only those of groups with failures
 */
import { parseArgs } from 'node:util';
import { havePackages } from '../../scripts/with-packages.ts';
import { groups } from './cases/index.ts';
import { type Case, type Group, Lab } from './harness.ts';

const suiteSeconds = 1650;
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    built: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const startedAt = performance.now();
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
const mostRetried = 3;
let passed = 0;
let failed: { group: Group; case: Case }[] = [];

function fail(group: Group, one: Case, why: string): void {
  failed.push({ group, case: one });
  console.log(`FAILED  ${group.name}: ${one.name}\n${why.replaceAll(/^/gm, '        ')}`);
}

/** Runs a case under its limit, or what is left of the suite's. */
async function underLimit(one: Case, lab: Lab): Promise<void> {
  const left = suiteSeconds - (performance.now() - startedAt) / 1_000;
  const limit = Math.min(one.limit ?? 25, left);
  if (limit <= 0) throw new Error(`not run: the suite took more than ${suiteSeconds} s`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${limit.toFixed(0)} s`)), limit * 1_000);
  });
  try {
    await Promise.race([one.run(lab), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function runCases(group: Group, cases: readonly Case[]): Promise<void> {
  const lab = new Lab(group, groups.indexOf(group), options.built);
  const failedBefore = failed.length;
  try {
    await lab.start();
  } catch (error) {
    for (const one of cases) fail(group, one, `the program did not start: ${(error as Error).message}`);
    await lab.stop();
    return;
  }
  for (const one of cases) {
    const caseStartedAt = performance.now();
    lab.beginCase();
    try {
      await underLimit(one, lab);
      if (!lab.subject.alive()) throw new Error('the program ended');
      passed++;
      console.log(`ok      ${group.name}: ${one.name} (${seconds(caseStartedAt)})`);
    } catch (error) {
      fail(group, one, `${(error as Error).message}\n${lab.evidence()}`);
    }
    await lab.endCase();
    if (!lab.subject.alive()) await lab.start().catch(() => undefined);
  }
  await lab.stop();
  if (failed.length === failedBefore && !options.keep) lab.clean();
}

/** The few that failed, once more. What fails for a reason of its own fails again. */
async function retry(): Promise<void> {
  if (failed.length === 0 || failed.length > mostRetried) return;
  const first = failed;
  failed = [];
  for (const { group, case: one } of first) {
    console.log(`again   ${group.name}: ${one.name}`);
    await runCases(group, [one]);
  }
  const unsteady = first.filter((one) => !failed.some((again) => again.case === one.case));
  for (const { group, case: one } of unsteady)
    console.log(`unsteady: passed at its second try: ${group.name}: ${one.name}`);
}

/** One group after the other, until none is left. */
async function runGroups(waiting: Group[]): Promise<void> {
  for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
    const { name, cases, packages = [] } = group;
    const wanted = cases.filter((one) => `${name}: ${one.name}`.includes(options.only));
    if (wanted.length > 0 && havePackages(packages)) await runCases(group, wanted);
  }
}

if (havePackages(['sip-tester', 'baresip-core'])) {
  await runGroups(groups.filter((group) => group.alone));
  const others = groups.filter((group) => !group.alone);
  await Promise.all([runGroups(others), runGroups(others)]);
  await retry();
  console.log(`took ${seconds(startedAt)}`);
}
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
