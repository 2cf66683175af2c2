import type { Configuration, Trunk } from '#policy/configuration';
import { nodesOf, shareOf } from '#policy/nodes';
import { done, missing, notApplicable, ofEach, type Rule } from './item.ts';
import { gateways, isLiteral, outside, providers, waysTo } from './of-trunks.ts';

/** Ports that a call takes: RTP and RTCP on either side. */
const portsOfCall = 4;

/** How trunks, listeners and nodes stand to each other. */
export const topologyRules: readonly Rule[] = [
  {
    id: 'mesh',
    part: 'Topology',
    what: 'Each gateway of a peer is joined to each of ours, and asked whether it lives',
    look: (configuration) => {
      const { trunks } = configuration;
      const found = ofEach(trunks, { none: 'there is no trunk', well: '' }, (trunk) => {
        if (waysTo(trunk, configuration).length === 0) return `no listener of its side speaks ${trunk.transport}`;
        return (trunk.health?.interval ?? 0) > 0
          ? undefined
          : 'nobody asks whether it lives: say `health: { interval: 60s }`';
      });
      if (found.state !== 'done') return found;
      const joins = trunks.map((trunk) => {
        const addresses = (trunk.nextHops ?? trunk.addresses).length;
        return { addresses, nodes: configuration.nodes ? nodesOf(configuration, trunk).length : 1 };
      });
      const sum = joins.map(({ addresses, nodes }) => `${addresses} x ${nodes}`).join(' + ');
      const count = joins.reduce((all, { addresses, nodes }) => all + addresses * nodes, 0);
      // Addresses times nodes, while there are few.
      return done(
        `${count} ${count === 1 ? 'connection' : 'connections'}${joins.length > 4 ? '' : `, addresses by nodes: ${sum}`}`,
      );
    },
  },
  {
    id: 'trunk-unique',
    part: 'Topology',
    what: 'No two trunks join the same of ours to the same of theirs',
    look: (configuration) => {
      const seen = new Map<string, string>();
      const named = configuration.trunks.filter(
        (trunk) => !trunk.credentials && !trunk.authenticate && !trunk.registration,
      );
      return ofEach(
        named,
        { none: 'trunks are known by their accounts', well: 'each has a pair of its own' },
        (trunk) => {
          for (const key of pairsOf(trunk, configuration)) {
            const other = seen.get(key);
            if (other !== undefined && other !== trunk.name)
              return `"${other}" has ${key}, too: give one of them a port or an account of its own`;
            seen.set(key, trunk.name);
          }
          return undefined;
        },
      );
    },
  },
  {
    id: 'node-at-trunk',
    part: 'Topology',
    what: 'Where the trunk of a provider ends there is one of ours',
    look: (configuration) => {
      const { nodes = [], trunks } = configuration;
      if (nodes.length === 0) return notApplicable('there is one node, and all trunks end there');
      const placed = trunks.filter(({ kind, site }) => kind === 'itsp' && site !== undefined);
      return ofEach(placed, { none: 'no trunk says at which site it ends', well: 'a node is at each' }, (trunk) => {
        const ways = new Set(waysTo(trunk, configuration).map(({ name }) => name));
        // One that is at no site is wherever its trunks end.
        const there = nodes.some(
          ({ site = trunk.site, listeners }) => site === trunk.site && listeners.some((name) => ways.has(name)),
        );
        return there ? undefined : `put a node at ${trunk.site}, or say at which site it ends`;
      });
    },
  },
  {
    id: 'two-gateways',
    part: 'Topology',
    what: 'There are two gateways, so that one may fail',
    look: (configuration) => {
      const all = gateways(configuration);
      if (all.length === 0) return notApplicable('there are no gateways');
      const count = all.reduce((sum, { addresses }) => sum + addresses.length, 0);
      return count > 1
        ? done(`there are ${count}`)
        : missing('there is one', `${all[0]!.name}: add a second, and a group or a route that takes both`);
    },
  },
  {
    id: 'gateway-served',
    part: 'Topology',
    what: 'Each gateway has one of ours that serves it',
    look: (configuration) =>
      ofEach(
        gateways(configuration),
        { none: 'there are no gateways', well: 'each is joined to a listener' },
        (trunk) =>
          waysTo(trunk, configuration).length > 0 ? undefined : `no listener of its side speaks ${trunk.transport}`,
      ),
  },
  {
    id: 'provider-failover',
    part: 'Topology',
    what: 'When a gateway of the provider is down, calls go on',
    look: (configuration) => {
      const all = providers(configuration);
      if (all.length > 1) return done(`there are ${all.length} trunks to providers`);
      return ofEach(
        all,
        { none: 'no trunk leads to a provider', well: 'it has several addresses, or a name with several' },
        (trunk) => {
          const hops = trunk.nextHops ?? trunk.addresses;
          return hops.length > 1 || hops.some(({ host, matchPort }) => !isLiteral(host) && !matchPort)
            ? undefined
            : 'ask whether it has a second address, or add a second trunk';
        },
      );
    },
  },
  {
    id: 'capacity',
    part: 'Topology',
    what: 'It is known how many calls each trunk carries',
    look: (configuration) =>
      ofEach(outside(configuration), { none: 'no trunk leads outside', well: 'each has a limit' }, ({ capacity }) =>
        capacity.calls === undefined ? 'say how many calls were bought: `capacity: { calls: 30 }`' : undefined,
      ),
  },
  {
    id: 'node-shares',
    part: 'Topology',
    what: 'Nodes that share a trunk have each a part of its limit',
    look: (configuration) => {
      const { nodes = [], trunks } = configuration;
      const shared = trunks
        .filter(({ capacity }) => capacity.calls !== undefined)
        .map((trunk) => ({ trunk, ends: nodesOf(configuration, trunk) }))
        .filter(({ ends }) => nodes.length > 0 && ends.length > 1);
      if (shared.length === 0) return notApplicable('no trunk with a limit ends at several nodes');
      const idle = shared.filter(({ trunk, ends }) => trunk.capacity.calls! < ends.length);
      if (idle.length > 0)
        return missing(
          `${idle.length} of ${shared.length}`,
          ...idle.map(
            ({ trunk: { name, capacity }, ends }) =>
              `${name}: ${capacity.calls} calls for ${ends.length} nodes leave some with none: name the \`listeners\` of fewer nodes`,
          ),
        );
      const parts = shared.slice(0, 4).map(({ trunk, ends }) => {
        const each = ends.map((node, at) => `${node.name} ${shareOf(trunk, at, ends.length).calls}`);
        return `${trunk.name}: ${each.join(', ')}`;
      });
      return done(parts.join('; '));
    },
  },
  {
    id: 'media-ports',
    part: 'Topology',
    what: 'There are media ports for all calls that trunks carry',
    look: (configuration) => {
      const { media } = configuration;
      if (media.mode === 'bypass') return notApplicable('media goes from phone to phone');
      const limited = outside(configuration);
      if (limited.length === 0 || limited.some(({ capacity }) => capacity.calls === undefined))
        return notApplicable('not every trunk says how many calls it carries');
      const calls = limited.reduce((sum, { capacity }) => sum + capacity.calls!, 0);
      const ports = media.ports.max - media.ports.min + 1;
      const needed = calls * portsOfCall;
      const how = `${calls} calls x ${portsOfCall} ports = ${needed}, and there are ${ports}`;
      return needed <= ports
        ? done(how)
        : missing(how, `Give \`media.ports\` ${needed} ports, and open the firewall for them.`);
    },
  },
];

/** "lan/udp to 10.0.0.20:5060", each way that a trunk goes. */
function pairsOf(trunk: Trunk, configuration: Configuration): string[] {
  return waysTo(trunk, configuration).flatMap(({ id }) =>
    trunk.addresses.map(({ host, port }) => `${id} to ${host}:${port}`),
  );
}
