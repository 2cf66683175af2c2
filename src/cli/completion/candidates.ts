import type { Argument, Command, Option } from 'commander';

/** What may stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  /** In a few words; shells that can show it. */
  readonly about: string;
}

/** Names that only a running program knows. */
export type Known = 'trunks' | 'calls' | 'users' | 'accounts' | 'webhooks';

export interface Candidates {
  readonly words: readonly Candidate[];
  /** Files fit too. */
  readonly files: boolean;
  /** Names of these fit too. */
  readonly known?: Known;
}

/** `before`: the words between `tandem` and the one at the cursor, which begins with `start`. */
export function candidates(program: Command, before: readonly string[], start: string): Candidates {
  let command = program;
  let taken = 0;
  let wanting: Option | undefined;
  for (const word of before) {
    if (wanting && !(wanting.optional && word.startsWith('-'))) {
      // One that takes several goes on until the next option.
      if (!wanting.variadic) wanting = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = optionOf(command, word);
      wanting = option && (option.required || option.optional) && !word.includes('=') ? option : undefined;
      continue;
    }
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next && taken === 0) command = next;
    else taken++;
  }
  if (wanting && !start.startsWith('-')) return ofOption(wanting, start);
  if (start.startsWith('-')) return ofFlags(command, start);
  const words = visible(command)
    .filter((one) => taken === 0 && one.name().startsWith(start))
    .map((one) => ({ word: one.name(), about: one.description() }));
  const argument = command.registeredArguments[Math.min(taken, command.registeredArguments.length - 1)];
  const fits = argument && (taken < command.registeredArguments.length || argument.variadic);
  const more = fits ? ofArgument(command, argument, start) : nothing;
  return { ...more, words: [...words, ...more.words] };
}

const nothing: Candidates = { words: [], files: false };

function ofOption(option: Option, start: string): Candidates {
  if (option.argChoices) return { words: beginning(option.argChoices, start), files: false };
  if (/\btrunk\b/.test(option.long ?? '')) return { ...nothing, known: 'trunks' };
  if (option.long === '--user' && option.description.includes('user')) return { ...nothing, known: 'users' };
  return { ...nothing, files: isFile(option.flags) };
}

function ofArgument(command: Command, argument: Argument, start: string): Candidates {
  if (argument.argChoices) return { words: beginning(argument.argChoices, start), files: false };
  const name = argument.name();
  if (name === 'call' || (name === 'what' && command.name() === 'explain')) return { ...nothing, known: 'calls' };
  if (name === 'trunk' || (name === 'name' && command.parent?.name() === 'trunk'))
    return { ...nothing, known: 'trunks' };
  const family = command.parent?.name();
  if (name === 'name' && family === 'account' && command.name() !== 'invite') return { ...nothing, known: 'accounts' };
  if (name === 'name' && family === 'webhook' && command.name() !== 'create') return { ...nothing, known: 'webhooks' };
  return { ...nothing, files: isFile(name) };
}

function ofFlags(command: Command, start: string): Candidates {
  const words = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long?.startsWith(start) ? [{ word: long, about: description }] : []));
  return { words, files: false };
}

function optionOf(command: Command, word: string): Option | undefined {
  const [flag] = word.split('=');
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function beginning(words: readonly string[], start: string): readonly Candidate[] {
  return words.filter((word) => word.startsWith(start)).map((word) => ({ word, about: '' }));
}

function isFile(text: string): boolean {
  return /\b(?:file|dir|folder|pcap|output)\b/.test(text);
}
