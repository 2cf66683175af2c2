import { readFileSync } from 'node:fs';
import { type Group, type Lab, must } from '../harness.ts';
import { heard, startPhone } from '../phone.ts';
import { domain, phoneOf, registers } from './users.ts';

/** Media bypass with real telephones: whoever is well connected hears the other without us; who is not, by us. */

const numbers = { out: '498900001', in: '498900002', branch: '498900003' } as const;
/** Last numbers of hosts: two of one region, and one behind a link with limits. */
const [inHouse, inBranch] = [11, 14];

async function prepare(lab: Lab): Promise<object> {
  const { sip } = lab.addresses;
  const gateway = lab.trunk(4);
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    sites: [
      { name: 'house', region: 'campus', subnets: `${lab.host(inHouse)}/32` },
      { name: 'cellar', region: 'campus', subnets: `${gateway.host}/32` },
      { name: 'branch', region: 'campus', subnets: `${lab.host(inBranch)}/32`, bandwidth: '800 kbit/s' },
    ],
    trunks: [
      {
        name: 'gateway',
        kind: 'pstn-gateway',
        addresses: `${gateway.host}:${gateway.port}`,
        health: 'off',
        'media-bypass': true,
      },
    ],
    registrar: { domains: [domain] },
    users: [{ name: 'ann', line: '+4930123', numbers: [numbers.in], password: registers.password }],
    routes: [{ name: 'outbound', to: 'gateway' }],
    media: { address: sip.host, bypass: 'sites' },
    records: { path: lab.data },
  };
}

/** Ports for media that are open at our address: without one nothing can see a packet. */
function mediaPorts({ addresses: { sip } }: Lab): number {
  const octets = sip.host.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  const address = octets.reverse().join('').toUpperCase();
  return readFileSync('/proc/net/udp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[1]?.split(':') ?? [])
    .filter(([host, port = '0']) => host === address && Number.parseInt(port, 16) >= 20_000).length;
}

/** How many were open at most while the two talked. */
async function openPorts(lab: Lab, talk: Promise<unknown>): Promise<number> {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, mediaPorts(lab));
  }, 50);
  await talk.finally(() => clearInterval(timer));
  return most;
}

/** The call as its record has it: past us and not measured, or through us and measured. */
async function told(lab: Lab, most: number, directly: boolean): Promise<void> {
  const [record] = await lab.records([{ reason: 'hangup', answered: true, attempts: [{}] }]);
  const packets = record!.media?.[0]?.a.packets ?? 0;
  const trace = record!.decisions.filter(({ rule }) => rule === 'media').map(({ outcome }) => outcome);
  const isSo = directly
    ? most === 0 && record!.bypassed === true && record!.media === undefined
    : most > 0 && record!.bypassed === undefined && packets > 100;
  must(isSo, () => `${most} ports of ours, bypassed ${record!.bypassed}, ${packets} packets seen: ${trace.join('; ')}`);
  console.log(`        ${most} ports of ours open, ${packets} packets seen by us: ${trace.join('; ')}`);
}

/** Ann calls out from that host; the gateway answers. Each hears the other's tone and no other. */
async function callsOut(lab: Lab, host: number, directly: boolean): Promise<void> {
  const place = lab.trunk(4);
  const gateway = startPhone(lab, {
    user: lab.called(),
    name: 'gateway',
    place,
    frequency: 1477,
    seconds: 9,
    answers: true,
  });
  await gateway.ready;
  const ann = await phoneOf(lab, 'ann', host, { dials: `sip:${lab.called()}@${domain}`, seconds: 5 });
  const talk = Promise.all([ann.done, gateway.done]);
  const most = await openPorts(lab, talk);
  const [annSaid, gatewaySaid] = await talk;
  heard(ann, 1477, annSaid);
  heard(gateway, 697, gatewaySaid);
  await told(lab, most, directly);
}

export const bypass: Group = {
  name: 'bypass',
  prepare,
  cases: [
    {
      name: 'a baresip and a gateway of one region hear each other, and we see no packet (row 61)',
      run: (lab) => callsOut(lab, inHouse, true),
    },
    {
      name: 'called from the gateway: the same',
      async run(lab) {
        const ann = await phoneOf(lab, 'ann', inHouse, { answers: true, seconds: 8 });
        const { sip } = lab.addresses;
        const dials = `sip:${lab.called()}@${sip.host}:${sip.port}`;
        const gateway = startPhone(lab, {
          user: 'outside',
          name: 'gateway',
          place: lab.trunk(4),
          frequency: 1477,
          seconds: 5,
          dials,
        });
        const talk = Promise.all([ann.done, gateway.done]);
        const most = await openPorts(lab, talk);
        const [annSaid, gatewaySaid] = await talk;
        heard(ann, 1477, annSaid);
        heard(gateway, 697, gatewaySaid);
        await told(lab, most, true);
      },
    },
    {
      name: 'from a branch behind a link with limits media passes through us',
      run: (lab) => callsOut(lab, inBranch, false),
    },
  ],
};
