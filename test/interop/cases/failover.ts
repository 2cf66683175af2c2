import type { EndReason } from '#cdr';
import {
  busy,
  configured,
  cooling,
  type DeadEnd,
  type SrvSet,
  srvSets,
  startTargets,
  type Targets,
} from '../dead-ends.ts';
import { type Case, type Group, type Lab, must } from '../harness.ts';
import { SipPeer } from '../sip-peer.ts';
import { trunkOf } from '../standing.ts';

/** SRV sets in front of one target that lives: how soon a call is through, and what its record says of each try. */

const setupMs = 1_000;
const sets = [...srvSets, cooling, busy];
let targets: Targets;

async function prepare(lab: Lab): Promise<object> {
  const { sip } = lab.addresses;
  targets = await startTargets((last) => lab.host(last), sets);
  for (const peer of targets.peers) lab.use(peer);
  const { address } = targets.dns;
  const made = configured(sets, { 'setup-timeout': `${setupMs}ms`, health: { interval: 'never' } });
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${lab.addresses.pbx.host}:${lab.addresses.pbx.port}`, health: 'off' },
      ...made.trunks,
    ],
    routes: made.routes,
    dns: { servers: `${address.host}:${address.port}`, timeout: '1s' },
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

/** How the record tells of a try there; undefined: none is made. */
const told: Record<DeadEnd, { readonly reason: EndReason; readonly status?: number } | undefined> = {
  'no address': undefined,
  refused: { reason: 'unreachable' },
  'black hole': { reason: 'no-progress' },
  '503': { reason: 'rejected', status: 503 },
  '503 with Retry-After': { reason: 'rejected', status: 503 },
  '486': { reason: 'busy', status: 486 },
};

function throughTo(set: SrvSet): Case {
  const { prefix, transport, before } = set;
  const name = before.length === 0 ? 'nothing before it' : before.join(', ');
  return {
    name: `${transport}: ${name}: the call is through`,
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      const answered = await calling(lab, pbx, prefix);
      must(answered.status === 200, () => `${answered.status}: ${targets.live(transport).said()}`);
      const [record] = await lab.records(
        [
          {
            reason: 'hangup',
            answered: true,
            attempts: [...before.map((one) => told[one]).filter((one) => one !== undefined), { reason: 'hangup' }],
          },
        ],
        prefix,
      );
      const { attempts } = record!;
      const live = targets.live(transport).place;
      const expected = [
        ...before.filter((one) => told[one]).map((one) => targets.places.get(`${transport} ${one}`)!),
        live,
      ].map(({ host, port }) => `${transport} ${host}:${port}`);
      must(
        attempts.map(({ leg }) => leg.remote).join() === expected.join(),
        () => `tried ${attempts.map(({ leg }) => leg.remote)}, expected ${expected}`,
      );
      const least = before.includes('black hole') ? setupMs : 0;
      must(
        answered.ms >= least && answered.ms < least + 400,
        () => `answered after ${answered.ms.toFixed(0)} ms, ${least} to ${least + 400} expected`,
      );
      console.log(`        180 after ${answered.ringing?.toFixed(0)} ms, 200 after ${answered.ms.toFixed(0)} ms`);
    },
  };
}

/** A call to where these digits lead, and its end. */
async function calling(lab: Lab, pbx: SipPeer, prefix: string) {
  const call = pbx.call(lab.called(prefix), lab.addresses.sip);
  const [ringing, { status, ms }] = await Promise.all([call.ringing, call.final]);
  if (status === 200) must((await call.hangUp()) === 200, () => 'BYE was not answered with 200');
  return { ringing, status, ms };
}

const cases: readonly Case[] = [
  ...srvSets.map(throughTo),
  {
    name: '486 at the first is final: the second is not tried',
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      const before = targets.live('udp').requests('INVITE').length;
      const { status } = await calling(lab, pbx, busy.prefix);
      must(status === 486, () => `the caller got ${status}`);
      must(targets.live('udp').requests('INVITE').length === before, () => 'the second target was tried');
      await lab.records([{ reason: 'busy', by: 'callee', status: 486, attempts: [{ status: 486 }] }], busy.prefix);
    },
  },
  {
    name: '503 with Retry-After: the next is tried, and the one that said so is left alone',
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      const { prefix } = cooling;
      for (const _ of [1, 2])
        must((await calling(lab, pbx, prefix)).status === 200, () => 'the call did not come about');
      const records = await lab.records([{ answered: true }, { answered: true }], prefix);
      const tries = records.map(({ attempts }) => attempts.length);
      must(tries.join() === '2,1', () => `tries of the two calls: ${tries}`);
      const trace = JSON.stringify(records[1]!.decisions);
      must(/cooling until .*Retry-After 30/.test(trace), () => `the decisions of the second call: ${trace}`);
      const { health } = trunkOf(await lab.standing(), `set-${prefix}`);
      must(health.state === 'partly-down', () => JSON.stringify(health));
      console.log(`        ${health.because}`);
    },
  },
  {
    name: 'known to be unreachable: a second call passes it by',
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      for (const prefix of ['8102', '8202']) {
        for (const _ of [1, 2]) must((await calling(lab, pbx, prefix)).status === 200, () => 'no call came about');
        const records = await lab.records([{ answered: true }, { answered: true }], prefix);
        const refused = targets.places.get(`${prefix === '8102' ? 'udp' : 'tcp'} refused`)!;
        must(
          !records[1]!.attempts.some(({ leg }) => leg.remote.includes(refused.host)),
          () => `it was tried again: ${JSON.stringify(records[1]!.attempts)}`,
        );
      }
    },
  },
];

export const failover: Group = { name: 'failover', prepare, cases };
