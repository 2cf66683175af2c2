import { type Command, InvalidArgumentError, Option } from 'commander';
import { timeOf } from '../cdr-text.ts';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { InviteOptions, SetOptions, TokenOptions } from './acts.ts';
import type { AuditExportOptions, AuditOptions } from './audit.ts';

const accountHelp = `
Examples:
  tandem account invite ann --role administrator     print a link at which ann chooses her password
  tandem account set otto --role operator --site berlin
  tandem account set otto --disable                  he is out at once

On the machine itself, by who runs the program, it needs no account: nobody can be locked out for good. docs/management.md says more.`;

const tokenHelp = `
Examples:
  tandem token create prometheus --role viewer > token
  tandem status --url https://sbc.example --token-file token`;

const auditHelp = `
Examples:
  tandem audit list --since 1d --who ann     what ann changed since yesterday
  tandem audit verify                        is all as it was written? Status 1 where it is not
  tandem audit export > audit.ndjson         keep it elsewhere, and look at it there:
  tandem audit verify audit.ndjson`;

const roles = ['viewer', 'operator', 'administrator'] as const;
const acts = () => import('./acts.ts');

/** Adds `tandem account`, `tandem token` and `tandem audit`. */
export function register(program: Command): void {
  const account = program
    .command('account')
    .description('who may sign in, and what each may do')
    .addHelpText('after', accountHelp);
  const token = program
    .command('token')
    .description('what programs prove themselves by')
    .addHelpText('after', tokenHelp);
  const audit = program.command('audit').description('who changed what').addHelpText('after', auditHelp);
  const add = (to: Command, name: string, description: string) =>
    outputOption(remoteOptions(to.command(name))).description(description);

  add(account, 'list', 'all of them').action(async (options) => (await acts()).accounts(options));
  rights(add(account, 'invite', 'make an account, or another link for one, and print the link'))
    .argument('<name>', 'what he signs in by')
    .action(async (name: string, options: InviteOptions) => (await acts()).invite(name, options));
  rights(add(account, 'set', 'change what somebody may do, at once'))
    .argument('<name>')
    .option('--all-sites', 'he has all sites')
    .addOption(new Option('--disable', 'he may not sign in, and is out').conflicts('enable'))
    .option('--enable', 'he may sign in again')
    .action(async (name: string, options: SetOptions) => (await acts()).set(name, options));
  add(account, 'reset-totp', 'let somebody who has lost his telephone sign in by his password alone')
    .argument('<name>')
    .action(async (name: string, options) => (await acts()).resetTotp(name, options));
  add(account, 'remove', 'remove somebody, with his sessions and tokens')
    .argument('<name>')
    .action(async (name: string, options) => (await acts()).remove(name, options));

  add(token, 'list', 'all of them; of who is no administrator his own').action(async (options) =>
    (await acts()).tokens(options),
  );
  rights(add(token, 'create', 'make one, and print its secret, which is told once'))
    .argument('<name>', 'what it is for')
    .option('--hours <n>', 'how long it holds (default: 90 days)', hours)
    .action(async (name: string, options: TokenOptions) => (await acts()).createToken(name, options));
  add(token, 'revoke', 'have one be worth nothing, at once')
    .argument('<id>', 'as `token list` has it')
    .action(async (id: string, options) => (await acts()).revoke(id, options));

  add(audit, 'list', 'what was changed, the newest first')
    .option('--who <name>', 'by this account, or account/token')
    .option('--contains <text>', 'where the route or the path holds this: configuration, trunks/itsp')
    .option('--since <time>', 'then or later: 90s, 15m, 1h, 7d ago, or 2026-11-23T08:00', time)
    .option('--until <time>', 'before then', time)
    .option('--limit <n>', 'how many', limit, 50)
    .action(async (options: AuditOptions) => (await import('./audit.ts')).auditList(options));
  add(audit, 'verify', 'look whether every row is as it was written: of the program, or of a file that `export` made')
    .argument('[file]', 'one that `audit export` made; no program is asked')
    .action(async (file: string | undefined, options) => {
      const { auditVerify, fileVerify } = await import('./audit.ts');
      process.exitCode = file === undefined ? await auditVerify(options) : await fileVerify(file, options);
    });
  remoteOptions(audit.command('export'))
    .description('all rows, the oldest first, one JSON object a line, to standard output')
    .option('--since <time>', 'then or later: 90s, 15m, 1h, 7d ago, or 2026-11-23T08:00', time)
    .option('--until <time>', 'before then', time)
    .action(async (options: AuditExportOptions) => (await import('./audit.ts')).auditExport(options));
}

function rights(command: Command): Command {
  return command
    .addOption(new Option('--role <role>', 'what it may do').choices(roles))
    .option('--site <name...>', 'the sites that it sees and changes; all unless given');
}

function time(text: string): number {
  const found = timeOf(text, Date.now());
  if (found === undefined) throw new InvalidArgumentError('It is a time ago (90s, 15m, 7d), a day or a time.');
  return found;
}

const limit = numberUpTo(500);
const hours = numberUpTo(87_600);

function numberUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > most) throw new InvalidArgumentError(`It is a number from 1 to ${most}.`);
    return value;
  };
}
