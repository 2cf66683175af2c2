import type { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';
import { commandLine } from '../src/cli/command-line.ts';
import { exitMeanings } from '../src/cli/failure.ts';

const head = `# The command line

Written from the commands themselves by \`npm run docs\`; \`tandem help COMMAND\` shows the same.

## Which program is asked

Commands about what runs ask the API of the running program, on its Unix socket in the directory of records:

    tandem status                                  of the program whose records are in $TANDEM_DATA, else ./data
    tandem status --config tandem.yaml             of the one that runs by this file
    tandem status --data /var/lib/tandem           of the one whose records are there
    tandem status --url https://sbc.example        of one elsewhere, as \`management.listen\` has it

The signalling process itself is asked, past the API, where that is the point: by \`doctor\`, \`check --live\`, \`trunk test\` and \`init\`, which tell a management process that does not answer from a program that does
not run, and by \`trunk show NAME FILE\` for answers of the DNS and connections, which the API does not have.

Elsewhere one has to say who he is: by an API token, in the file that \`--token-file\` names or in \`TANDEM_TOKEN\`. \`TANDEM_URL\` stands for \`--url\`. A certificate that the machine does not
know is named by \`NODE_EXTRA_CA_CERTS\`.

## What is printed

\`-o\` (\`--output\`) says how: \`table\` for people (one thing is a text), \`json\`, \`yaml\`, or \`ndjson\`, a line for each. A table fits the terminal: the least
important column gives way first, is cut (…) and then left out, and a last line names what is not there; texts and help are folded. Into a file or a pipe nothing is cut. \`json\`, \`yaml\` and
\`ndjson\` have the names of the API ([openapi.json](openapi.json)), \`cdr\` too: it reads the [records](records.md) themselves, also where no program runs. Times are RFC 3339 in UTC.
Some commands have a form of their own beside: \`html\`, \`markdown\`, \`csv\`. \`--file\` writes it into a file. What only does something says so in a sentence, and its exit status tells programs. What strangers sent can't steer the terminal: it is made visible. Colours heed \`NO_COLOR\` and \`FORCE_COLOR\`. Data goes to standard output, what is said about it to standard
error.

\`--follow\` goes on with what happens until Ctrl-C, or until nobody reads it any more (\`| head\`): both are its usual end, with status 0. Where the connection breaks, or the program starts again, that is said on
standard error, and it goes on where it left off. With \`-o ndjson\` each line has its \`event\`: \`hello\` when the stream stands, \`lost\` when it breaks.

## Exit status

| Status | Meaning |
|---:|---|
`;

const completion = `
## Completion

\`tandem completion bash\`, \`zsh\` or \`fish\` prints what makes the shell complete commands, options, their values, and the names of trunks, calls, users, accounts and webhooks
of the program that runs; where it does not answer within a quarter of a second, without names.

`;

/** docs/cli.md. */
export async function cliManual(): Promise<readonly [path: string, text: string]> {
  const program = await commandLine();
  const parts = [
    head,
    ...exitMeanings.map(([code, meaning]) => `| ${code} | ${meaning} |\n`),
    completion,
    '## Commands\n',
    ...all(program).map(page),
  ];
  return ['docs/cli.md', `${parts.join('').trimEnd()}\n`];
}

/** Those that do something, in the order of the help. */
function all(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help')
    .flatMap((one) => (one.commands.length > 0 ? [one, ...all(one)] : [one]));
}

function page(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at; at = at.parent) names.unshift(at.name());
  const isFamily = command.commands.length > 0;
  const usage = isFamily ? '' : `    ${names.join(' ')} ${command.usage()}\n`;
  const rows = [
    ...command.registeredArguments.map((one) => row(argumentName(one), one.description, one.defaultValue)),
    ...command.options
      .filter(({ hidden }) => !hidden)
      .map((one) => row(one.flags, choices(one), one.negate || one.defaultValue === '' ? undefined : one.defaultValue)),
  ];
  const table = rows.length === 0 || isFamily ? '' : `| | |\n|---|---|\n${rows.join('')}`;
  return `\n### ${names.join(' ')}\n\n${[`${sentence(command.description())}\n`, usage, table, after(command)].filter(Boolean).join('\n')}`;
}

function argumentName(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function choices({ description, argChoices }: Option): string {
  return argChoices ? `${description}: ${argChoices.join(', ')}` : description;
}

function row(what: string, about: string, standard: unknown): string {
  const usual = standard === undefined || standard === false ? '' : ` (default: ${JSON.stringify(standard)})`;
  return `| \`${what}\` | ${`${about}${usual}`.replaceAll('|', '\\|')} |\n`;
}

/** Examples and what else its help says after the options, as it is shown there. */
function after(command: Command): string {
  let text = '';
  // Its types do not say that it is one.
  (command as unknown as EventEmitter).emit('afterHelp', {
    error: false,
    command,
    write: (more: string) => {
      text += more;
    },
  });
  const lines = text.trim().split('\n');
  if (lines[0] === '') return '';
  return `${lines
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')
    .trimEnd()}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
