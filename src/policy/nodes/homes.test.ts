import { describe, expect, test } from 'vitest';
import type { Configuration, Node, Pool, Site } from '#policy/configuration';
import { Homes } from './index.ts';

const node = (name: string, site?: string): Node => ({
  name,
  ...(site !== undefined && { site }),
  listeners: [name],
  link: `${name}/udp`,
});
const site = (name: string, more: Partial<Site> = {}): Site => ({
  name,
  kind: 'central',
  subnets: [],
  resilient: false,
  survivability: 'none',
  ...more,
});
const branch = site('branch', { kind: 'branch', centre: 'dublin' });

const sites = [site('dublin'), site('tukwila'), branch, site('kiosk', { kind: 'branch', centre: 'dublin' })];
const nodes = [node('dub-1', 'dublin'), node('dub-2', 'dublin'), node('tuk', 'tukwila'), node('edge')];
const dublin: Pool = { name: 'dublin', nodes: ['dub-1', 'dub-2'], backup: 'tuk' };

const at = (pools: readonly Pool[], name: string | undefined, more: readonly Node[] = []) =>
  new Homes({ nodes: [...nodes, ...more], pools, sites } as unknown as Configuration).of(
    name === undefined ? {} : { site: name },
  );

describe('where devices of a user register', () => {
  test('at the nodes of his site; a primary pool has one behind it, which waits 300 s for it to come back', () => {
    expect(at([dublin], 'dublin')).toEqual({ nodes: ['dub-1', 'dub-2'], backup: ['tuk'], takeover: 300_000 });
  });

  test('it waits as long as is said', () => {
    expect(at([{ ...dublin, takeover: 5_000 }], 'dublin').takeover).toBe(5_000);
  });

  test('the one behind it may be a pool', () => {
    const tukwila: Pool = { name: 'west', nodes: ['tuk', 'tuk-2'] };
    const pools = [{ ...dublin, backup: 'west' }, tukwila];
    expect(at(pools, 'dublin', [node('tuk-2', 'tukwila')]).backup).toEqual(['tuk', 'tuk-2']);
  });

  test('a branch with a node of its own has the centre behind it, at once as good as', () => {
    expect(at([dublin], 'branch', [node('shop', 'branch')])).toEqual({
      nodes: ['shop'],
      backup: ['dub-1', 'dub-2'],
      takeover: 10_000,
    });
  });

  test('one without has its home at the centre, and behind that what is behind the centre', () => {
    expect(at([dublin], 'kiosk')).toEqual({ nodes: ['dub-1', 'dub-2'], backup: ['tuk'], takeover: 300_000 });
  });

  test('anywhere, who is at no site, or at one that no node serves', () => {
    for (const name of [undefined, 'nowhere']) expect(at([dublin], name)).toMatchObject({ nodes: [], backup: [] });
  });
});
