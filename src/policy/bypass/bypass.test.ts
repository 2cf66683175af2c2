import { describe, expect, test } from 'vitest';
import type { Configuration, Link, MediaBypass, Site, Trunk, User } from '#policy/configuration';
import { Bypass, type MediaEnd } from './bypass.ts';

const limits = { audio: 800, audioSession: 175, video: 0, videoSession: 700 };
const at = (host: string, bits: number, more: object = {}) => ({ network: { host, bits }, ...more });
const site = (name: string, more: Partial<Site> = {}): Site => ({
  name,
  kind: 'central',
  region: 'north',
  subnets: [],
  resilient: false,
  survivability: 'none',
  ...more,
});

const centre = site('centre', {
  subnets: [at('10.0.0.0', 16), at('10.0.9.0', 24, { mediaBypass: false })],
});
const near = site('near', { subnets: [at('10.1.0.0', 16)] });
const thin = site('thin', { subnets: [at('10.2.0.0', 16)], bandwidth: limits });
const south = site('south', { region: 'south', subnets: [at('10.3.0.0', 16)] });
const alone: Site = (({ region: _, ...rest }) => rest)(site('alone', { subnets: [at('10.4.0.0', 16)] }));
const carrier = site('carrier', { subnets: [at('203.0.113.5', 32)], bandwidth: { ...limits, audio: 0 } });

function bypassOf(by: MediaBypass['by'], unmapped = false, siteLinks: readonly Link[] = []): Bypass {
  const media = { mode: 'anchor', bypass: { by, unmapped } };
  return Bypass.of({
    media,
    sites: [centre, near, thin, south, alone, carrier],
    siteLinks,
    regionLinks: [{ between: ['north', 'south'] }],
  } as unknown as Configuration)!;
}

const trunkAt = (place: string | undefined, more: Partial<Trunk> = {}): MediaEnd => ({
  trunk: {
    name: 'gateway',
    side: 'internal',
    addresses: [],
    mediaBypass: true,
    ...(place === undefined ? {} : { site: place }),
    ...more,
  },
  address: '10.0.0.9',
});
const userAt = (
  address: string,
  media?: string,
  more: Partial<User> = {},
  side: Trunk['side'] = 'internal',
): MediaEnd => ({
  trunk: { name: 'ann', side, addresses: [], user: { name: 'ann', numbers: [], devices: 1, hidden: false, ...more } },
  address,
  ...(media === undefined ? {} : { media }),
});

describe('bypass IDs (BYP-4)', () => {
  const bypass = bypassOf('sites');
  test.each([
    ['a site has that of its region', centre, 'region north'],
    ['and so have others there', near, 'region north'],
    ['a region has one of its own', south, 'region south'],
    ['a site whose link has limits has its own', thin, 'site thin'],
    ['and one of no region', alone, 'site alone'],
    ['what is at no site has none', undefined, undefined],
  ])('%s', (_, place, id) => {
    expect(bypass.idOf(place)).toBe(id);
  });

  test('but where what is at none has one as well (BYP-10)', () => {
    expect(bypassOf('sites', true).idOf(undefined)).toBe('unmapped');
  });
});

