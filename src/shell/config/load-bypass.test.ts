import { describe, expect, test } from 'vitest';
import { read, told } from './organisation.testing.ts';

const sites = `sites:
  - { name: berlin, region: campus, subnets: [10.0.0.0/16, { network: 10.0.9.0/24, media-bypass: false }] }
`;
const gateway = (keys = '') =>
  `trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, site: berlin }
  - { name: gateway, kind: pstn-gateway, addresses: 10.0.0.30, site: berlin, media-bypass: true${keys} }
routes:
  - { name: out, from: pbx, to: gateway }
`;
const media = (bypass: string) => `media:\n  bypass: ${bypass}\n`;

test('for the program and trunk by trunk, and not in this subnet, nor for this user', () => {
  const users = 'users:\n  - { name: ann, media-bypass: false }\n  - { name: bob }\n';
  const configuration = read(`${sites}${gateway(', media-address: 10.0.0.31')}${media('sites')}${users}`);
  expect(configuration.media.bypass).toEqual({ by: 'sites', unmapped: false });
  expect(configuration.trunks[1]).toMatchObject({ mediaBypass: true, mediaAddress: '10.0.0.31' });
  expect(configuration.trunks[0]).not.toHaveProperty('mediaBypass');
  expect(configuration.sites?.[0]?.subnets.map(({ mediaBypass }) => mediaBypass)).toEqual([undefined, false]);
  expect(configuration.users?.map(({ mediaBypass }) => mediaBypass)).toEqual([false, undefined]);
  expect(
    read(`${gateway().replaceAll(', site: berlin', '')}${media('{ by: sites, unmapped: true }')}`).media.bypass,
  ).toEqual({
    by: 'sites',
    unmapped: true,
  });
  expect(read('').media).not.toHaveProperty('bypass');
});

describe('what can not be', () => {
  test.each([
    ['a trunk alone (BYP-2)', sites + gateway(), 'media bypass is off for the program'],
    [
      'always, with links that are counted (BYP-3)',
      `${sites}  - { name: ulm, region: campus, bandwidth: 1 Mbit/s }\n${gateway()}${media('always')}`,
      'counts nothing',
    ],
    [
      'by sites, where there are none',
      `${gateway().replaceAll(', site: berlin', '')}${media('sites')}`,
      'there are no sites',
    ],
    [
      'unmapped, where nobody asks for a site',
      sites + gateway() + media('{ by: always, unmapped: true }'),
      'asks for no site',
    ],
    [
      'where no media passes through us',
      `${sites}${gateway()}media:\n  mode: bypass\n  bypass: sites\n`,
      'no media pass through us at all',
    ],
    ['beside a form of hold', sites + gateway(', hold: inactive') + media('sites'), '`hold` has a form of its own'],
    ['beside a tone of ours', sites + gateway(', ringback: tone') + media('sites'), 'made by us'],
    ['beside an offer of ours', sites + gateway(', offer: delayed') + media('sites'), 'an offer of ours'],
    ['a name for the address of media', sites + gateway(', media-address: gw.example') + media('sites'), 'TDM-1104'],
    [
      'a peer that takes media from us alone (BYP-7)',
      sites + gateway(', profile: teams-direct-routing') + media('sites'),
      'TDM-1226',
    ],
  ])('%s', (_, text, problem) => {
    expect(told(text).join('\n')).toMatch(problem);
  });
});
