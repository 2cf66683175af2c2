import { type Command, InvalidArgumentError, Option } from 'commander';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { CommitOptions, DiffOptions, EditOptions, ImportOptions, ReloadOptions, ShowOptions } from './acts.ts';

const examples = `
Examples:
  tandem config set trunks.itsp-a.capacity.calls 60     change one thing, in your draft
  tandem config edit                                    change the file in your editor ($VISUAL, $EDITOR)
  tandem config diff                                    what your draft means: differences, faults, sample calls
  tandem config show --effective trunks.itsp-a          what holds of a trunk, and who says so
  tandem config commit -m "Black Friday"                have the running program take it, all or nothing
  tandem config history                                 who changed what, and when
  tandem config rollback 12 -m "echo on all calls"      go back

What you change is a draft of your own until you commit it; calls that stand go on. docs/configuration-life.md says more.`;

/** Adds `tandem config` and its commands. What they do is imported when one is called. */
export function register(program: Command): void {
  const config = program
    .command('config')
    .description('see, change, commit and roll back the configuration of a running program')
    .addHelpText('after', examples);
  const acts = () => import('./acts.ts');
  const add = (name: string, description: string) =>
    outputOption(remoteOptions(config.command(name))).description(description);

  add('show', 'print the configuration file, and say whether it is what runs; or what holds of it, and who says so')
    .argument('[object]', 'with --effective, of what: trunks.itsp-a, media, trunks.itsp-a.capacity; all unless given')
    .addOption(new Option('--effective', 'each setting that holds, with where it comes from').conflicts('revision'))
    .option('--revision <id>', 'one that ran, as `config history` lists it', id)
    .option('--draft', 'what you are changing')
    .action(async (object: string | undefined, options: ShowOptions) => {
      if (options.effective || object !== undefined)
        await (await import('./effective.ts')).showEffective(object, options);
      else await (await acts()).show(options);
    });
  add('diff', 'say in what your draft differs from what runs; without a draft, in what the file does')
    .argument('[file]', 'a configuration to compare in place of your draft')
    .option('--revision <id>', 'one that ran, in place of your draft', id)
    .addOption(new Option('--from <id>', 'with --revision: compare it with this one that ran').argParser(id))
    .option('--text', 'line by line, as the file is written')
    .action(async (file: string | undefined, options: DiffOptions) => {
      process.exitCode = await (await acts()).diff(file, options);
    });
  add('edit', 'change the file in your editor, into your draft')
    .option('--commit', 'commit it at once where it is sound')
    .option('-m, --reason <text>', 'with --commit: what for', '')
    .action(async (options: EditOptions) => {
      process.exitCode = await (await acts()).edit(options);
    });
  add('set', 'change one thing or more in your draft; comments of the file stay')
    .argument('<path>', 'where: trunks.itsp-a.capacity.calls, trunks[0].kind')
    .argument('<value...>', 'what, as YAML has it; further paths and values may follow')
    .action(async (path: string, values: string[], options) => (await acts()).set([path, ...values], options));
  add('unset', 'take things out, in your draft')
    .argument('<path...>', 'where: routes.night')
    .action(async (paths: string[], options) => (await acts()).unset(paths, options));
  add('move', 'move what is in a list before another of it, or to its end, in your draft; its comments go along')
    .argument('<path>', 'what: routes.night, routes.out.to.itsp-b')
    .argument('[before]', 'before which, by its name or as [place]; to the end unless given')
    .action(async (path: string, before: string | undefined, options) => (await acts()).move(path, before, options));
  commitOptions(add('commit', 'have the running program take your draft: all of it, or nothing')).action(
    async (options: CommitOptions) => (await acts()).commit(options),
  );
  add('discard', 'forget your draft').action(async (options) => (await acts()).discard(options));
  add('renew', 'make the edits of your draft in the file as it is now, where somebody else changed it').action(
    async (options) => (await acts()).renew(options),
  );
  commitOptions(add('rollback', 'go back to one that ran'))
    .argument('[id]', 'as `config history` lists it (default: the one before what runs)', id)
    .action(async (version: number | undefined, options: CommitOptions) => (await acts()).rollback(version, options));
  add('history', 'configurations that ran, newest first')
    .option('--limit <n>', 'how many', id, 20)
    .action(async (options) => (await acts()).history(options));
  add('export', 'write the configuration to a file, or to standard output')
    .argument('[file]', 'where to; standard output unless given')
    .option('--revision <id>', 'one that ran', id)
    .action(async (file: string | undefined, options: ShowOptions) => (await acts()).exportTo(file, options));
  commitOptions(add('import', 'make a file your draft, and say what it means'))
    .argument('<file>', 'a configuration; - for standard input')
    .option('--commit', 'commit it at once where it is sound')
    .action(async (file: string, options: ImportOptions) => {
      process.exitCode = await (await acts()).importFrom(file, options);
    });
  add('reload', 'have the running program take the file as it is')
    .option('--restart', 'the signalling process may be started again; calls outlive it')
    .action(async (options: ReloadOptions) => (await acts()).reload(options));
}

function commitOptions(command: Command): Command {
  return command
    .option('-m, --reason <text>', 'what for; it stands in the history', '')
    .option('--acknowledge <name...>', 'sample calls of which something else may become')
    .option('--restart', 'the signalling process may be started again where some of it wants that; calls outlive it');
}

function id(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return number;
}
