import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Case, type Group, type Lab, must, wentByScenario } from '../harness.ts';
import { heard, startPhone } from '../phone.ts';
import { answer, anyProgress, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { ordinaryCallee } from './calls.ts';

/** Reports on voice quality (RFC 6035): SIPp sends one and is the collector of ours; baresip talks, and tells by RTCP. */

const tandem = join(import.meta.dirname, '../../../bin/tandem');
const run = promisify(execFile);
const tones = { caller: 900, callee: 1_700 };
const aliceAt = (lab: Lab) => ({ host: lab.host(40), port: 5_080 });
const bobAt = (lab: Lab) => ({ host: lab.host(41), port: 5_090 });
const collectorAt = (lab: Lab) => lab.trunk(4);

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  const quality = { collector: `sip:vq@${at(collectorAt(lab))}` };
  return {
    listeners: [{ name: 'sip', bind: at(sip) }],
    'trunk-defaults': { quality: { reports: 'taken' }, health: 'off' },
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx) },
      { name: 'itsp', kind: 'itsp', addresses: at(itsp), quality: { reports: 'refused' } },
      { name: 'alice', kind: 'ip-pbx', addresses: at(aliceAt(lab)), quality },
      { name: 'bob', kind: 'ip-pbx', addresses: at(bobAt(lab)), quality },
    ],
    routes: [
      { name: 'talk', from: 'alice', to: 'bob' },
      { name: 'out', from: 'pbx', to: 'itsp' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

async function tandemSays(lab: Lab, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, LANG: 'C.UTF-8' };
  return (await run(tandem, [...args, '--data', lab.data], { env })).stdout;
}

async function metrics(lab: Lab): Promise<string> {
  const [answer] = await once(request({ socketPath: join(lab.data, 'api.sock'), path: '/metrics' }).end(), 'response');
  return text(answer);
}

const sent: Case = {
  name: 'a collector gets a report of each leg of a call; the record has how it went over time',
  limit: 60,
  async run(lab) {
    const report = [
      'Event: vq-rtcpxr',
      'Content-Type: application/vq-rtcpxr',
      'VQSessionReport: CallTerm',
      'CallID: .',
      'LocalMetrics:',
      'Timestamps: START=20..-..-..T..:..:..Z STOP=',
      'SessionDesc: PT=8',
      'PacketLoss: NLR=0',
      'Delay: .*IAJ=[0-9]',
      'DialogID: .*;to-tag=.*;from-tag=',
    ];
    const collector = lab.sipp({
      scenario: scenario('collector', [
        receive('PUBLISH', { expect: report, refuse: ['QualityEst', 'MOS'] }),
        answer('200 OK', { headers: ['SIP-ETag: x1', 'Expires: 3600'] }),
      ]),
      local: collectorAt(lab),
      calls: 2,
      timeout: 40,
    });
    const { host, port } = lab.addresses.sip;
    const bob = startPhone(lab, {
      user: 'bob',
      place: bobAt(lab),
      frequency: tones.callee,
      seconds: 21,
      answers: true,
    });
    await bob.ready;
    const alice = startPhone(lab, {
      user: 'alice',
      place: aliceAt(lab),
      frequency: tones.caller,
      seconds: 18,
      dials: `sip:bob@${host}:${port}`,
    });
    const call = await lab.until('a call', ({ calls }) => (calls as readonly { call: string }[])[0]?.call);
    // While it stands already: two steps have passed after ten seconds.
    await sleep(10_500);
    const standing = await tandemSays(lab, 'call', 'show', call);
    must(/state +talks/.test(standing) && /over time, 5 s a step:/.test(standing), () => standing);
    const [said, bobSaid] = await Promise.all([alice.done, bob.done]);
    heard(alice, tones.callee, said);
    heard(bob, tones.caller, bobSaid);
    wentByScenario('the collector', await collector.done, 2);
    const shows = await tandemSays(lab, 'cdr', 'show', call);
    must(/over time, 5 s a step:\n {4}caller, loss {8}▁▁/.test(shows), () => shows);
    must(/callee, jitter .* at most \d/.test(shows), () => shows);
  },
};

const body = [
  'VQSessionReport: CallTerm',
  'CallID: [call_id]',
  'LocalMetrics:',
  'PacketLoss:NLR=2.5 JDR=0.0',
  'Delay:RTD=0 ESD=20 IAJ=7 MAJ=2',
  'QualityEst:MOSLQ=4.1 MOSCQ=0.0',
].join('\n');
const publish = (headers: readonly string[] = []) =>
  caller.outside('PUBLISH', {
    body,
    contentType: 'application/vq-rtcpxr',
    headers: ['Event: vq-rtcpxr', ...headers],
  });

const received: Case = {
  name: 'what a peer tells of a call after its end stands with the call; what it did not measure is not there',
  async run(lab) {
    await lab.call({
      caller: scenario('reporter', [
        caller.invite({ body: sdp() }),
        anyProgress,
        receiveAnswer(),
        caller.ack(),
        pause(300),
        caller.request('BYE', 2),
        receive(200),
        publish(),
        receive(200, { expect: ['SIP-ETag: [0-9A-Za-z]', 'Expires: 3600'] }),
      ]),
      callee: ordinaryCallee,
    });
    const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
    for (let tries = 0; ; tries++) {
      const shows = await tandemSays(lab, 'cdr', 'show', record!.call);
      // RTD=0 and MOSCQ=0.0 are how a device says that it did not measure them.
      if (
        /at the caller’s end \(pbx\), of the whole: loss 2.5 %, discarded 0 %, jitter 7 ms, MOS of listening 4.1\n/.test(
          shows,
        )
      )
        break;
      must(tries < 20, () => shows);
      await sleep(200);
    }
    const figures = await metrics(lab);
    for (const wanted of [
      'tandem_quality_reports_total{trunk="pbx",kind="session"} 1',
      'tandem_quality_reported_mos_count{trunk="pbx"} 1',
      'tandem_quality_reports_sent_total{outcome="sent"} 2',
    ])
      must(
        figures.includes(`\n${wanted}\n`),
        () => `no ${wanted} in ${figures.match(/^tandem_quality.*$/gm)?.join('\n')}`,
      );
  },
};

const refused: Case = {
  name: 'a report of who may not send any is refused: 405; by an unknown entity tag: 412',
  async run(lab) {
    await lab.call({ caller: scenario('provider', [publish(), receive(405)]) }, { direction: 'in' });
    await lab.call({ caller: scenario('device', [publish(['SIP-If-Match: gone']), receive(412)]) });
  },
};

export const quality: Group = { name: 'quality', prepare, cases: [sent, received, refused] };
