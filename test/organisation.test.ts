import { describe, expect, test } from 'vitest';
import { atNode, type Configuration, type RoutePlan, Router } from '#engine/ports';
import { formatProblems, loadConfiguration } from '#shell/config';

// Networks of gateways, PBXs and several of us, from the file to where a call goes.

function read(text: string): Configuration {
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

/** "pbx", or "user uma": where it goes. */
function goes({ user, trunks, refuse }: RoutePlan): string {
  if (user) return `user ${user.name}`;
  return trunks.map(({ trunk }) => trunk.name).join(', ') || `refused ${refuse ?? 404}`;
}

describe('people move from a PBX, department by department', () => {
  const file = (users: string) => `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
trunks:
  # It has the lines to the telephone network, and hands on what is for who has moved.
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
registrar: { domains: acme.example }
policies:
  - { name: global, usages: all }
routes:
  - { name: by-the-pbx, usages: all, called: { prefix: "+" }, to: pbx }
users:
  - { name: vera, line: "+493023125101", password: correct-horse-battery }
${users}media: { ports: 20000-20099 }
`;
  const before = new Router(read(file('')));
  const after = new Router(read(file('  - { name: uma, line: "+493023125100", password: correct-horse-battery }\n')));
  const uma = '+493023125100';
  const outside = '+442079460123';
  const call = (router: Router, source: string, called: string, caller?: string) =>
    goes(router.plan({ source, called, ...(caller !== undefined && { caller }) }));

  test('before she moves, her number is one of the PBX', () => {
    expect(call(before, 'vera', uma)).toBe('pbx');
    // What comes from the PBX for her is for nobody here, and does not go back.
    expect(call(before, 'pbx', uma, outside)).toBe('refused 403');
  });

  test.each([
    ['from the PBX to her', 'pbx', uma, '+493023125200', 'user uma'],
    ['from her to the PBX', 'uma', '+493023125200', undefined, 'pbx'],
    ['from outside to her', 'pbx', uma, outside, 'user uma'],
    ['from her to outside', 'uma', outside, undefined, 'pbx'],
  ])('after it she keeps it: %s', (_way, source, called, caller, expected) => {
    expect(call(after, source, called, caller)).toBe(expected);
  });

  test('those who have moved call each other without it', () => {
    expect(call(after, 'vera', uma)).toBe('user uma');
    expect(call(after, 'uma', '+493023125101')).toBe('user vera');
  });
});

describe('gateways of each site, and of one for all', () => {
  const house = (trunks: string, routes: string) => `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
sites: [{ name: redmond }, { name: dallas }]
trunks:
${trunks}registrar: { domains: acme.example }
policies:
  - { name: global, usages: all }
routes:
${routes}users:
  - { name: ann, line: "+14255550101", site: redmond, password: correct-horse-battery }
  - { name: bob, line: "+12145550101", site: dallas, password: correct-horse-battery }
media: { ports: 20000-20099 }
`;
  const ask = (router: Router, source: string, called: string) => goes(router.plan({ source, called }));

  test('distributed: a call leaves where its number is near, by another site when that is dead; people of two sites stay inside', () => {
    const router = new Router(
      read(
        house(
          `  - { name: gateway-redmond, kind: pstn-gateway, addresses: 10.0.0.30, site: redmond }
  - { name: gateway-dallas, kind: pstn-gateway, addresses: 10.0.1.30, site: dallas }
`,
          `  - { name: near-redmond, usages: all, called: { prefix: "+1425" }, to: [gateway-redmond, gateway-dallas] }
  - { name: near-dallas, usages: all, called: { prefix: "+1214" }, to: [gateway-dallas, gateway-redmond] }
  - { name: of-redmond, usages: all, called: { prefix: "+" }, sites: redmond, to: [gateway-redmond, gateway-dallas] }
  - { name: of-dallas, usages: all, called: { prefix: "+" }, sites: dallas, to: [gateway-dallas, gateway-redmond] }
`,
        ),
      ),
    );
    for (const caller of ['ann', 'bob']) {
      expect(ask(router, caller, '+14255559999')).toMatch(/^gateway-redmond, gateway-dallas/);
      expect(ask(router, caller, '+12145559999')).toMatch(/^gateway-dallas, gateway-redmond/);
    }
    expect(ask(router, 'ann', '+4930123456')).toBe('gateway-redmond, gateway-dallas');
    expect(ask(router, 'bob', '+4930123456')).toBe('gateway-dallas, gateway-redmond');
    expect(ask(router, 'ann', '+12145550101')).toBe('user bob');
  });

  test('central: large gateways take all calls of the carrier; who is ours is called inside, the rest leave by the least busy', () => {
    const router = new Router(
      read(
        house(
          `  - { name: large-1, kind: pstn-gateway, addresses: 10.0.0.30, site: redmond, usages: [] }
  - { name: large-2, kind: pstn-gateway, addresses: 10.0.0.31, site: redmond, usages: [] }
groups:
  - { name: large, trunks: [large-1, large-2], choice: least-busy }
`,
          `  - { name: outside, usages: all, called: { prefix: "+" }, to: large }
`,
        ),
      ),
    );
    for (const gateway of ['large-1', 'large-2']) {
      expect(ask(router, gateway, '+12145550101')).toBe('user bob');
      // Nobody from outside calls outside at our cost.
      expect(ask(router, gateway, '+4930123456')).toMatch(/^refused/);
    }
    expect(ask(router, 'bob', '+4930123456').split(', ').sort()).toEqual(['large-1', 'large-2']);
    expect(ask(router, 'bob', '+14255550101')).toBe('user ann');
  });
});

describe('two of us, two peers: a trunk for each pair, and a second one between two', () => {
  const pairs = [
    ['a-one', 'a-wan', '198.51.100.1'],
    ['a-two', 'a-wan', '198.51.100.2'],
    ['b-one', 'b-wan', '198.51.100.1'],
    ['b-two', 'b-wan', '198.51.100.2'],
    ['a-one-again', 'a-wan-2', '198.51.100.1'],
  ] as const;
  const configuration = read(`listeners:
  - { name: a-lan, side: internal, bind: 10.0.0.1 }
  - { name: b-lan, side: internal, bind: 10.0.0.2 }
  - { name: a-wan, side: external, bind: 192.0.2.1 }
  - { name: a-wan-2, side: external, bind: 192.0.2.1:5080 }
  - { name: b-wan, side: external, bind: 192.0.2.2 }
nodes:
  - { name: a, listeners: [a-lan, a-wan, a-wan-2] }
  - { name: b, listeners: [b-lan, b-wan] }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, listeners: [a-lan, b-lan] }
${pairs.map(([name, listener, host]) => `  - { name: ${name}, kind: itsp, addresses: ${host}, listeners: ${listener} }\n`).join('')}routes:
${pairs.map(([name], at) => `  - { name: to-${name}, from: pbx, called: { prefix: "+${at + 1}" }, to: ${name} }\n`).join('')}  - { name: in, to: pbx }
media: { ports: 20000-20099 }
`);

  test.each(pairs)(
    '%s is used by both: where it ends by itself, elsewhere by way of that node',
    (name, listener, host) => {
      const end = listener.slice(0, 1);
      for (const own of ['a', 'b']) {
        const seen = atNode(configuration, own)!;
        const number = `+${pairs.findIndex((pair) => pair[0] === name) + 1}555`;
        const [first] = new Router(seen).plan({ source: 'pbx', called: number }).trunks;
        expect(first?.trunk.name).toBe(name);
        const [address] = first!.trunk.addresses;
        if (own === end) {
          expect(address?.host).toBe(host);
          expect(first!.trunk.listeners).toEqual([listener]);
        } else {
          expect(address?.host).toBe(end === 'a' ? '10.0.0.1' : '10.0.0.2');
          expect(first!.trunk.by).toEqual({ nodes: [end], trunk: name });
        }
      }
    },
  );

  test('each has a call that comes by it go in', () => {
    for (const [name, listener] of pairs)
      expect(
        goes(new Router(atNode(configuration, listener.slice(0, 1))!).plan({ source: name, called: '+4930123' })),
      ).toMatch(/^pbx/);
  });
});
