/**
 * `npm run interop`: the program against SIPp, baresip, Kamailio, OpenSSL and others. Ends with `N passed, N failed`; exit status 1 when one failed.
 *
 *   --only TEXT    cases whose group or name has it
 *   --built        what `npm run build` made, instead of the sources
 *   --keep         keep all files, not only those of groups with failures
 */
import { parseArgs } from 'node:util';
import { havePackages } from '../../scripts/with-packages.ts';
import { groups } from './cases/index.ts';
import { type Case, type Group, Lab } from './harness.ts';

const suiteSeconds = 1350;
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    built: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const startedAt = performance.now();
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
let passed = 0;
let failed = 0;

function fail(name: string, why: string): void {
  failed++;
  console.log(`FAILED  ${name}\n${why.replaceAll(/^/gm, '        ')}`);
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

async function runGroup(group: Group, at: number): Promise<void> {
  const cases = group.cases.filter((one) => `${group.name}: ${one.name}`.includes(options.only));
  if (cases.length === 0 || !havePackages(group.packages ?? [])) return;
  const lab = new Lab(group, at, options.built);
  const failedBefore = failed;
  try {
    await lab.start();
  } catch (error) {
    for (const one of cases)
      fail(`${group.name}: ${one.name}`, `the program did not start: ${(error as Error).message}`);
    await lab.stop();
    return;
  }
  for (const one of cases) {
    const name = `${group.name}: ${one.name}`;
    const caseStartedAt = performance.now();
    lab.beginCase();
    try {
      await underLimit(one, lab);
      if (!lab.subject.alive()) throw new Error('the program ended');
      passed++;
      console.log(`ok      ${name} (${seconds(caseStartedAt)})`);
    } catch (error) {
      fail(name, `${(error as Error).message}\n${lab.evidence()}`);
    }
    await lab.endCase();
    if (!lab.subject.alive()) await lab.start().catch(() => undefined);
  }
  await lab.stop();
  if (failed === failedBefore && !options.keep) lab.clean();
}

if (havePackages(['sip-tester', 'baresip-core'])) {
  for (const [at, group] of groups.entries()) await runGroup(group, at);
  console.log(`took ${seconds(startedAt)}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
