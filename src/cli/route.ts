import { type Command, Option } from 'commander';
import type { RouteTestOptions } from './route-test.ts';

const examples = `
Examples:
  tandem route test tandem.yaml --from pbx --to 0301234567
  tandem route test tandem.yaml --from ann --to 112 --at "2026-12-24T18:00:00+01:00"
  tandem route test tandem.yaml --from ann --to 0301234567 --site branch-2
  tandem route test tandem.yaml --samples

Nobody is called: the answer is what routing would do with such a call, rule by rule, by the file as it stands.
Exit status: 0 somebody would be called, or all samples are as expected; 1 nobody would, or a sample differs.`;

/** Adds `tandem route` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const route = program
    .command('route')
    .description('see where calls would go, and why')
    .addHelpText('after', examples);

  route
    .command('test')
    .description('say what would become of a call: every rule that is tried, and what it did')
    .argument('[file]', 'the configuration (YAML)', 'tandem.yaml')
    .option('--from <name>', 'the trunk that it comes by, or the user who calls')
    .option('--to <number>', 'what is dialled')
    .option('--caller <number>', 'who calls, where it comes by a trunk')
    .option('--at <time>', 'when, such as 2026-12-24T18:00:00+01:00 (default: now)')
    .option('--site <name>', 'where who calls is, `none` for at none (default: where he belongs)')
    .option('--samples', 'make the sample calls of the file (`tests`) instead')
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .action(async (file: string, options: RouteTestOptions) => {
      const { routeTest } = await import('./route-test.ts');
      process.exitCode = routeTest(file, options, process.stdout, process.stderr);
    });
}
