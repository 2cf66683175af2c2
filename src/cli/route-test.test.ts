import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exitCodes, Failure } from './failure.ts';
import { type RouteTestOptions, routeTest } from './route-test.ts';

const configuration = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5, advertise: 198.51.100.5 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, site: paris }
  - { name: gateway, kind: pstn-gateway, addresses: 10.1.0.9, site: delhi, local-only: true }
  - { name: carrier, kind: itsp, addresses: 203.0.113.10, site: paris }
routes:
  - { name: abroad, usages: far, to: [gateway, carrier] }
  - { name: near, usages: local, to: gateway }
  - { name: in, from: [gateway, carrier], to: pbx }
sites:
  - { name: delhi, country: IN, local-policy: at-delhi }
  - { name: paris, country: FR }
policies:
  - { name: bound, usages: far, features: { toll-bypass: false } }
  - { name: at-delhi, usages: local }
registrar: {}
users:
  - { name: ann, line: '+911123456789', site: delhi, policy: bound, password: c0rrect-Horse-17 }
`;

let file = '';
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), 'tandem-route-')), 'tandem.yaml');
  writeFileSync(file, configuration);
});

function run(options: Partial<RouteTestOptions>): { text: string; status: number } {
  let text = '';
  const out = { write: (more: string) => (text += more) };
  const none = { write: () => {} };
  const status = routeTest(file, { from: 'ann', to: '+4930123', output: 'table', ...options }, out, none);
  return { text, status };
}

const trunksOf = (options: Partial<RouteTestOptions>) =>
  (JSON.parse(run({ output: 'json', ...options }).text) as { trunks: { trunk: string }[] }).trunks.map(
    ({ trunk }) => trunk,
  );

describe('where the caller is', () => {
  test('at home unless it is said', () => {
    expect(trunksOf({})).toEqual(['gateway']);
    expect(run({}).text).toContain('says how calls leave from delhi');
  });

  test('at another site, or at none', () => {
    expect(trunksOf({ site: 'paris' })).toEqual(['carrier']);
    expect(trunksOf({ site: 'none' })).toEqual(['carrier']);
    expect(run({ site: 'none' }).text).toContain(
      'left out: it is for who is at delhi, and the caller is at no site that is known',
    );
  });

  test('a site that is not there is told, with those that are', () => {
    expect(() => run({ site: 'deli' })).toThrow(new Failure(`${file} has no site deli: it has delhi, paris, none.`));
  });

  test('who may use no trunk is refused', () => {
    writeFileSync(file, configuration.replace('to: [gateway, carrier] }', 'to: gateway }'));
    const refused = run({ site: 'paris' });
    writeFileSync(file, configuration);
    expect(refused.status).toBe(exitCodes.failed);
    expect(refused.text).toContain('Refused with 403, by route abroad.');
  });

  test('counts for a call for help as well', () => {
    const places = configuration
      .replace('local-policy: at-delhi }', 'local-policy: at-delhi, location: gate, emergency: gateway }')
      .replace('{ name: paris, country: FR }', '{ name: paris, country: FR, location: tower, emergency: carrier }')
      .replace('site: delhi, policy', 'site: delhi, location: desk, policy');
    const help = `emergency: { numbers: "112", to: carrier, notify: "sip:desk@example.com", locations: [${[
      'gate',
      'tower',
      'desk',
    ]
      .map((name) => `{ name: ${name}, civic: { country: FR, A3: ${name} } }`)
      .join(', ')}] }\n`;
    writeFileSync(file, `${places}${help}`);
    const place = (options: Partial<RouteTestOptions>) => {
      const { text } = run({ to: '112', ...options });
      return [/emergency place +(.*)/.exec(text)?.[1], /emergency trunks +(\S+)/.exec(text)?.[1]];
    };
    const told = [place({}), place({ site: 'paris' }), place({ site: 'none' }), place({ from: 'pbx', site: 'delhi' })];
    writeFileSync(file, configuration);
    expect(told).toEqual([
      ['desk (desk, FR): ann has its own', 'gateway'],
      // What is hers stands where she is at home.
      ['tower (tower, FR): ann is of site paris', 'carrier'],
      ['not known: ann has no site and no location', 'carrier'],
      ['gate (gate, FR): it is site delhi', 'gateway'],
    ]);
  });
});

test.each([
  ['+4930234567', '+4930234567 is a fixed line in Germany (DE).', { country: 'DE', type: 'FIXED_LINE', valid: true }],
  ['+491701234567', '+491701234567 is a mobile in Germany (DE).', { country: 'DE', type: 'MOBILE' }],
  ['+14255550100', '+14255550100 is a fixed line or a mobile in United States (US).', { code: '1' }],
  ['+18005551212', '+18005551212 is a free call in United States (US).', { type: 'TOLL_FREE' }],
  ['+80012345678', '+80012345678 is a free call of no country.', { country: null, code: '800' }],
  ['+442079460123;ext=7', '+442079460123;ext=7 is a fixed line in United Kingdom (GB).', { country: 'GB' }],
  ['+4412', '+4412 is in no range of +44 that is in use: nobody has it.', { valid: false, country: null, type: null }],
  ['+999123', '+999123 is no number of any country.', undefined],
  ['101', undefined, undefined],
])('%s: what is known of the number', (to, text, is) => {
  const said = run({ to }).text;
  if (text === undefined) expect(said).not.toMatch(/ is (a|in|no) /);
  else expect(said).toContain(`\n\n${text}\n`);
  const data = (JSON.parse(run({ to, output: 'json' }).text) as { is?: object }).is;
  if (is === undefined) expect(data).toBeUndefined();
  else expect(data).toMatchObject(is);
});
