import { type Case, type Group, type Lab, must } from '../harness.ts';
import { SipPeer, usual } from '../sip-peer.ts';
import { trunkOf } from '../standing.ts';

/** A trunk that ceases to answer OPTIONS is passed by at once, and used again when it answers. */

const misses = 2;
let first: SipPeer;
let second: SipPeer;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx } = lab.addresses;
  first = lab.use(await SipPeer.start('first', lab.trunk(4)));
  second = lab.use(await SipPeer.start('second', lab.trunk(5)));
  const health = { interval: '1s', misses };
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      ...[first, second].map(({ name, place }) => ({
        name,
        kind: 'itsp',
        addresses: `${place.host}:${place.port}`,
        health,
      })),
    ],
    routes: [{ name: 'out', from: 'pbx', to: ['first', 'second'] }],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
    sip: { t1: '50ms' }, // an OPTIONS is unanswered after 3.2 s
  };
}

const isIn = (lab: Lab, state: string, milliseconds: number) =>
  lab.until(
    `first is ${state}`,
    (standing) => {
      const { health } = trunkOf(standing, 'first');
      return health.state === state && health;
    },
    milliseconds,
  );

async function callGoesTo(lab: Lab, pbx: SipPeer, trunk: string): Promise<number> {
  const call = pbx.call(lab.called(), lab.addresses.sip);
  const { status, ms } = await call.final;
  must(status === 200, () => `the caller got ${status}`);
  must((await call.hangUp()) === 200, () => 'BYE was not answered with 200');
  must(ms < 400, () => `the answer took ${ms.toFixed(0)} ms`);
  const [record] = (await lab.records([...Array(++made)].map(() => ({ answered: true })))).slice(-1);
  must(
    record!.attempts.map(({ leg }) => leg.trunk).join() === trunk,
    () => `the call went to ${JSON.stringify(record!.attempts.map(({ leg }) => leg.trunk))}, ${trunk} expected`,
  );
  return ms;
}
let made = 0;

const cases: readonly Case[] = [
  {
    name: 'OPTIONS: up, silent and so down, calls to the second trunk at once, up again when it answers',
    limit: 40,
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      await isIn(lab, 'up', 5_000);
      await callGoesTo(lab, pbx, 'first');
      first.answers = () => [];
      const silent = performance.now();
      const down = await isIn(lab, 'down', 15_000);
      const took = performance.now() - silent;
      must(down.because === `${misses} OPTIONS unanswered` && down.targets[0]!.evidence.length > 0, () =>
        JSON.stringify(down),
      );
      await lab.logged('trunk', /"trunk":"first","state":"down"/);
      const ms = await callGoesTo(lab, pbx, 'second');
      must(first.requests('INVITE').length === 1, () => 'the trunk that is down was tried');
      first.answers = usual;
      const answers = performance.now();
      await isIn(lab, 'up', 8_000);
      const back = performance.now() - answers;
      await callGoesTo(lab, pbx, 'first');
      console.log(
        `        down ${(took / 1000).toFixed(1)} s after it fell silent ("${down.because}"); the call then took ${ms.toFixed(0)} ms; up ${(back / 1000).toFixed(1)} s after it spoke again`,
      );
    },
  },
];

export const health: Group = { name: 'health', prepare, cases };
