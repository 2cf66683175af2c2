import type { Configuration, Listener, Network, Trunk } from '#policy/configuration';
import { mediaOf, waysTo } from '#policy/nodes';
import { contains, isJoined, prefixOf } from '#policy/trunks';

/** Ports of ours that must be reached, and by whom. */
export interface Opening {
  /** Of a trunk or a node, or `anybody`: for people. */
  readonly who: string;
  readonly transport: 'udp' | 'tcp';
  /** An address of ours; undefined: every one. */
  readonly host: string | undefined;
  readonly ports: { readonly min: number; readonly max: number };
  /** Undefined: from anywhere, which `because` explains. */
  readonly from?: readonly Network[];
  readonly because?: string;
}

export interface Openings {
  readonly signalling: readonly Opening[];
  readonly media: readonly Opening[];
  /** Addresses that are for outside alone: nothing else of them is to be reached. */
  readonly outside: readonly string[];
}

/**
 * Who has to reach what, as far as a file can tell. Of a configuration for several nodes: as `atNode` makes it. `roaming`: telephones
 * register from outside as well.
 */
export function openingsOf(configuration: Configuration, roaming = false): Openings {
  return {
    signalling: [...signallingOf(configuration, roaming), ...managementOf(configuration), ...healthOf(configuration)],
    media: mediaOpenings(configuration, roaming),
    outside: outsideOf(configuration),
  };
}

/** Networks that requests of a trunk come from; a text where no file can tell. */
export function sourcesOf(trunk: Trunk): readonly Network[] | string {
  if (trunk.authenticate) return 'is known by its password, wherever it is';
  if (trunk.certificateNames) return 'is known by its certificate, wherever it is';
  const literal = trunk.addresses.flatMap(({ host }) => networkOf(host) ?? []);
  const all = [...literal, ...(trunk.networks ?? [])];
  if (literal.length < trunk.addresses.length && !trunk.networks)
    return 'is known by a name, which the DNS may lead anywhere: say its `networks`';
  return widest(all);
}

/** Without those that others have: a firewall that is told a network twice takes neither. */
function widest(networks: readonly Network[]): Network[] {
  const sorted = networks.toSorted((a, b) => a.bits - b.bits);
  const kept: Network[] = [];
  for (const one of sorted) if (!kept.some((other) => contains(prefixOf(other)!, one.host))) kept.push(one);
  return kept;
}

function signallingOf(configuration: Configuration, roaming: boolean): Opening[] {
  const { registrar, trunks } = configuration;
  return configuration.listeners.flatMap((listener) => {
    const at = openingAt(listener);
    if (registrar && (roaming || listener.side !== 'external'))
      return [{ ...at, who: 'anybody', because: 'telephones register, wherever they are' }];
    return trunks.filter((trunk) => comesBy(trunk, listener, configuration)).map((trunk) => of(trunk, at));
  });
}

/** The API, where it is on the network. One at every address is not opened outside without being told: that address has to be named. */
function managementOf({ management }: Configuration): Opening[] {
  if (!management) return [];
  const { listen, tls, behindProxy = [] } = management;
  const { host, port } = listen;
  if (host.startsWith('127.') || host === '::1') return [];
  const at = { transport: 'tcp', host: addressOf(host), ports: { min: port, max: port } } as const;
  if (!tls) return [{ ...at, who: 'proxies of the API', from: widest(behindProxy) }];
  return at.host === undefined ? [] : [{ ...at, who: 'anybody', because: 'who uses the API signs in, wherever he is' }];
}

/** Where it is told how the program is; at every address it is not opened outside without being told, as the API is not. */
function healthOf({ health }: Configuration): Opening[] {
  if (!health) return [];
  const { host, port } = health.listen;
  if (host.startsWith('127.') || host === '::1' || addressOf(host) === undefined) return [];
  const at = { transport: 'tcp', host, ports: { min: port, max: port } } as const;
  return [{ ...at, who: 'anybody', because: 'load balancers ask whether calls are taken' }];
}

/** Any transport of a listener that it is joined to: what it sends does not have to come as what we send does. */
function comesBy(trunk: Trunk, listener: Listener, configuration: Configuration): boolean {
  // What is reached by way of other nodes says nothing itself: these are trunks of their own.
  if (trunk.by) return false;
  const ways = waysTo(trunk, configuration);
  return ways.length === 0 ? isJoined(trunk, listener) : ways.some(({ name }) => name === listener.name);
}

function of(trunk: Trunk, at: Pick<Opening, 'transport' | 'host' | 'ports'>): Opening {
  const from = sourcesOf(trunk);
  return { ...at, who: trunk.name, ...(typeof from === 'string' ? { because: `${trunk.name} ${from}` } : { from }) };
}

function openingAt({ transport, bind }: Listener): Pick<Opening, 'transport' | 'host' | 'ports'> {
  return {
    transport: transport === 'udp' ? 'udp' : 'tcp',
    host: addressOf(bind.host),
    ports: { min: bind.port, max: bind.port },
  };
}

function mediaOpenings(configuration: Configuration, roaming: boolean): Opening[] {
  const { media, registrar, trunks } = configuration;
  if (media.mode === 'bypass') return [];
  const found = new Map<string | undefined, Opening[]>();
  const add = (host: string, opening: Pick<Opening, 'who' | 'from' | 'because'>) => {
    const at = addressOf(host);
    const openings = found.get(at) ?? [];
    found.set(at, openings);
    openings.push({ transport: 'udp', host: at, ports: media.ports, ...opening });
  };
  for (const side of ['internal', 'external'] as const)
    if (registrar && (roaming || side === 'internal'))
      add(media[side].bind, { who: 'anybody', because: 'telephones may be anywhere' });
  for (const trunk of trunks.filter(({ by }) => !by)) {
    const { name, mediaNetworks } = trunk;
    for (const { bind } of mediaOf(trunk, configuration))
      add(bind, {
        who: name,
        ...(mediaNetworks
          ? { from: widest(mediaNetworks) }
          : { because: `of ${name} it is not said where its media comes from: \`media-networks\`` }),
      });
  }
  // One that anybody may reach is open: who else may makes no difference.
  return [...found.values()].flatMap((openings) => openings.find(({ from }) => !from) ?? openings);
}

function outsideOf({ listeners, media }: Configuration): string[] {
  const inner = new Set([
    ...listeners.filter(({ side }) => side !== 'external').map(({ bind }) => bind.host),
    ...(media.mode === 'anchor' ? [media.internal.bind] : []),
  ]);
  const outer = [
    ...listeners.filter(({ side }) => side === 'external').map(({ bind }) => bind.host),
    ...(media.mode === 'anchor' ? [media.external.bind] : []),
  ];
  return [...new Set(outer)].filter((host) => addressOf(host) !== undefined && !inner.has(host));
}

/** A single address as a network; undefined of a name. */
function networkOf(host: string): Network | undefined {
  const network = { host, bits: host.includes(':') ? 128 : 32 };
  return prefixOf(network) && network;
}

const addressOf = (host: string) => (host === '0.0.0.0' || host === '::' ? undefined : host);
