import type { Listener, MediaConfiguration, Node, Pool } from '#engine/ports';
import { compileManagementPlace } from './compile-management-place.ts';
import { type MediaPlaces, mediaAddress } from './compile-media.ts';
import type { NodeEntry, PoolEntry } from './schema-nodes.ts';

/** From the nodes of the file to the engine's. */

export function compileNode(entry: NodeEntry, listeners: readonly Listener[], media: MediaPlaces): Node {
  const { name, site, records, heartbeat, trust } = entry;
  const own = listenersOf(entry, listeners);
  const link = linkOf(entry, listeners)!;
  return {
    name,
    ...(site !== undefined && { site }),
    listeners: entry.listeners,
    link: link.id,
    ...mediaOf(entry, own, media),
    ...(records !== undefined && { records }),
    ...(entry.management && { management: compileManagementPlace(entry.management) }),
    heartbeat,
    ...(link.transport === 'tls' && {
      certificateName: entry['certificate-name'] ?? link.advertise.host,
      trust: { system: trust.includes('system'), files: trust.filter((file) => file !== 'system') },
    }),
  };
}

export function compilePool({ name, nodes, backup, takeover }: PoolEntry): Pool {
  return {
    name,
    nodes,
    ...(backup !== undefined && { backup }),
    ...(takeover !== undefined && { takeover }),
  };
}

function listenersOf(entry: NodeEntry, listeners: readonly Listener[]): readonly Listener[] {
  return listeners.filter(({ name }) => entry.listeners.includes(name));
}

/** What it says to other nodes leaves by this, and comes by it: encrypted where that may be, else by a stream. */
export function linkOf(entry: NodeEntry, listeners: readonly Listener[]): Listener | undefined {
  const own = listenersOf(entry, listeners);
  const named = entry.link ?? own.find(({ side }) => side !== 'external')?.name;
  const link = own.filter(({ name }) => name === named);
  const by = (transport: Listener['transport']) => link.find((one) => one.transport === transport);
  return by('tls') ?? by('tcp') ?? by('udp');
}

/** Where its own listeners are, unless the file gives an address for it or for all. */
function mediaOf(entry: NodeEntry, own: readonly Listener[], media: MediaPlaces): Pick<Node, 'media'> {
  const { address, internal, external } = media;
  if (!entry.media && (address !== undefined || internal || external)) return {};
  const said = entry.media ?? {};
  const addressOf = (side: keyof Pick<MediaConfiguration, 'internal' | 'external'>) => mediaAddress(said, side, own);
  return { media: { internal: addressOf('internal'), external: addressOf('external') } };
}
