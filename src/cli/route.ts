import type { Command } from 'commander';
import { outputOption } from './output/output.ts';
import type { RouteTestOptions } from './route-test.ts';

const examples = `
Examples:
  tandem route test tandem.yaml --from pbx --to 0301234567
  tandem route test tandem.yaml --from ann --to 112 --at "2026-12-24T18:00:00+01:00"
  tandem route test tandem.yaml --from ann --to 0301234567 --site branch-2
  tandem route test tandem.yaml --samples

One part of it by itself:
  tandem route test tandem.yaml --dial-plan berlin --to 0234567    what a dial plan makes of it, rule by rule
  tandem route test tandem.yaml --policy staff --to +4930234567    where somebody with this policy calls it
  tandem route test tandem.yaml --route abroad --to +4930234567    whether a route takes it
  tandem route test tandem.yaml --trunk acme --to +4930234567      how a trunk writes it (and --caller)
  tandem route test tandem.yaml --user ann                         what holds for a user

Nobody is called: the answer is what routing would do with such a call, rule by rule, by the file as it stands.
Exit status: 0 somebody would be called, or all samples are as expected; 1 nobody would, or a sample differs.`;

/** Adds `tandem route` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const route = program
    .command('route')
    .description('see where calls would go, and why')
    .addHelpText('after', examples);

  outputOption(route.command('test'))
    .description('say what would become of a call: every rule that is tried, and what it did')
    .argument('[file]', 'the configuration (YAML)', 'tandem.yaml')
    .option('--from <name>', 'the trunk that it comes by, or the user who calls')
    .option('--to <number>', 'what is dialled')
    .option('--caller <number>', 'who calls, where it comes by a trunk')
    .option('--at <time>', 'when, such as 2026-12-24T18:00:00+01:00 (default: now)')
    .option('--site <name>', 'where who calls is, `none` for at none (default: where he belongs)')
    .option('--dial-plan <name>', 'ask this dial plan alone')
    .option('--policy <name>', 'ask this policy alone; the number is as routes know it')
    .option('--route <name>', 'ask this route alone')
    .option('--trunk <name>', 'ask how this trunk writes the numbers')
    .option('--user <name>', 'say what holds for this user')
    .option('--samples', 'make the sample calls of the file (`tests`) instead')
    .action(async (file: string, options: RouteTestOptions) => {
      const { routeTest } = await import('./route-test.ts');
      process.exitCode = routeTest(file, options, process.stdout, process.stderr);
    });
}
