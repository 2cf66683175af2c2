import { isJoined, type Listener } from '#engine/ports';
import { isName } from './addresses.ts';
import type { Context, PlacedListener, PlacedTrunk } from './check-context.ts';
import { suggestion } from './check-references.ts';
import { linkOf } from './compile-nodes.ts';
import { kindOf } from './compile-places.ts';
import { namesIn } from './names.ts';
import type { NodeEntry } from './schema-nodes.ts';

/** Nodes and pools: that each has its part, and the members of a pool the same. */
export function checkNodes(
  context: Context,
  listeners: readonly PlacedListener[],
  trunks: readonly PlacedTrunk[],
): void {
  const { draft, report } = context;
  const nodes = draft.nodes.flatMap((node) => node ?? []);
  if (nodes.length > 0 && !draft.nodes.includes(undefined)) checkParts(context);
  const known = listeners.map(({ it }) => it);
  const complete = listeners.length > 0 && !draft.listeners.includes(undefined);
  let first: { readonly node: NodeEntry; readonly transport: string } | undefined;
  for (const [index, node] of draft.nodes.entries()) {
    if (!node) continue;
    const path = ['nodes', index];
    const link = linkOf(node, known);
    // A listener that is not there is told of as such.
    const all = node.listeners.every((name) => known.some((one) => one.name === name));
    if (!link && complete && all)
      report(
        'TDM-1245',
        node.link === undefined ? path : [...path, 'link'],
        node.link === undefined ? 'none of its listeners is internal.' : `"${node.link}" is none of its listeners.`,
      );
    if (!link) continue;
    checkCertificate(node, link, path, context);
    first ??= { node, transport: link.transport };
    if (link.transport !== first.transport)
      report(
        'TDM-1245',
        path,
        `it speaks ${link.transport} to other nodes, and "${first.node.name}" ${first.transport}.`,
        'Give both listeners the same transports.',
      );
  }
  checkPools(context, listeners, trunks);
  checkBranchTrunks(context, trunks);
}

/** What ends at the nodes of a branch alone is at the branch: its people may use it, and be reached by it, when the centre is gone. */
function checkBranchTrunks({ draft, report }: Context, trunks: readonly PlacedTrunk[]): void {
  const branches = new Set(draft.sites.flatMap((site) => (site && kindOf(site) === 'branch' ? site.name : [])));
  for (const { entry, path } of trunks) {
    const { kind, site, listeners = [], 'local-only': isRestricted } = entry;
    // A provider may have a place of its own, with a link of its own (admission).
    if (site === undefined || listeners.length === 0 || (kind !== 'pstn-gateway' && !isRestricted)) continue;
    const ends = listeners.map((name) => draft.nodes.find((node) => node?.listeners.includes(name))?.site);
    const branch = ends[0];
    if (branch !== undefined && branches.has(branch) && branch !== site && ends.every((end) => end === branch))
      report('TDM-1324', [...path, 'site'], `it ends at the node of "${branch}", and is said to be at "${site}".`);
  }
}

/** What a node says of callers is believed: where it may prove itself it must. */
function checkCertificate(
  node: NodeEntry,
  link: Listener,
  path: readonly (string | number)[],
  { report }: Context,
): void {
  if (link.transport !== 'tls') return;
  if (node['certificate-name'] === undefined && !isName(link.advertise.host))
    report(
      'TDM-1245',
      path,
      `its link "${link.name}" speaks tls at an address, and no name is known that its certificate bears.`,
      'Say it by `certificate-name`, or `advertise` the link by it.',
    );
  if (link.tls?.clientCertificate === 'none')
    report(
      'TDM-1245',
      path,
      `its link "${link.name}" asks no node for a certificate.`,
      'Give that listener `client-certificate: required`.',
    );
}

/** Every listener is some node's, and no other's. */
function checkParts({ draft, tree, report }: Context): void {
  const owners = new Map<string, string>();
  for (const [index, node] of draft.nodes.entries())
    for (const [at, name] of node!.listeners.entries()) {
      const other = owners.get(name);
      if (other !== undefined && other !== node!.name)
        report('TDM-1246', ['nodes', index, 'listeners', at], `"${name}" is of node "${other}".`);
      owners.set(name, node!.name);
    }
  for (const [index, name] of namesIn(tree, 'listeners').entries())
    if (typeof name === 'string' && !owners.has(name)) report('TDM-1246', ['listeners', index], 'it is of no node.');
}

function checkPools(
  { draft, tree, report }: Context,
  listeners: readonly PlacedListener[],
  trunks: readonly PlacedTrunk[],
): void {
  const names = (section: string) => namesIn(tree, section).filter((name) => typeof name === 'string');
  const [nodes, pools] = [names('nodes'), names('pools')];
  const members = new Map<string, string>();
  for (const [index, pool] of draft.pools.entries()) {
    if (!pool) continue;
    const path = ['pools', index];
    for (const [at, name] of pool.nodes.entries()) {
      const other = members.get(name);
      if (!nodes.includes(name))
        report('TDM-1231', [...path, 'nodes', at], `there is no node "${name}".`, suggestion(name, nodes));
      else if (other === pool.name) report('TDM-1213', [...path, 'nodes', at], `"${name}" stands here twice.`);
      else if (other !== undefined) report('TDM-1247', [...path, 'nodes', at], `"${name}" is in pool "${other}".`);
      members.set(name, pool.name);
    }
    const { backup } = pool;
    if (backup !== undefined && ![...nodes, ...pools].includes(backup))
      report(
        'TDM-1231',
        [...path, 'backup'],
        `there is no pool or node "${backup}".`,
        suggestion(backup, [...pools, ...nodes]),
      );
    else if (backup === pool.name || (backup !== undefined && pool.nodes.includes(backup)))
      report('TDM-1247', [...path, 'backup'], 'it is to take its own place.', 'Name a pool at another site.');
    for (const { path: place, it } of trunks) {
      if (!it.listeners) continue;
      const joined = (name: string) => {
        const own = draft.nodes.find((node) => node?.name === name);
        return !own || listeners.some((one) => own.listeners.includes(one.it.name) && isJoined(it, one.it));
      };
      const without = pool.nodes.find((name) => !joined(name));
      if (without !== undefined && pool.nodes.some((name) => joined(name)))
        report('TDM-1247', [...place, 'listeners'], `none is of node "${without}" of pool "${pool.name}".`);
    }
  }
}
