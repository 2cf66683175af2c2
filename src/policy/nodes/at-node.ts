import type { Configuration, HealthConfiguration, Listener, Node, Trunk, TrunkTls } from '#policy/configuration';
import { isJoined } from '#policy/trunks';

/** Ms that a node has to say that it lives. */
const usualHeartbeat = 2_000;
/** Ms for the 100 of a node: what is cut shall not cost a caller what a trunk may take. */
const tryingWithin = 2_000;
/**
 * Ms of a session between nodes (RFC 4028), the least that is allowed: of a call by way of a link that is cut each half still hears
 * its own party, so that no silence tells; neither may hold a line for longer.
 */
const session = 90_000;
/** Ms beyond what a trunk has for its set-up: the node that it ends at is to give up first, and try what it has besides. */
const setupGrace = 2_000;

/** What the trunk is called that stands for a node: no trunk of a file has such a name. */
export function nodeTrunkName(node: string): string {
  return `node:${node}`;
}

/** The same of a trunk by way of the rest of the pool. */
function poolTrunkName(trunk: string): string {
  return `${trunk}@pool`;
}

/**
 * The organisation as one of its nodes sees it: its own listeners; the trunks that are joined to one of them; those that end at
 * other nodes, reached by way of these under their own names, so that routes say where calls go and never through whom; and
 * the other nodes. Undefined when there is no such node.
 */
export function atNode(configuration: Configuration, name: string): Configuration | undefined {
  const { nodes = [], trunks } = configuration;
  const own = nodes.find((node) => node.name === name);
  if (!own) return undefined;
  const others = nodes.filter((node) => node !== own);
  const listeners = configuration.listeners.filter((one) => own.listeners.includes(one.name));
  const link = linkOf(own, configuration.listeners);
  const mates = matesOf(configuration, own);
  const seen: Trunk[] = [];
  for (const trunk of trunks) {
    const ends = nodesOf(configuration, trunk);
    if (ends.includes(own)) {
      // What cannot be carried from here another member of the pool may carry.
      const along = ends.filter((node) => mates.includes(node));
      const pool = poolTrunkName(trunk.name);
      const its = ends.length > 1 ? { ...trunk, capacity: shareOf(trunk, ends.indexOf(own), ends.length) } : trunk;
      seen.push(along.length > 0 ? { ...its, pool } : its);
      if (along.length > 0) seen.push({ ...standIn(trunk, along, link, configuration), name: pool });
    } else if (ends.length > 0) seen.push(standIn(trunk, ends, link, configuration));
  }
  seen.push(...others.map((node) => nodeTrunk(node, link, configuration)));
  return {
    ...configuration,
    node: name,
    listeners,
    trunks: seen,
    ...(own.media && { media: { ...configuration.media, ...own.media } }),
    ...(configuration.management && { management: { ...configuration.management, ...own.management } }),
    ...(own.records === undefined ? {} : { records: { ...configuration.records, path: own.records } }),
  };
}

/** The nodes that a trunk ends at: those with a listener that it is joined to; at its site, where there are any and it names no listener. */
export function nodesOf({ nodes = [], listeners }: Configuration, trunk: Trunk): readonly Node[] {
  const joined = nodes.filter((node) =>
    listeners.some((one) => node.listeners.includes(one.name) && isJoined(trunk, one)),
  );
  if (trunk.listeners || trunk.site === undefined) return joined;
  const there = joined.filter(({ site }) => site === trunk.site);
  return there.length > 0 ? there : joined;
}

/**
 * What one of several nodes may use of a trunk that they share, so that all together never use more than there is: equal parts,
 * the first ones one more. What is beyond its part another node of its pool carries within that one's.
 */
export function shareOf({ capacity }: Pick<Trunk, 'capacity'>, at: number, nodes: number): Trunk['capacity'] {
  const part = (whole: number) => Math.floor(whole / nodes) + (at < whole % nodes ? 1 : 0);
  const { calls, callsPerSecond } = capacity;
  return {
    ...capacity,
    ...(calls !== undefined && { calls: part(calls) }),
    // A rate of none would let nobody begin.
    ...(callsPerSecond !== undefined && { callsPerSecond: Math.max(1, part(callsPerSecond)) }),
  };
}

