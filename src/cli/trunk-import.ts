import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ImportOptions } from './import-trunk.ts';

const help = `
URL is the provider's domain, https://ssp.example, where WebFinger tells the rest; or the document itself,
https://caps.ssp.example/capdoc. Beside the trunk goes a profile, which the trunk is checked against from then on.

Examples:
  tandem trunk import https://ssp.example --client-id acme --client-secret-file secret --into tandem.yaml
  tandem trunk import https://caps.ssp.example/capdoc --trunkid 17 --token-file token > trunk.yaml`;

/** Adds `tandem trunk import`: RFC 10006. */
export function registerImport(trunk: Command): void {
  trunk
    .command('import')
    .description("make a trunk from a provider's capability set (RFC 10006)")
    .argument('<url>', "the provider's domain, or its capability set", url)
    .option('--trunkid <id>', 'which trunk, where the provider has several for us')
    .option('--name <name>', "what to call the trunk; the URL's host unless given")
    .option('--into <file>', 'put it into this configuration; on standard output unless given')
    .addOption(
      new Option('--transport <transport>', 'the way to go; the safest unless given').choices(['udp', 'tcp', 'tls']),
    )
    .option('--client-id <id>', 'who we are to its authorization server (OAuth 2.0)')
    .option('--client-secret-file <file>', 'the file with the secret of that')
    .addOption(new Option('--token-file <file>', 'the file with a token that is there already').conflicts('clientId'))
    .option('--scope <scope>', 'the scope to ask a token for')
    .option('--issuer <url>', 'the authorization server; found by WebFinger, else the host of the document', url)
    .option('--token-endpoint <url>', 'where tokens are to be had, without looking it up', url)
    .option('--ca-file <file>', "PEM: the root that the servers' certificates come from, where no public one is")
    .option('--allow-host <host...>', 'another host that the servers may send us on to')
    .option('--force', 'replace a trunk of this name, and files that are there')
    .option('--insecure-http', 'take http: URLs; for a test host only')
    .addHelpText('after', help)
    .action(async (from: URL, options: ImportOptions) => {
      const { importTrunk } = await import('./import-trunk.ts');
      process.exitCode = await importTrunk(from, options, { stdout: process.stdout, stderr: process.stderr });
    });
}

function url(text: string): URL {
  const parsed = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new InvalidArgumentError('It is a URL such as https://ssp.example.');
  return parsed;
}
