import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from './check.ts';
import { exitCodes, Failure } from './failure.ts';
import { type RouteTestOptions, routeTest } from './route-test.ts';

const sound = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5, advertise: 198.51.100.5 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - { name: acme, kind: itsp, addresses: 203.0.113.10, numbers: { called: [{ pattern: '\\+(.*)', to: '$1' }] } }
routes:
  - { name: out, from: pbx, called: { prefix: '+' }, to: acme }
  - { name: staff, usages: national, to: acme }
  - { name: in, from: acme, to: pbx }
dial-plans:
  - { name: global, access-prefix: '0', rules: [{ name: city, pattern: '([2-9]\\d{5})', to: '+4930$1' }] }
policies: [{ name: staff, usages: national, features: { transfer: false } }]
users: [{ name: ann, line: '+4930200', policy: staff }]
decisions: { enum: e164.arpa }
`;
const samples = (expected: string) =>
  `${sound}tests:\n  - { name: city, from: pbx, to: '234567', expect: { number: '+4930234567', trunks: ${expected} } }\n`;

const folder = mkdtempSync(join(tmpdir(), 'tandem-question-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'tandem.yaml');

const collected = () => {
  const parts: string[] = [];
  return { write: (part: string) => parts.push(part), text: () => parts.join('') };
};

function asked(options: Partial<RouteTestOptions>, text = sound) {
  writeFileSync(file, text);
  const out = collected();
  const status = routeTest(file, { output: 'table', ...options }, out, collected());
  return { text: out.text(), status };
}
const data = (options: Partial<RouteTestOptions>) => JSON.parse(asked({ ...options, output: 'json' }).text);

describe('a part of what becomes of a call', () => {
  test('a dial plan', () => {
    expect(asked({ dialPlan: 'global', to: '0234567' })).toEqual({
      status: exitCodes.ok,
      text: `  access prefix 0  off: 234567 is left
  city             matches: 234567 is +4930234567

It is +4930234567.
+4930234567 is a fixed line in Germany (DE).
`,
    });
    expect(asked({ dialPlan: 'global', to: '1' }).status).toBe(exitCodes.failed);
    expect(data({ dialPlan: 'global', to: '1' })).toMatchObject({ dialled: '1', number: null });
  });

  test('a policy, a route, a trunk, a user', () => {
    expect(asked({ policy: 'staff', to: '+49301' }).text).toContain('1.  acme   49301   as it calls');
    expect(data({ route: 'out', to: '030' })).toMatchObject({ matches: false });
    expect(data({ route: 'out', to: '+30' })).toMatchObject({ matches: true });
    expect(asked({ trunk: 'acme', to: '+4930', caller: '100' }).text).toContain('It is called with 4930 from 100.');
    expect(asked({ user: 'ann' }).text).toMatch(/^Policy +staff \(user\)$/m);
    expect(asked({ user: 'ann' }).text).toMatch(/^May not +transfer, bandwidth-override$/m);
    expect(data({ user: 'ann' })).toMatchObject({ dialPlan: 'global', usages: ['national'] });
  });

  test('what is asked for wrongly is told', () => {
    expect(() => asked({ policy: 'stuff', to: '1' })).toThrow(new Failure('there is no policy stuff.'));
    expect(() => asked({ policy: 'staff' })).toThrow(Failure);
    expect(() => asked({ policy: 'staff', route: 'out', to: '1' })).toThrow(Failure);
  });

  test('of a whole call: who else would be asked, and by what it was decided', () => {
    expect(asked({ from: 'pbx', to: '+4930' }).text).toContain('Of a real call the DNS (e164.arpa) would be asked');
    expect(data({ from: 'ann', to: '234567' })).toMatchObject({
      route: 'staff',
      by: { user: 'ann', dialPlan: 'global', policy: 'staff', usage: 'national' },
    });
  });
});

describe('sample calls', () => {
  const checked = (expected: string) => {
    writeFileSync(file, samples(expected));
    const [out, err] = [collected(), collected()];
    return { status: check(file, out, err), out: out.text(), err: err.text() };
  };

  test('are made at every check', () => {
    const right = checked('acme');
    expect(right.status).toBe(exitCodes.ok);
    expect(right.out).toMatch(/^ENUM +under e164.arpa, before the routes, for 2s; else the routes decide$/m);
    expect(right.out).toContain('ok     city: pbx to 234567\n1 of 1 sample calls are as expected');
  });

  test('that go elsewhere are told with the rules, and the file is not let pass', () => {
    const wrong = checked('pbx');
    expect(wrong.status).toBe(exitCodes.failed);
    expect(wrong.out).toContain('WRONG  city: pbx to 234567\n         the order of trunks is acme, not pbx\n');
    expect(wrong.out).toContain('matches: acme');
    expect(wrong.err).toContain('sample calls do not go where they should');
    expect(asked({ samples: true }, samples('pbx')).status).toBe(exitCodes.failed);
  });
});
