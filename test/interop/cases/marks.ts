import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../../perf/children.ts';
import { type Case, type Group, type Lab, must } from '../harness.ts';
import { RtpParty } from '../rtp.ts';
import { SipPeer } from '../sip-peer.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/** Differentiated services code points, as tshark sees them on the wire: trunk by trunk, SIP over UDP and TCP, and RTP. */

const dscp = { default: { sip: 24, rtp: 46 }, own: { sip: 26, rtp: 34 } };
const rtpPort = 30_000;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      {
        name: 'itsp',
        kind: 'itsp',
        addresses: `${itsp.host}:${itsp.port}`,
        dscp: { signalling: 'AF31', media: 'AF41' },
        health: 'off',
      },
      {
        name: 'by-tcp',
        kind: 'itsp',
        transport: 'tcp',
        addresses: `${lab.trunk(4).host}:5090`,
        dscp: { signalling: 'AF31', media: 'AF41' },
        health: 'off',
      },
      {
        name: 'unmarked',
        kind: 'itsp',
        addresses: `${lab.trunk(5).host}:5090`,
        dscp: { signalling: 'DF', media: 'DF' },
        health: 'off',
      },
    ],
    routes: [
      { name: 'udp', from: 'pbx', called: { prefix: '49' }, to: 'itsp' },
      { name: 'tcp', from: 'pbx', called: { prefix: '50' }, to: 'by-tcp' },
      { name: 'unmarked', from: 'pbx', called: { prefix: '51' }, to: 'unmarked' },
    ],
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

interface Packet {
  readonly dscp: number;
  readonly to: string;
  readonly protocol: 'udp' | 'tcp';
  readonly fromPort: number;
  readonly toPort: number;
  /** Octets of a TCP segment. */
  readonly length: number;
}

/** What leaves the program's address while `act` runs. */
async function captured(lab: Lab, act: () => Promise<void>): Promise<readonly Packet[]> {
  const { host } = lab.addresses.sip;
  const fields = ['ip.dsfield.dscp', 'ip.dst', 'udp.srcport', 'udp.dstport', 'tcp.srcport', 'tcp.dstport', 'tcp.len'];
  const child = spawn(
    'tshark',
    [
      ...['-i', 'lo', '-n', '-l', '-Q', '-f', `ip src ${host}`, '-T', 'fields', '-E', 'separator=,'],
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  endWithUs(child);
  let text = '';
  let trouble = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    trouble += chunk.toString();
  });
  const exited = once(child, 'exit');
  try {
    // It captures when it shows what we make it see.
    const beacon = await SipPeer.start('beacon', lab.trunk(5));
    const deadline = performance.now() + 8_000;
    while (!text.includes(lab.trunk(5).host)) {
      must(performance.now() < deadline && child.exitCode === null, () => `tshark does not capture: ${trouble}`);
      void beacon.call('4930', lab.addresses.sip);
      await sleep(100);
    }
    await beacon.stop();
    await act();
    // What it reads comes some time after it was sent.
    await sleep(700);
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [mark, to, udpFrom, udpTo, tcpFrom, tcpTo, length] = line.split(',');
      return {
        dscp: Number(mark),
        to: to!,
        protocol: udpFrom === '' ? 'tcp' : 'udp',
        fromPort: Number(udpFrom || tcpFrom),
        toPort: Number(udpTo || tcpTo),
        length: Number(length),
      };
    });
}

function allMarked(packets: readonly Packet[], what: string, mark: number, fits: (packet: Packet) => boolean): string {
  const found = packets.filter(fits);
  const marks = [...new Set(found.map((packet) => packet.dscp))];
  must(
    found.length > 0 && marks.length === 1 && marks[0] === mark,
    () => `${what}: ${found.length} packets with DSCP ${marks}, ${mark} expected`,
  );
  return `${what}: ${found.length} packets, all ${mark}`;
}

const cases: readonly Case[] = [
  {
    name: 'SIP over UDP and RTP: 24 and 46 unless configured',
    async run(lab) {
      const { pbx, itsp } = lab.addresses;
      const packets = await captured(lab, async () => {
        const one = lab.use(await SipPeer.start('pbx', pbx));
        const two = lab.use(await SipPeer.start('itsp', itsp));
        const call = one.call(lab.called(), lab.addresses.sip);
        const { status, message } = await call.final;
        must(status === 200, () => `the caller got ${status}`);
        const media = (text: string) => ({
          host: /^c=IN IP4 (\S+)/m.exec(text)![1]!,
          port: Number(/^m=audio (\d+)/m.exec(text)![1]),
        });
        const [invite] = two.requests('INVITE');
        const parties = [
          await RtpParty.start({ host: pbx.host, port: rtpPort }, media(message.text), 20, 1),
          await RtpParty.start({ host: itsp.host, port: rtpPort }, media(invite!.text), 20, 2),
        ];
        for (const party of parties) party.watch();
        await lab.until('RTP goes both ways', () => parties.every((party) => party.heard().packets > 20));
        for (const party of parties) party.stop();
        must((await call.hangUp()) === 200, () => 'BYE was not answered with 200');
      });
      const sent = (to: string, port: number) => (packet: Packet) =>
        packet.protocol === 'udp' && packet.to === to && packet.toPort === port;
      for (const line of [
        allMarked(packets, 'SIP to the PBX', dscp.default.sip, sent(pbx.host, pbx.port)),
        allMarked(packets, 'SIP to the ITSP', dscp.own.sip, sent(itsp.host, itsp.port)),
        allMarked(packets, 'RTP to the PBX', dscp.default.rtp, sent(pbx.host, rtpPort)),
        allMarked(packets, 'RTP to the ITSP', dscp.own.rtp, sent(itsp.host, rtpPort)),
      ])
        console.log(`        ${line}`);
    },
  },
  {
    name: 'SIP over TCP as configured, and a trunk that is to have no marks has none',
    async run(lab) {
      const packets = await captured(lab, async () => {
        await lab.call(
          { caller: ordinaryCaller, callee: ordinaryCallee },
          { prefix: '50', to: lab.trunk(4), calleeTransport: 'tcp' },
        );
        await lab.call({ caller: ordinaryCaller, callee: ordinaryCallee }, { prefix: '51', to: lab.trunk(5) });
      });
      for (const line of [
        allMarked(
          packets,
          'TCP', // but for its handshake, which is over before the mark is set
          dscp.own.sip,
          ({ protocol, to, length }) => protocol === 'tcp' && to === lab.trunk(4).host && length > 0,
        ),
        allMarked(packets, 'unmarked', 0, ({ to }) => to === lab.trunk(5).host),
      ])
        console.log(`        ${line}`);
    },
  },
];

export const marks: Group = { name: 'marks', packages: ['tshark'], prepare, cases };
