import { basename } from 'node:path';
import { type Configuration, openingsOf } from '#engine/ports';
import { formatProblems, readConfiguration } from '#shell/config';
import { exitCodes, Failure } from '../failure.ts';
import { writeOut } from '../output/output.ts';
import { seenFrom } from '../seen-from.ts';
import { hostTable } from './nftables.ts';
import { routerTable } from './router.ts';

export interface FirewallOptions {
  readonly node?: string;
  readonly outside?: readonly string[];
  readonly roaming?: true;
  readonly router?: string;
  readonly tunnel?: string;
  readonly inside?: string;
  readonly file?: string;
}

/** `tandem firewall FILE`. Throws a Failure. */
export function writeFirewall(file: string, options: FirewallOptions, stdout: { write(text: string): unknown }): void {
  const loaded = readConfiguration(file);
  if (!loaded.ok) throw new Failure(`${formatProblems(loaded.problems)}no rules are written`);
  const text = textOf(loaded.configuration, basename(file), options);
  if (options.file === undefined) stdout.write(text);
  else writeOut(options.file, text);
}

function textOf(configuration: Configuration, file: string, options: FirewallOptions): string {
  const { router, outside = [] } = options;
  for (const name of [...outside, options.tunnel, options.inside]) if (name !== undefined) checkInterface(name);
  if (router === undefined) {
    if (options.tunnel !== undefined || options.inside !== undefined)
      throw new Failure('--tunnel and --inside are of a router: say --router TRUNK', exitCodes.usage);
    return hostTable(openingsOf(seenFrom(configuration, options.node), options.roaming), file, outside);
  }
  const trunk = configuration.trunks.find(({ name }) => name === router);
  if (!trunk) throw new Failure(`there is no trunk "${router}"`, exitCodes.usage);
  if (!trunk.connection?.vpn)
    throw new Failure(`"${router}" goes through no tunnel: its \`connection\` says no \`vpn\``);
  const vlan = trunk.connection.vlan;
  const inside = options.inside ?? (vlan === undefined ? undefined : `vlan${vlan}`);
  if (options.tunnel === undefined || inside === undefined)
    throw new Failure(
      `say which interfaces the router has: --tunnel${inside === undefined ? ' and --inside' : ''}`,
      exitCodes.usage,
    );
  if (outside.length > 1) throw new Failure('a tunnel runs by one interface: give --outside once', exitCodes.usage);
  return routerTable(trunk, configuration, file, {
    tunnel: options.tunnel,
    inside,
    ...(outside[0] !== undefined && { outside: outside[0] }),
  });
}

/** As Linux has them (IFNAMSIZ): it stands in quotes. */
function checkInterface(name: string): void {
  if (!/^[A-Za-z0-9_.@-]{1,15}$/.test(name))
    throw new Failure(`"${name.slice(0, 40)}" is not the name of an interface`, exitCodes.usage);
}
