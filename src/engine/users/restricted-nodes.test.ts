import { describe, expect, test } from 'vitest';
import type { Configuration, Site, User } from '#policy/configuration';
import { statuses } from '../desk.testing.ts';
import { Net, office, where } from '../nodes.testing.ts';
import { of, register } from './at-nodes.testing.ts';

/** Calls by restricted trunks, for bob, who belongs to Seattle and registers at its node, dub-2 (docs/location.md). */

const nodesAre = { network: { host: '10.1.0.0', bits: 28 } };
const phonesAre = { network: { host: '10.1.0.48', bits: 28 } };
const box = '+18005550199';

interface World {
  /** Where his phone is, and where the nodes are. */
  readonly phone: string;
  readonly nodes: string;
  readonly restricted?: string;
  readonly forward?: User['forward'];
}

function organisation({ phone, nodes, restricted, forward }: World): Configuration {
  return {
    ...of,
    sites: of.sites!.map(
      (one): Site => ({
        ...one,
        subnets: [...(one.name === phone ? [phonesAre] : []), ...(one.name === nodes ? [nodesAre] : [])],
      }),
    ),
    trunks: [...of.trunks.map((one) => (one.name === restricted ? { ...one, localOnly: true } : one)), office],
    users: of.users!.map((user) => (user.name === 'bob' && forward ? { ...user, forward } : user)),
    routes: [{ name: 'box', from: [], called: { prefixes: [box] }, to: ['office'] }, ...of.routes],
  };
}

/** His phone is registered. */
function registered(world: World): Net {
  const net = new Net(organisation(world));
  expect(register(net, 'dub-2', 'bob')).toBe(200);
  net.pass(2_000);
  net.out.length = 0;
  return net;
}

/** He is called by way of a trunk of Dublin, whose node nobody told where his devices are, or of Tukwila, whose node knows. */
const fromDublin = (net: Net, more = '') => net.request('dub-1', '203.0.113.1', `sip:+15550101@192.0.1.1${more}`);
const fromTukwila = (net: Net) => net.request('tuk', '203.0.113.2', 'sip:+15550101@192.0.2.1');

const heard = (net: Net, host: string) => statuses(net.out.filter(({ flow }) => flow.remote.host === host));

describe('a call that came by a restricted trunk, for devices at another node', () => {
  test('rings those that are at its site, wherever that node stands (LBR-7)', () => {
    const dublin = registered({ phone: 'dublin', nodes: 'seattle', restricted: 'irish' });
    fromDublin(dublin);
    const invite = dublin.invite()!;
    expect(where(invite)).toBe('dub-2 10.1.0.50 bob');
    expect(invite.octets).not.toContain('came-by');
    const tukwila = registered({ phone: 'tukwila', nodes: 'seattle', restricted: 'american' });
    fromTukwila(tukwila);
    expect(where(tukwila.invite())).toBe('dub-2 10.1.0.50 bob');
  });

  test('rings none that is elsewhere, though that node is at its site: the caller is refused', () => {
    const tukwila = registered({ phone: 'seattle', nodes: 'tukwila', restricted: 'american' });
    fromTukwila(tukwila);
    expect(heard(tukwila, '203.0.113.2')).toEqual([100, 403]);
    expect(tukwila.invite()).toBeUndefined();
    // Whose node knows of no devices asks all that may have some: at last there are none.
    const dublin = registered({ phone: 'seattle', nodes: 'dublin', restricted: 'irish' });
    fromDublin(dublin);
    expect(heard(dublin, '203.0.113.1')).toEqual([100, 480]);
    expect(dublin.invite()).toBeUndefined();
  });

  test('and has the voice mail of who was called', () => {
    const forward = { noAnswer: { to: box, after: 10_000 } };
    const dublin = registered({ phone: 'seattle', nodes: 'dublin', restricted: 'irish', forward });
    fromDublin(dublin);
    expect(where(dublin.invite())).toBe(`dub-1 10.1.0.9 ${box}`);
    const tukwila = registered({ phone: 'seattle', nodes: 'tukwila', restricted: 'american', forward });
    fromTukwila(tukwila);
    expect(where(tukwila.invite())).toBe(`dub-1 10.1.0.9 ${box}`);
  });

  test('rings devices at both nodes together, each that is at its site', () => {
    const rung = (phone: string, nodes: string) => {
      const net = registered({ phone, nodes, restricted: 'american' });
      net.cut.add('dub-2');
      net.pass(20_000);
      expect(register(net, 'tuk', 'bob')).toBe(200);
      net.cut.clear();
      net.pass(5_000);
      net.out.length = 0;
      fromTukwila(net);
      return net.out.flatMap((one) => (one.octets.startsWith('INVITE ') ? [where(one)] : [])).toSorted();
    };
    expect(rung('tukwila', 'seattle')).toEqual(['dub-2 10.1.0.50 bob', 'tuk 10.1.0.50 bob']);
    expect(rung('seattle', 'tukwila')).toEqual([]);
  });
});

test('by an open trunk he is reached wherever he is, and what his phone refuses is refused', () => {
  const forward = { noAnswer: { to: box, after: 10_000 } };
  const net = registered({ phone: 'seattle', nodes: 'tukwila', forward });
  fromTukwila(net);
  const invite = net.invite()!;
  expect(where(invite)).toBe('dub-2 10.1.0.50 bob');
  net.respond(invite, 403);
  expect(heard(net, '203.0.113.2')).toEqual([403]);
});

test('who is no node is not heard about where a call came from', () => {
  const net = registered({ phone: 'seattle', nodes: 'tukwila', restricted: 'american' });
  fromDublin(net, ';came-by=american');
  expect(where(net.invite())).toBe('dub-2 10.1.0.50 bob');
});
