import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type EmergencyTestOptions, emergencyTest } from './emergency-test.ts';

const configuration = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5, advertise: 198.51.100.5 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, site: hq }
  - { name: help, kind: itsp, addresses: 203.0.113.10, emergency: location }
  - { name: carrier, kind: itsp, addresses: 203.0.113.11, emergency: elin }
routes:
  - { name: out, from: pbx, to: carrier }
sites:
  - { name: hq, location: hq, subnets: [{ network: 10.1.2.0/24, location: floor-2 }] }
  - { name: branch, emergency: carrier }
dial-plans:
  - { name: global, access-prefix: '9', rules: [{ pattern: '([2-8]\\d\\d\\d)', to: '+1217555$1' }] }
emergency:
  numbers: [{ number: '911', masks: '112' }]
  tests: '933'
  to: [help, carrier]
  relay: '+12175550000'
  locations:
    - { name: hq, civic: { country: US, RD: Main }, elins: '+12175559001' }
    - { name: floor-2, civic: { country: US, RD: Main, FLR: '2' } }
  notify: [sip:desk@10.0.0.20, { webhook: 'https://alarm.example.com/hidden' }]
`;

let file = '';
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), 'tandem-emergency-')), 'tandem.yaml');
  writeFileSync(file, configuration);
});

function run(options: Partial<EmergencyTestOptions>): { text: string; status: number } {
  let text = '';
  const out = { write: (more: string) => (text += more) };
  const status = emergencyTest(file, { output: 'table', ...options }, out, { write: () => true });
  return { text, status };
}

describe('tandem emergency test', () => {
  test('of a trunk: the place, who is asked, who is told; no secret of a URL', () => {
    const { text, status } = run({ from: 'pbx', dial: '9112', caller: '+12175552000' });
    expect(status).toBe(0);
    expect(text).toBe(`From pbx to 9112

  emergency        911: 9 is for a line outside, and 112 is 911
  emergency place  hq (Main, US): it is site hq

Asked in this order, until one answers:
    TRUNK    CALLED        CALLER        TELLS
1.  help     911           as he calls   location (PIDF-LO)
2.  carrier  911           +12175559001  ELIN
3.  help     +12175550000  as he calls   location (PIDF-LO)
4.  carrier  +12175550000  +12175559001  ELIN

Told: MESSAGE to sip:desk@10.0.0.20, webhook at https://alarm.example.com
`);
  });

  test('of a telephone, by its address', () => {
    const { text } = run({ from: 'hq', address: '10.1.2.9' });
    expect(text).toContain('floor-2 (floor 2, Main, US): 10.1.2.9 is of site hq');
  });

  test('of all places in short', () => {
    const { text, status } = run({});
    expect(status).toBe(0);
    expect(text).toBe(`FROM    PLACE      ASKED FIRST
hq      hq         help 911 with the place, carrier 911 as +12175559001, help +12175550000 with the place
branch  not known  carrier +12175550000, help +12175550000, carrier 911
pbx     hq         help 911 with the place, carrier 911 as +12175559001, help +12175550000 with the place
`);
  });

  test('as data', () => {
    expect(JSON.parse(run({ from: 'pbx', output: 'json', dial: '933' }).text)).toMatchObject({
      number: '911',
      test: true,
      location: { name: 'hq' },
      elin: '+12175559001',
      trunks: [{ trunk: 'help', called: '911', conveys: 'location' }, { conveys: 'elin' }, {}, {}],
      told: 2,
    });
  });

  test('says what it does not know', () => {
    expect(() => run({ from: 'nobody' })).toThrow('no user, site or trunk nobody');
    expect(() => run({ from: 'pbx', dial: '2000' })).toThrow('2000 is no call for help from pbx');
    expect(() => run({ from: 'help' })).toThrow('911 is no call for help from help');
  });
});
