import { expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import { apiOf } from '../api.testing.ts';

const loaded = loadConfiguration(
  `listeners:
  - { name: lan, side: both, bind: 10.0.0.1 }
trunks:
  - { name: itsp, kind: itsp, addresses: 203.0.113.10, capacity: { calls: 4 } }
routes:
  - { name: in, from: itsp, refuse: 404 }
sites:
  - { name: berlin, kind: central, region: europe, subnets: 10.0.0.0/8 }
planning:
  sites: [ { site: berlin, users: 400 } ]
media: { address: 10.0.0.1, ports: 20000-20999 }
`,
  { file: 'tandem.yaml', env: {} },
);
const configuration = () => (loaded as { configuration: Configuration }).configuration;

test('what sites need, with the arithmetic', async () => {
  const { app } = await apiOf({ configuration });
  const made = (await app.inject({ url: '/api/v1/plan' })).json();
  expect(made.sites[0]).toMatchObject({ name: 'berlin', users: 400, advice: [{ about: 'connection' }] });
  expect(made.sites[0].calls).toBeGreaterThan(10);
  expect(made.sites[0].figures[0]).toMatchObject({ what: 'Users', value: 400, how: 'as planned' });
  expect(made.doubts.join(' ')).toContain('carry 4 calls');
});

test('by records that there are none of', async () => {
  const { app } = await apiOf({ configuration });
  expect((await app.inject({ url: '/api/v1/plan?by=records' })).json()).toMatchObject({ status: 409 });
});
