import { type Command, InvalidArgumentError, Option } from 'commander';
import type { InitOptions } from './init.ts';

const help = `
Examples:
  tandem init                     asks, writes tandem.yaml, checks it, and offers to start it and to call somebody
  tandem init sbc.yaml --profile generic-udp-register
  tandem init --yes --profile generic-udp-register --provider sip.example.com --user 4930123 \\
      --password-file ./itsp.password --pbx 10.0.0.20 --bind 10.0.0.5

When the test fails it says why and what to do, asks what shall be changed, and tries again.
Without a terminal nothing is asked: what is not said then is named.`;

/** Adds `tandem init`. */
export function register(program: Command): void {
  program
    .command('init')
    .description('write a first configuration: from a provider to a test call that is heard')
    .argument('[file]', 'where to', 'tandem.yaml')
    .option('--profile <name>', "the provider's profile (docs/profiles.md)")
    .option('--name <name>', 'what the trunk is called')
    .option('--provider <host>', 'its domain or address; several with commas between')
    .option('--proxy <host>', 'its outbound proxy, if it gave you one')
    .addOption(new Option('--transport <transport>', 'the way to it').choices(['udp', 'tcp', 'tls']))
    .option('--user <name>', 'the account')
    .option('--password-file <file>', 'the file with its password')
    .option('--bind <address>', 'the address of this machine')
    .option('--port <port>', 'its port (default: 5060, and 5061 for TLS)', port)
    .option('--advertise <address>', 'under which others reach it, where a NAT is between')
    .option('--pbx <host>', 'where the PBX is')
    .option('--numbers <start>', 'how the numbers begin that the provider sends')
    .option('--certificate <file>', 'ours for TLS, PEM (default: one of our own is made)')
    .option('--key <file>', 'its key, PEM')
    .option('--trust <file>', "the root of the provider's certificate, PEM, beside those of this machine")
    .option('--certificate-name <name>', 'the name in its certificate, where it is found by another')
    .option('--force', 'replace the file that is there')
    .option('--yes', 'ask nothing')
    .option('--start', 'start it')
    .option('--test <number>', 'start it and call this number over the trunk')
    .addHelpText('after', help)
    .action(async (file: string, options: InitOptions) => {
      const { init } = await import('./init.ts');
      const asks = !options.yes && process.stdin.isTTY && process.stdout.isTTY;
      process.exitCode = await init(file, options, asks ? { input: process.stdin, output: process.stdout } : undefined);
    });
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new InvalidArgumentError('It is from 1 to 65535.');
  return number;
}
