import { type Command, Option } from 'commander';
import { fileOption, outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { InstallOptions, RequestOptions, RollBackOptions, ShowOptions } from './acts.ts';

const help = `
Examples:
  tandem certificate list                                   what is in use, and for how long
  tandem certificate request sbc.example.com > sbc.csr      a key, which stays on the server, and what an authority is sent
  tandem certificate install wan fullchain.pem              put in what it answered; new handshakes show it, calls go on
  tandem certificate install wan fullchain.pem --key-file privkey.pem --dry-run
  tandem certificate install itsp ca.pem --trust            whose certificates are believed on trunk itsp
  tandem certificate rollback wan                           back to the one before

WHICH is a listener, a trunk or "management", as \`certificate list\` has it: wan, "listener wan", "trunk itsp".
docs/how-to/certificates.md has ACME clients, and what a refusal means.`;

const acts = () => import('./acts.ts');

/** Adds `tandem certificate`. */
export function register(program: Command): void {
  const certificate = program
    .command('certificate')
    .description('certificates of TLS: look, ask for one, put it in place, go back')
    .addHelpText('after', help);
  const add = (name: string, description: string) =>
    outputOption(remoteOptions(certificate.command(name))).description(description);

  add('list', 'those in use, what ends first at the top').action(async (options) => (await acts()).list(options));
  whose(add('show', 'one with its chain, as its files are')).action(async (which: string, options: ShowOptions) =>
    (await acts()).show(which, options),
  );
  fileOption(add('request', 'make a key and print a request for a certificate (PKCS #10) for it'))
    .argument('<name...>', 'host names and addresses that it is to bear, the usual one first')
    .addOption(
      new Option('--key <kind>', 'some SIP services, Microsoft Teams among them, want RSA')
        .choices(['rsa-2048', 'rsa-3072', 'ecdsa-p256'])
        .default('rsa-2048'),
    )
    .option('--for <which>', 'what it is meant for, as a note: "listener wan"')
    .option('--organization <name>', 'of the subject')
    .option('--locality <name>', 'of the subject: a town')
    .option('--state <name>', 'of the subject')
    .option('--country <code>', 'of the subject, two letters: DE')
    .action(async (names: string[], options: RequestOptions) => (await acts()).request(names, options));
  add('requests', 'requests that wait for their certificate').action(async (options) =>
    (await acts()).requests(options),
  );
  add('discard', 'remove a request with its key')
    .argument('<id>', 'as `certificate requests` has it')
    .action(async (id: string, options) => (await acts()).discard(id, options));
  whose(add('install', 'look at a certificate, and put it in place of the one there; status 1 where it is refused'))
    .argument('<file>', 'PEM: the certificate with its chain, perhaps its key with it; - for standard input')
    .option('--key-file <file>', 'its private key, PEM; not for a request that was made here')
    .option('--passphrase-file <file>', 'what opens the key')
    .option('--accept <code...>', 'doubts that are meant so, by the code that the refusal names')
    .option('--dry-run', 'say what would be said, and change nothing')
    .option('--keep', 'keep it with the records, where the configuration has no file that can be written')
    .option('--draft', 'with --keep: put the edit of the configuration into your draft')
    .action(async (which: string, file: string, options: InstallOptions) => {
      process.exitCode = await (await acts()).install(which, file, options);
    });
  whose(add('rollback', 'put back what it took the place of'))
    .option('--accept <code...>', 'doubts that are meant so, by the code that the refusal names')
    .action(async (which: string, options: RollBackOptions) => (await acts()).rollBack(which, options));
}

function whose(command: Command): Command {
  return command
    .argument('<which>', 'whose: "listener wan", wan, "trunk itsp", management; or an id')
    .option('--trust', 'the authorities that it trusts, not its own certificate');
}
