import { expect, test } from 'vitest';
import type { Tree } from './edits.ts';
import { referencesTo, renaming, unnaming } from './references.ts';

const tree: Tree = {
  trunks: [
    { name: 'itsp', site: 'berlin', description: 'berlin' },
    { name: 'spare', site: 'graz' },
  ],
  sites: [{ name: 'berlin' }, { name: 'graz', centre: 'berlin' }],
  links: [{ between: ['berlin', 'graz'] }, { between: ['graz', 'lima'] }, { between: ['berlin', 'lima'] }],
  routes: [
    { name: 'out', from: 'pbx', to: ['itsp', 'spare'], called: { prefix: 'itsp' } },
    { name: 'berlin', to: 'itsp', sites: ['berlin'] },
  ],
  groups: [{ name: 'ways', trunks: [{ trunk: 'itsp', weight: '2' }, 'spare'] }],
  tests: [{ name: 't', from: 'pbx', expect: { trunks: ['itsp'] } }],
  users: { list: [{ name: 'anna', site: 'berlin' }] },
};
const placesOf = (...of: Parameters<typeof referencesTo>) => referencesTo(...of).map(({ path }) => path.join(' '));

test('where a trunk is named, and a site; not where the same word means something else', () => {
  expect(placesOf(tree, 'trunks', 'itsp')).toEqual([
    'routes out to itsp',
    'routes berlin to',
    'groups ways trunks 0 trunk',
    'tests t expect trunks itsp',
  ]);
  expect(placesOf(tree, 'sites', 'berlin')).toEqual([
    'trunks itsp site',
    'sites graz centre',
    'links 0 between berlin',
    'links 2 between berlin',
    'routes berlin sites berlin',
    'users list anna site',
  ]);
});

test('another name is said wherever it is named, the object itself last', () => {
  expect(renaming(tree, ['trunks'], 'trunks', 'spare', 'third')).toEqual([
    { path: ['routes', 'out', 'to', 'spare'], value: 'third', was: 'spare' },
    { path: ['groups', 'ways', 'trunks', 'spare'], value: 'third', was: 'spare' },
    { path: ['trunks', 'spare', 'name'], value: 'third', was: 'spare' },
  ]);
});

test('a name that is taken away takes its links along, the last first', () => {
  expect(unnaming(tree, 'sites', 'berlin').map(({ path }) => path.join(' '))).toEqual([
    'trunks itsp site',
    'sites graz centre',
    'routes berlin sites berlin',
    'users list anna site',
    'links 2',
    'links 0',
  ]);
});
