import type { Command } from 'commander';
import type { ExplainOptions } from './explain-call.ts';
import { outputOption } from './output/output.ts';
import { remoteOptions } from './rest/remote.ts';

/** Adds `tandem explain`. */
export function register(program: Command): void {
  outputOption(remoteOptions(program.command('explain')))
    .description('say what a problem means, and its cure; or why a call went where it went')
    .argument('<what>', 'a code such as TDM-1104, or the id of a call or how it begins, also while it goes on')
    .action(async (what: string, options: ExplainOptions) => {
      if (/^(TDM.*|\d{4})$/i.test(what)) {
        const { explain } = await import('./explain.ts');
        return explain(what, options, process.stdout);
      }
      const { explainCall } = await import('./explain-call.ts');
      await explainCall(what, options);
    });
}
