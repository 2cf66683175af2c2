import type { Configuration, Trunk } from '#policy/configuration';

export { waysTo } from '#policy/nodes';

/** Those that lead to the public network. */
export function outside({ trunks }: Configuration): readonly Trunk[] {
  return trunks.filter(({ kind }) => kind !== 'ip-pbx');
}

export function providers({ trunks }: Configuration): readonly Trunk[] {
  return trunks.filter(({ kind }) => kind === 'itsp');
}

export function gateways({ trunks }: Configuration): readonly Trunk[] {
  return trunks.filter(({ kind }) => kind === 'pstn-gateway');
}

export function isEncrypted(trunk: Trunk): boolean {
  return trunk.transport === 'tls' && trunk.srtp?.mode === 'required';
}

/** What is on the way can't be read. */
export function isHidden({ connection }: Trunk): boolean {
  return connection?.tunnel ? connection.tunnel.kind !== 'gre' : (connection?.vpn ?? false);
}

export function isLiteral(host: string): boolean {
  if (host.includes(':')) return true;
  for (const char of host) if (char !== '.' && (char < '0' || char > '9')) return false;
  return true;
}

/** The trunks that a route names, those of its groups with them. */
export function trunksOf(names: readonly string[], { groups = [] }: Configuration): ReadonlySet<string> {
  return new Set(
    names.flatMap((name) => groups.find((group) => group.name === name)?.members.map(({ trunk }) => trunk) ?? [name]),
  );
}
