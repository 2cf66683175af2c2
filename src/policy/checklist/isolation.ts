import type { Configuration, Listener, Trunk } from '#policy/configuration';
import { nodesOf } from '#policy/nodes';
import { byHand, done, missing, notApplicable, ofEach, type Rule } from './item.ts';
import { waysTo } from './of-trunks.ts';

const noTunnel = 'no trunk goes through a VPN';

/** What is outside reaches us by its own segment, and of us what trunks need. */
export const isolationRules: readonly Rule[] = [
  {
    id: 'segments',
    part: 'Connection',
    what: 'Each connection through a VPN has a VLAN and an address of its own',
    look: (configuration) => {
      const all = tunnelled(configuration);
      return ofEach(all, { none: noTunnel, well: 'each has' }, (trunk) => segmentFault(trunk, all, configuration));
    },
  },
  {
    id: 'isolation',
    part: 'Connection',
    what: 'From the router of a VPN only we can be reached',
    look: (configuration) =>
      tunnelled(configuration).length === 0
        ? notApplicable(noTunnel)
        : byHand(
            'its router has to see to it',
            'Load there what `tandem firewall FILE --router TRUNK` writes: no broadcast or multicast to the VLAN, and nothing to anybody but us.',
          ),
  },
  {
    id: 'open-outside',
    part: 'Connection',
    what: 'Outside nothing is open but what trunks need',
    look: (configuration) => {
      const outer = configuration.listeners.filter(({ side }) => side !== 'internal');
      if (outer.length === 0) return notApplicable('no listener is for outside');
      const todo = [
        ...outer.flatMap((one) => openFault(one, configuration) ?? []),
        ...(isAnywhere(configuration.media.external.bind)
          ? ['media: bind `media.external` to an address of its own: its ports are open on every interface']
          : []),
      ];
      return todo.length === 0
        ? done('each listener is at one address, for its trunks')
        : missing(`${todo.length}`, ...todo);
    },
  },
];

function tunnelled({ trunks }: Configuration): readonly Trunk[] {
  return trunks.filter(({ connection }) => connection?.vpn);
}

function segmentFault(trunk: Trunk, all: readonly Trunk[], configuration: Configuration): string | undefined {
  const vlan = trunk.connection?.vlan;
  if (vlan === undefined) return 'say which VLAN leads to its router: `connection: { vpn: true, vlan: 101 }`';
  const ways = waysTo(trunk, configuration);
  // Several trunks to one peer go through one tunnel; VLANs are a site's.
  const others = all.filter((one) => one !== trunk && !samePeer(one, trunk) && isSamePlace(one, trunk, configuration));
  const sharing = others.find((one) => one.connection?.vlan === vlan);
  if (sharing) return `"${sharing.name}" has VLAN ${vlan}, too: give each connection one of its own`;
  for (const other of others) {
    const shared = ways.find(({ bind }) => waysTo(other, configuration).some((way) => way.bind.host === bind.host));
    if (shared)
      return `it is reached at ${shared.bind.host}, as is "${other.name}" of another VLAN: give it a listener at an address of its own, and name that in \`listeners\``;
  }
  return undefined;
}

function samePeer(one: Trunk, other: Trunk): boolean {
  return one.addresses.some(({ host }) => other.addresses.some((address) => address.host === host));
}

function isSamePlace(one: Trunk, other: Trunk, configuration: Configuration): boolean {
  const { nodes = [] } = configuration;
  if (nodes.length === 0) return true;
  const ends = nodesOf(configuration, one);
  return nodesOf(configuration, other).some((node) => ends.includes(node));
}

function openFault(listener: Listener, configuration: Configuration): string | undefined {
  const { id, bind } = listener;
  if (isAnywhere(bind.host)) return `${id}: bind it to one address: it is open on every interface`;
  const { registrar, trunks } = configuration;
  // People register from outside as well.
  if (registrar || trunks.some((trunk) => waysTo(trunk, configuration).some(({ name }) => name === listener.name)))
    return undefined;
  return `${id}: no trunk speaks by it: leave it out`;
}

const isAnywhere = (host: string) => host === '0.0.0.0' || host === '::';
