import { Argument, type Command } from 'commander';
import { harmless } from '../cdr-text.ts';
import { scripts, shells } from './scripts.ts';

const help = `
Examples:
  source <(tandem completion bash)       in ~/.bashrc
  source <(tandem completion zsh)        in ~/.zshrc, behind compinit
  tandem completion fish > ~/.config/fish/completions/tandem.fish

Commands, options and their values are completed, and the names of trunks, calls and users of the program that runs.`;

/** Adds `tandem completion`, and what the shells ask. */
export function register(program: Command, commands: (asked?: string) => Promise<Command>): void {
  program
    .command('completion')
    .description('print what makes a shell complete our words')
    .addArgument(new Argument('<shell>', 'which').choices(shells))
    .addHelpText('after', help)
    .action((shell: (typeof shells)[number]) => {
      process.stdout.write(scripts[shell]);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { candidates } = await import('./candidates.ts');
      const before = words.slice(0, -1);
      const start = words.at(-1) ?? '';
      const { words: found, files, known } = candidates(await commands(before[0]), before, start);
      const names = known ? await (await import('./known.ts')).namesOf(known, before, start) : [];
      for (const { word, about } of [...found, ...names])
        process.stdout.write(`${harmless(word)}\t${harmless(about).slice(0, 80)}\n`);
      if (files) process.stdout.write(':files\n');
    });
}