/** The other members of a node's pool. */
function matesOf({ nodes = [], pools = [] }: Configuration, own: Node): readonly Node[] {
  const pool = pools.find((one) => one.nodes.includes(own.name));
  return nodes.filter((node) => node !== own && pool?.nodes.includes(node.name));
}

/** Where other nodes reach a node. */
function linkOf({ link }: Node, listeners: readonly Listener[]): Listener {
  return listeners.find((one) => one.id === link)!;
}

/** A node, as the others see it: what comes from it is believed, since it was let in there. */
function nodeTrunk(node: Node, own: Listener, configuration: Configuration): Trunk {
  const { transport, advertise } = linkOf(node, configuration.listeners);
  return {
    ...between([node], own, transport),
    // Where there is a certificate an address proves nothing.
    ...(transport === 'tls' && { certificateNames: certificateNamesOf([node]) }),
    passes: passesOf(configuration),
    name: nodeTrunkName(node.name),
    ...(node.site === undefined ? {} : { site: node.site }),
    node: node.name,
    transport,
    addresses: [{ ...advertise, matchPort: true }],
    health: heartbeatOf(node),
  };
}

/** What passes anywhere passes between nodes: each looks whether it is let where it ends. */
function passesOf({ trunks, registrar, users = [] }: Configuration): readonly string[] {
  const passing = [registrar, ...trunks, ...users].flatMap((one) => one?.passes ?? []);
  const methods = passing.map((one) => one.split('/', 1)[0]!);
  return [...new Set(registrar ? ['SUBSCRIBE', ...methods] : methods)];
}

/** A trunk that ends at other nodes. */
function standIn(trunk: Trunk, ends: readonly Node[], own: Listener, { listeners }: Configuration): Trunk {
  const { name, kind, description, site, localOnly, mobile, rates, emergency, passes } = trunk;
  const first = ends[0]!;
  const { transport } = linkOf(first, listeners);
  // One transport leads to all that speak it; the nodes of a pool are the same.
  const reached = ends.filter((node) => linkOf(node, listeners).transport === transport);
  return {
    ...between(reached, own, transport),
    name,
    kind,
    by: { nodes: reached.map((node) => node.name), trunk: name },
    transport,
    addresses: reached.map((node) => ({ ...linkOf(node, listeners).advertise, matchPort: true })),
    setupTimeout: trunk.setupTimeout + setupGrace,
    trying: tryingWithin,
    ringTimeout: trunk.ringTimeout,
    ...(description === undefined ? {} : { description }),
    ...(site === undefined ? {} : { site }),
    ...(localOnly === undefined ? {} : { localOnly }),
    ...(mobile === undefined ? {} : { mobile }),
    ...(rates && { rates }),
    ...(passes && { passes }),
    ...(emergency && { emergency: 'location' as const }),
  };
}

/** What all have in common that leads from node to node. */
function between(reached: readonly Node[], own: Listener, transport: Listener['transport']) {
  return {
    kind: 'ip-pbx' as const,
    side: own.side === 'external' ? ('external' as const) : ('internal' as const),
    listeners: [own.name],
    ...(transport === 'tls' && { tls: tlsTo(reached) }),
    callerIdentity: {
      trusted: true,
      header: 'p-asserted-identity' as const,
      history: 'history-info' as const,
      privacy: 'header' as const,
    },
    transfer: { redirect: 'local' as const, refer: 'local' as const },
    sessionTimer: {
      mode: 'offer' as const,
      expires: session,
      minimum: session,
      refresher: 'either' as const,
      method: 'update' as const,
    },
    capacity: {},
    setupTimeout: 10_000,
    ringTimeout: 180_000,
  };
}

/** Any of them may answer; those of one pool are known by the same roots. */
function tlsTo(reached: readonly Node[]): TrunkTls {
  return {
    trust: reached[0]?.trust ?? { system: true, files: [] },
    names: certificateNamesOf(reached),
    wildcards: false,
    minVersion: 'TLSv1.2',
    renewal: 0,
  };
}

function certificateNamesOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap(({ certificateName }) => certificateName ?? []);
}

function heartbeatOf({ heartbeat = usualHeartbeat }: Node): HealthConfiguration {
  return { interval: heartbeat, misses: 2, successes: 1, failedCalls: 0, patience: heartbeat, answers: true };
}
