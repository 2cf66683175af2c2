import type { Configuration, Flow, PeerCertificate } from '#engine/ports';

/**
 * Which trunk's code point a stream connection is marked with: that of the one trunk that the peer's certificate proves, else of the trunk
 * that names its address, else of devices: whose connection one is, no one knows before it registers. Undefined: it is not marked.
 */
export function streamMarks({
  trunks,
  registrar,
}: Pick<Configuration, 'trunks' | 'registrar'>): (flow: Flow, peer?: PeerCertificate) => number | undefined {
  const byName = new Map<string, number>();
  const byHost = new Map<string, number>();
  for (const { name, dscp, addresses, nextHops } of trunks) {
    if (!dscp) continue;
    byName.set(name, dscp.signalling);
    for (const { host } of [...addresses, ...(nextHops ?? [])])
      if (!byHost.has(host)) byHost.set(host, dscp.signalling);
  }
  return ({ remote }, peer) => {
    const proved = peer?.trustedBy.length === 1 ? byName.get(peer.trustedBy[0]!) : undefined;
    return proved ?? byHost.get(remote.host) ?? registrar?.dscp?.signalling;
  };
}
