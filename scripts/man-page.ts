import type { Command } from 'commander';
import { commandLine } from '../src/cli/command-line.ts';
import { exitMeanings } from '../src/cli/failure.ts';

/** tandem(1), of the commands themselves: each with what it is for. Their options are told by `tandem help COMMAND`, and in cli.md. */
export async function manPage(version: string): Promise<string> {
  const program = await commandLine();
  const parts = [
    `.TH TANDEM 1 "" "tandem ${version}" "User Commands"`,
    '.SH NAME',
    'tandem \\- enterprise SIP trunking system',
    '.SH SYNOPSIS',
    '.B tandem',
    '.I COMMAND',
    '[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]',
    '.SH DESCRIPTION',
    escaped(program.description().split('\n', 1)[0]!),
    '.PP',
    '\\fBtandem help\\fR \\fICOMMAND\\fR tells all about one of them.',
    '.SH COMMANDS',
    ...all(program).flatMap(({ name, usage, about }) => ['.TP', `\\fB${escaped(name)}\\fR ${escaped(usage)}`, about]),
    '.SH EXIT STATUS',
    ...exitMeanings.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, escaped(meaning.replaceAll('`', ''))]),
    '.SH ENVIRONMENT',
    '.TP',
    '.B TANDEM_DATA',
    'The directory of the program that is asked; the package sets /var/lib/tandem.',
    '.TP',
    '.BR TANDEM_URL ", " TANDEM_TOKEN',
    'The program elsewhere that is asked, and the API token by which.',
    '.SH FILES',
    ...files.flatMap(([path, about]) => ['.TP', `.I ${path}`, about]),
    '.SH SEE ALSO',
    '.BR systemctl (1),',
    '.BR journalctl (1)',
  ];
  return `${parts.join('\n')}\n`;
}

const files: readonly (readonly [path: string, about: string])[] = [
  ['/etc/tandem/tandem.yaml', 'The configuration.'],
  ['/etc/tandem/environment', 'Variables that it names.'],
  ['/var/lib/tandem', 'Records, accounts, versions of the configuration.'],
  ['/usr/share/doc/tandem/docs', 'All about it: install.md, configuration.md, cli.md.'],
];

function all(command: Command, path = ''): readonly { name: string; usage: string; about: string }[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help')
    .flatMap((one) => {
      const name = `${path}${one.name()}`;
      if (one.commands.length > 0) return all(one, `${name} `);
      return [{ name, usage: one.usage().replace('[options]', '').trim(), about: escaped(one.description()) }];
    });
}

/** As text for roff: no backslash of its own, hyphens that can be copied, and no line that begins as a request does. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1');
}
