import type { Command } from 'commander';
import { fileOption } from '../output/output.ts';
import type { FirewallOptions } from './run.ts';

const examples = `
Examples:
  tandem firewall tandem.yaml --outside eth1 > tandem.nft && nft -f tandem.nft
  tandem firewall tandem.yaml --node dub-1
  tandem firewall tandem.yaml --router itsp-a --tunnel wg0 --inside vlan101 --outside eth0

Where trunks say their \`networks\` and \`media-networks\`, nobody else gets in. docs/firewall.md says more.`;

/** Adds `tandem firewall`. */
export function register(program: Command): void {
  fileOption(program.command('firewall'))
    .description('write the rules of a firewall (nftables): who may reach what, as the configuration has it')
    .argument('<file>', 'the configuration (YAML)')
    .option('--node <name>', 'the node that this is, where the configuration is for several')
    .option(
      '--outside <interface...>',
      'an interface that leads outside: only what is for its addresses is taken, and nothing is forwarded',
    )
    .option('--roaming', 'telephones register from outside as well')
    .option(
      '--router <trunk>',
      'rules of the router or VPN server where the tunnel of this trunk ends, in place of our own',
    )
    .option('--tunnel <interface>', 'with --router: the end of the tunnel there')
    .option(
      '--inside <interface>',
      'with --router: the VLAN there that leads to us (default: vlan and the number that the trunk has)',
    )
    .addHelpText('after', examples)
    .action(async (file: string, options: FirewallOptions) => {
      const { writeFirewall } = await import('./run.ts');
      writeFirewall(file, options, process.stdout);
    });
}
