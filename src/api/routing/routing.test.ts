import { expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';

const text = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.1 }
  - { name: wan, side: external, bind: 192.0.2.1 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.2 }
  - { name: itsp, kind: itsp, addresses: 203.0.113.10 }
routes:
  - { name: out, from: pbx, to: itsp, called: { prefix: "+" } }
tests:
  - { name: abroad, from: pbx, to: "+4412345", expect: { route: out } }
media: { internal: 10.0.0.1, external: 192.0.2.1, ports: 20000-20999 }
`;
const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
const configuration = () => (loaded as { configuration: Configuration }).configuration;
const viewer = async (): Promise<Principal> => ({ name: 'vera', role: 'viewer', via: 'token' });

async function ask(payload: object, identify?: typeof viewer) {
  const { app } = await apiOf({ configuration }, identify);
  return (await app.inject({ method: 'POST', url: '/api/v1/routing/test', payload })).json();
}

test('a call that somebody would take, with each rule that was tried', async () => {
  const outcome = await ask({ from: 'pbx', to: '+4412345' });
  expect(outcome).toMatchObject({ number: '+4412345', route: 'out', trunks: [{ trunk: 'itsp', called: '+4412345' }] });
  expect(outcome.decisions.length).toBeGreaterThan(0);
  expect(outcome).not.toHaveProperty('refused');
});

test('one that nobody would', async () => {
  expect(await ask({ from: 'pbx', to: '110' })).toMatchObject({ refused: 404, trunks: [] });
  expect(await ask({ from: 'nobody', to: '110' })).toMatchObject({ status: 422, errors: [{ place: 'from' }] });
  expect(await ask({ from: 'pbx', to: '110', site: 'moon' })).toMatchObject({
    status: 422,
    errors: [{ place: 'site' }],
  });
});

test('by a configuration that does not run yet, for who may see it', async () => {
  const other = text
    .replace('prefix: "+"', 'prefix: "1"')
    .replace('expect: { route: out }', 'expect: { refused: 404 }');
  expect(await ask({ from: 'pbx', to: '110', text: other })).toMatchObject({ route: 'out' });
  expect(await ask({ from: 'pbx', to: '110', text: other }, viewer)).toMatchObject({ status: 403 });
  expect(await ask({ from: 'pbx', to: '110', text: 'trunks: [' })).toMatchObject({ status: 422 });
});

test('the sample calls', async () => {
  const { app } = await apiOf({ configuration });
  expect((await app.inject('/api/v1/routing/samples')).json().samples).toMatchObject([
    { name: 'abroad', differences: [], outcome: { route: 'out' } },
  ]);
});
