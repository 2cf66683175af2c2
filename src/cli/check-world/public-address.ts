import { type Configuration, isPublic, type Listener, mediaOf, waysTo } from '#engine/ports';
import { isAddress } from '../sheet-address.ts';
import { failed, passed, type StepOutcome, skipped } from '../trunk-test/report.ts';

/** Names that a listener is known by, and what the DNS says of them. Rejects as node:dns does. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** Whether what we tell peers on the internet as our address is one that they can send to. */
export async function publicAddress(configuration: Configuration, lookUp: LookUp): Promise<StepOutcome> {
  const { trunks, media } = configuration;
  const open = trunks.filter(
    ({ kind, connection }) => kind === 'itsp' && connection?.type === 'internet' && !connection.vpn,
  );
  const tunnels = trunks.flatMap(({ name, connection }) =>
    connection?.tunnel && connection.type === 'internet' ? [{ name, tunnel: connection.tunnel }] : [],
  );
  if (open.length + tunnels.length === 0)
    return skipped('no trunk runs over the internet without a VPN, and of none is it said where its tunnel ends');
  const told = open.flatMap((trunk) => waysTo(trunk, configuration));
  const came: string[] = [];
  const todo: string[] = [];
  const look = async (what: string, host: string, cure: string, unknown = `Put ${host} into the DNS.`) => {
    for (const address of isAddress(host) ? [host] : await addressesOf(host, lookUp)) {
      const reached = address !== undefined && isPublic(address);
      came.push(
        `${what}: ${host}${address === host ? '' : ` is ${address ?? 'not in the DNS'}`}${reached ? '' : address === undefined ? '' : ', which nobody outside can send to'}`,
      );
      if (!reached) todo.push(address === undefined ? unknown : cure);
    }
  };
  for (const one of uniqueBy(told)) await look(`listener ${one.name}`, one.advertise.host, mapped('advertise'));
  if (media.mode === 'anchor')
    for (const [host, side] of new Map(
      open.flatMap((trunk) => mediaOf(trunk, configuration).map(({ advertise }) => [advertise, trunk.side] as const)),
    ))
      await look(`media, ${side}`, host, mapped(`media.${side}.advertise`));
  for (const { name, tunnel } of tunnels) {
    if (tunnel.ours !== undefined)
      await look(`our end of the tunnel of ${name}`, tunnel.ours, mapped('connection.tunnel.ours'));
    if (tunnel.theirs !== undefined)
      await look(
        `the other end of the tunnel of ${name}`,
        tunnel.theirs,
        `Ask the provider of ${name} for the public address of its end of the tunnel.`,
        `Ask the provider of ${name} for the right name of its end of the tunnel, or for its address.`,
      );
  }
  return todo.length === 0
    ? passed('what peers are told is public', { came })
    : failed('peers are told an address that they cannot send to', { came, todo: [...new Set(todo)] });
}

const mapped = (key: string) => `Give the public address that the router maps to us as \`${key}\`.`;

function uniqueBy(listeners: readonly Listener[]): readonly Listener[] {
  return listeners.filter((one, at) => listeners.findIndex(({ name }) => name === one.name) === at);
}

async function addressesOf(name: string, lookUp: LookUp): Promise<readonly (string | undefined)[]> {
  try {
    return await lookUp(name);
  } catch {
    return [undefined];
  }
}
