import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import type { RecordReader } from '#shell/store';
import { apiOf } from '../api.testing.ts';
import { ended } from '../live/live.testing.ts';

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

test('one reads the records through at a time, and not for who is gone', async () => {
  let read = 0;
  let goOn = true;
  let open = 0;
  const records = () =>
    ({
      *each() {
        open++;
        try {
          for (; goOn; read++) yield ended(`c${read}`, 60);
        } finally {
          open--;
        }
      },
    }) as unknown as RecordReader;
  const { app } = await apiOf({ configuration, records });
  const ask = () => app.inject('/api/v1/plan?by=records');
  const first = ask();
  while (read === 0) await new Promise(setImmediate);
  const second = await ask();
  expect([second.statusCode, second.headers['retry-after']]).toEqual([503, '10']);
  goOn = false;
  expect((await first).statusCode).toBe(200);
  goOn = true;
  read = 0;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const third = request({ port, path: '/api/v1/plan?by=records' }).once('error', () => {});
  third.end();
  while (read === 0) await new Promise(setImmediate);
  third.destroy();
  // It would go on without end.
  while (open > 0) await new Promise(setImmediate);
  goOn = false;
  read = 0;
  expect((await ask()).statusCode).toBe(409);
  await app.close();
});
