import { expect, test } from 'vitest';
import { editsOf, nothingSaid, undoing } from './new-trunk.ts';

const answers = { ...nothingSaid, name: 'itsp', addresses: '192.0.2.1\n\n192.0.2.2 ', calls: '30' };

test('a trunk, and routes where it is said whom it joins', () => {
  expect(editsOf(answers)).toEqual([
    {
      path: ['trunks', 'itsp'],
      value: {
        name: 'itsp',
        kind: 'itsp',
        transport: 'udp',
        addresses: ['192.0.2.1', '192.0.2.2'],
        capacity: { calls: 30 },
      },
      was: null,
    },
  ]);
  const joined = editsOf({ ...answers, inside: 'pbx', inward: '+4930' });
  expect(joined.slice(1).map(({ value }) => value)).toEqual([
    { name: 'itsp-in', from: 'itsp', called: { prefix: '+4930' }, to: 'pbx' },
    { name: 'itsp-out', from: 'pbx', called: { prefix: '+' }, to: 'itsp' },
  ]);
  expect(undoing(joined).map(({ path }) => path.join(' '))).toEqual([
    'routes itsp-out',
    'routes itsp-in',
    'trunks itsp',
  ]);
});

test('an account is what its provider gave: registration, credentials, identity', () => {
  const [{ value } = {}] = editsOf({
    ...answers,
    ...{ profile: 'generic-udp-register', registers: true, user: '+493012', username: 'acme', password: 'geheim' },
  });
  expect(value).toMatchObject({
    profile: 'generic-udp-register',
    identity: '+493012',
    registration: {},
    credentials: { username: 'acme', password: 'geheim' },
  });
  expect(JSON.stringify(editsOf({ ...answers, username: 'acme' }))).not.toContain('password');
});
