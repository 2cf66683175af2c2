import { setTimeout as sleep } from 'node:timers/promises';
import { memory } from '../../perf/process-tree.ts';
import { type Case, type Group, type Lab, must } from '../harness.ts';
import type { Kamailio } from '../kamailio.ts';
import { startRegistrar } from '../registrar.ts';

/** A thousand trunks that register at one registrar, Kamailio, which challenges each. */

const count = 1_000;
/** New registrations that may begin in any second; each is two REGISTERs, as each is challenged. */
const most = 40; // 20 on average; a machine that stalls for a moment lets some more fall together.
let registrar: Kamailio;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const place = { host: lab.host(8), port: 5_060 };
  const [domain, password] = ['provider.invalid', 'correct horse'];
  registrar = await startRegistrar(lab, {
    ...{ name: 'kamailio', place, domain, password, algorithm: 'MD5', longest: 3_600, phone: itsp },
  });
  const names = Array.from({ length: count }, (_, at) => `site-${String(at).padStart(4, '0')}`);
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      ...names.map((name) => ({
        name,
        kind: 'itsp',
        'next-hop': `${place.host}:${place.port}`,
        domain,
        identity: { user: name },
        credentials: { username: name, password },
        registration: {},
        health: 'off',
      })),
    ],
    groups: [{ name: 'sites', trunks: names }],
    routes: [
      { name: 'out', from: 'pbx', to: 'site-0000' },
      { name: 'in', from: 'sites', to: 'pbx' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

/** The most that fall into any second. */
function inOneSecond(times: readonly number[]): number {
  let [from, found] = [0, 0];
  for (const [at, time] of times.entries()) {
    while (time - times[from]! > 1_000) from++;
    found = Math.max(found, at - from + 1);
  }
  return found;
}

const cases: readonly Case[] = [
  {
    name: `${count} trunks register without a burst, and hold over kill -9 of signalling`,
    limit: 90,
    async run(lab) {
      const began = performance.now();
      const stages = async (): Promise<ReadonlyMap<string, number>> => {
        const found = new Map<string, number>();
        for (const { registration } of (await lab.standing()).trunks) {
          if (registration) found.set(registration.stage, (found.get(registration.stage) ?? 0) + 1);
        }
        return found;
      };
      for (;;) {
        const now = await stages();
        if (now.get('registered') === count) break;
        must(
          (now.get('failed') ?? 0) === 0 && performance.now() - began < 80_000,
          () => `after ${((performance.now() - began) / 1000).toFixed(0)} s: ${JSON.stringify([...now])}`,
        );
        await sleep(250);
      }
      const first = registrar.times(/SEEN REGISTER .*auth=<null>$/);
      const all = registrar.times(/SEEN REGISTER /);
      const [firsts, both] = [inOneSecond(first), inOneSecond(all)];
      const seconds = (all.at(-1)! - all[0]!) / 1_000;
      must(first.length === count && all.length === 2 * count, () => `${first.length} and ${all.length} REGISTERs`);
      must(firsts <= most && both <= 2 * most, () => `${firsts} begun and ${both} REGISTERs in one second`);
      const { proportional } = memory(lab.subject.pid);
      console.log(
        `        in ${seconds.toFixed(0)} s; at most ${firsts} begun, ${both} REGISTERs in a second; ${(proportional / 2 ** 20).toFixed(0)} MiB in all processes`,
      );
      const killed = lab.process('signalling');
      process.kill(killed, 'SIGKILL');
      await lab.until('the program is back', () => lab.process('signalling') !== killed);
      const after = await stages();
      must(after.get('registered') === count, () => `after kill -9: ${JSON.stringify([...after])}`);
      await sleep(1_000);
      const anew = registrar.times(/SEEN REGISTER /).length - all.length;
      must(anew === 0, () => `${anew} REGISTERs after kill -9`);
    },
  },
];

export const thousand: Group = {
  name: 'thousand trunks',
  packages: ['kamailio'],
  alone: true,
  prepare,
  cases,
};