describe('who hears whom without us', () => {
  /** A user and a gateway; true: directly. */
  test.each([
    ['of one site', userAt('10.0.0.1'), trunkAt('centre'), true],
    ['of two sites of a region', userAt('10.1.0.1'), trunkAt('centre'), true],
    ['of two regions, whatever joins them', userAt('10.3.0.1'), trunkAt('centre'), false],
    ['behind a link with limits', userAt('10.2.0.1'), trunkAt('centre'), false],
    ['both behind it', userAt('10.2.0.1'), trunkAt('thin'), true],
    ['at a provider, which is a site of no bandwidth (CAC-4)', userAt('10.0.0.1'), trunkAt('carrier'), false],
    ['from an address of no site', userAt('198.51.100.1'), trunkAt('centre'), false],
    ['in a subnet without it (BYP-11)', userAt('10.0.9.1'), trunkAt('centre'), false],
    ['whose phone can not (BYP-12)', userAt('10.0.0.1', undefined, { mediaBypass: false }), trunkAt('centre'), false],
    ['who is outside (BYP-12)', userAt('10.0.0.1', undefined, {}, 'external'), trunkAt('centre'), false],
    ['whose SDP names another place', userAt('10.0.0.1', '10.2.0.1'), trunkAt('centre'), false],
    ['whose SDP names another place of the same ID', userAt('10.0.0.1', '10.1.0.1'), trunkAt('centre'), true],
    ['behind a NAT', userAt('198.51.100.1', '10.0.0.1'), trunkAt('centre'), false],
    [
      'and a trunk without it (BYP-2)',
      userAt('10.0.0.1'),
      { ...trunkAt('centre'), trunk: { name: 'x', side: 'internal', addresses: [], site: 'centre' } },
      false,
    ],
    [
      'and a trunk whose media is elsewhere (TRK-8)',
      userAt('10.0.0.1'),
      trunkAt('centre', { mediaAddress: '10.2.0.1' }),
      false,
    ],
    [
      'and a trunk that is where its address is',
      userAt('10.2.0.1'),
      trunkAt(undefined, { addresses: [{ host: '10.2.0.9', port: 5060, matchPort: false }] }),
      true,
    ],
    ['two users', userAt('10.0.0.1'), userAt('10.1.0.1'), true],
    ['two trunks', trunkAt('centre'), trunkAt('near'), true],
  ] as const)('%s', (_, one, other, may) => {
    const bypass = bypassOf('sites');
    expect(bypass.obstacle(one, other) === undefined).toBe(may);
    expect(bypass.obstacle(other, one) === undefined).toBe(may);
  });

  test('the link that two sites have for themselves decides before their IDs', () => {
    const [phone, gateway] = [userAt('10.1.0.1'), trunkAt('centre')];
    expect(
      bypassOf('sites', false, [{ between: ['near', 'centre'], bandwidth: limits }]).obstacle(phone, gateway),
    ).toMatch('has limits');
    const far = userAt('10.2.0.1');
    expect(bypassOf('sites', false, [{ between: ['centre', 'thin'] }]).obstacle(far, gateway)).toBeUndefined();
  });

  test('who is at no site, where that has an ID', () => {
    const bypass = bypassOf('sites', true);
    expect(bypass.obstacle(userAt('10.99.0.1'), trunkAt(undefined))).toBeUndefined();
    expect(bypass.obstacle(userAt('10.99.0.1'), trunkAt('centre'))).toMatch('no site that is known');
    // His own network has the same numbers as many others.
    expect(bypass.obstacle(userAt('198.51.100.1', '192.168.1.5'), trunkAt(undefined))).toMatch('speaks from');
  });

  test('always: wherever they are, but not whoever they are (BYP-3)', () => {
    const bypass = bypassOf('always');
    expect(bypass.obstacle(userAt('10.2.0.1'), trunkAt('south'))).toBeUndefined();
    expect(bypass.obstacle(userAt('10.0.9.1'), trunkAt('south'))).toMatch('a subnet without');
    expect(bypass.obstacle(userAt('198.51.100.1', '10.0.0.1'), trunkAt('south'))).toMatch('speaks from');
  });

  test('says why', () => {
    expect(bypassOf('sites').obstacle(userAt('10.2.0.1'), trunkAt('centre'))).toBe(
      'ann is at thin, gateway at centre (region north)',
    );
  });
});

test('is off unless it is on for the program, and where no media passes through us at all', () => {
  expect(Bypass.of({ media: { mode: 'anchor' } } as Configuration)).toBeUndefined();
  const never = { mode: 'bypass', bypass: { by: 'always', unmapped: false } };
  expect(Bypass.of({ media: never } as unknown as Configuration)).toBeUndefined();
});
