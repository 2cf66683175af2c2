import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sipp } from '../../perf/sipp.ts';
import { type Case, type Lab, logLines, must, wentByScenario } from '../harness.ts';
import { RtpParty } from '../rtp.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

const calls = 100;
/** Milliseconds between two packets of a party: a tenth of the load of real calls, enough to see a gap. */
const interval = 50;
/** Milliseconds that a caller talks before it changes or ends the call: the signalling process dies in there. */
const talk = 9_000;

/** What `[auto_media_port]` begins at (`-mp`; SIPp itself takes that one); every call takes the next but three. */
const sippPort = 30_000;
const ownPort = (call: number): number => sippPort + 100 + 4 * (call - 1);
const port = '[auto_media_port+100]';

/** Writes "CALL HOST PORT", what the session description that came says, to the log of the party. */
const logsMedia = [
  '<ereg regexp="c=IN IP4 ([0-9.]+)" search_in="msg" assign_to="line,host"/>',
  '<ereg regexp="m=audio ([0-9]+)" search_in="msg" assign_to="line,port"/>',
  '<log message="[call_number] [$host] [$port]"/>',
];
const variables = ['host', 'port', 'line'];

const setUpByCaller = [
  caller.invite({ body: sdp({ port }) }),
  anyProgress,
  receiveAnswer({ actions: logsMedia }),
  caller.ack(),
];
const setUpByCallee = [
  callee.receivesInvite({ actions: logsMedia }),
  callee.reply('180 Ringing'),
  callee.reply('200 OK', { body: sdp({ port }) }),
  receive('ACK'),
];

/** Both ends' RTP parties, as the two SIPps logged them. */
async function startTalking(lab: Lab, sides: readonly { sipp: string; host: string }[]): Promise<RtpParty[]> {
  const parties: RtpParty[] = [];
  for (const { sipp, host } of sides) {
    const lines = logLines(join(lab.caseDirectory, sipp));
    must(lines.length === calls, () => `${lines.length} of ${calls} calls have media`);
    for (const line of lines) {
      const [call, theirHost, theirPort] = line.split(' ');
      const local = { host, port: ownPort(Number(call)) };
      parties.push(await RtpParty.start(local, { host: theirHost!, port: Number(theirPort) }, interval, Number(call)));
    }
  }
  return parties;
}

/** Calls that talk, and the two SIPps that hold them. */
async function talking(
  lab: Lab,
  byCaller: string,
  byCallee: string,
): Promise<{ uac: Sipp; uas: Sipp; parties: RtpParty[] }> {
  const log = (name: string): string[] => [
    '-trace_logs',
    '-log_file',
    join(lab.caseDirectory, name),
    '-mp',
    String(sippPort),
  ];
  const { from, to } = lab.ends({});
  const trace = { trace: true, timeout: 40 };
  const uas = lab.sipp({ scenario: byCallee, local: to, calls, arguments: log('callee.log'), ...trace });
  await sleep(150);
  const uac = lab.sipp({
    scenario: byCaller,
    local: from,
    remote: lab.addresses.sip,
    called: lab.called(),
    rate: 100,
    calls,
    arguments: log('caller.log'),
    ...trace,
  });
  await sleep(2_000);
  const parties = await startTalking(lab, [
    { sipp: 'caller.log', host: from.host },
    { sipp: 'callee.log', host: to.host },
  ]);
  await sleep(600); // both sources are learnt by now
  for (const party of parties) party.watch();
  await sleep(400);
  return { uac, uas, parties };
}

/** kill -9, and the supervisor must have started another one within a few seconds. */
async function killAndAwait(lab: Lab, kind: 'signalling' | 'media'): Promise<void> {
  const before = lab.process(kind);
  process.kill(before, 'SIGKILL');
  for (let tenths = 0; tenths < 50; tenths++) {
    await sleep(100);
    try {
      if (lab.process(kind) !== before) return;
    } catch {
      // not there yet
    }
  }
  throw new Error(`the ${kind} process was not started again`);
}

async function survives(lab: Lab, byCaller: string, byCallee: string, endedBy: 'caller' | 'callee'): Promise<void> {
  const { uac, uas, parties } = await talking(lab, byCaller, byCallee);
  try {
    const media = lab.process('media');
    await killAndAwait(lab, 'signalling');
    must(lab.process('media') === media, () => 'the media process was started anew, too');
    await sleep(2_500);
    // The calls go on for some seconds more: what was heard so far was heard without a pause.
    for (const [at, party] of parties.entries()) {
      const { packets, missing, longestPause } = party.heard();
      must(
        packets > 40 && missing === 0 && longestPause < 1_000,
        () =>
          `stream ${at}: ${packets} packets came, ${missing} were lost, the longest pause was ${longestPause.toFixed(0)} ms`,
      );
    }
    wentByScenario('the callers', await uac.done, calls);
    wentByScenario('the callees', await uas.done, calls);
  } finally {
    for (const party of parties) party.stop();
  }
  const records = await lab.records(
    Array.from({ length: calls }, () => ({ reason: 'hangup', by: endedBy, answered: true, attempts: [{}] }) as const),
  );
  for (const { talkMs } of records) {
    must(
      talkMs > talk - 1_000 && talkMs < talk + 4_000,
      () => `a record says ${talkMs} ms of talk, about ${talk} expected`,
    );
  }
}

export const survival: readonly Case[] = [
  {
    name: `kill -9 of signalling under ${calls} talking calls: none is lost, the caller changes and ends them`,
    limit: 40,
    run: (lab) =>
      survives(
        lab,
        scenario(
          'callers',
          [
            ...setUpByCaller,
            pause(talk),
            caller.request('INVITE', 2, { body: sdp({ port, version: 2, direction: 'sendonly' }) }),
            receive(100, { optional: true }),
            receiveAnswer(),
            caller.ack(2),
            pause(300),
            caller.request('BYE', 3),
            receive(200),
          ],
          variables,
        ),
        scenario(
          'callees',
          [
            ...setUpByCallee,
            receive('INVITE', { expect: ['a=sendonly'] }),
            answer('200 OK', { body: sdp({ port, version: 2, direction: 'recvonly' }) }),
            receive('ACK'),
            receive('BYE'),
            answer('200 OK'),
          ],
          variables,
        ),
        'caller',
      ),
  },
  {
    name: `kill -9 of signalling under ${calls} talking calls: none is lost, the callee changes and ends them`,
    limit: 40,
    run: (lab) =>
      survives(
        lab,
        scenario(
          'callers',
          [
            ...setUpByCaller,
            receive('INVITE', { expect: ['a=sendonly'] }),
            answer('200 OK', { body: sdp({ port, version: 2, direction: 'recvonly' }) }),
            receive('ACK'),
            receive('BYE'),
            answer('200 OK'),
          ],
          variables,
        ),
        scenario(
          'callees',
          [
            ...setUpByCallee,
            pause(talk),
            callee.request('INVITE', 1, { body: sdp({ port, version: 2, direction: 'sendonly' }) }),
            receive(100, { optional: true }),
            receiveAnswer(),
            callee.ack(1),
            pause(300),
            callee.request('BYE', 2),
            receive(200),
          ],
          variables,
        ),
        'callee',
      ),
  },
  {
    name: 'kill -9 of signalling while calls are being set up: each ends with a record',
    async run(lab) {
      const ringing = 10;
      const options = { calls: ringing, rate: 100 };
      const uas = lab.answering(
        scenario('callees that ring on', [callee.receivesInvite(), callee.reply('180 Ringing'), pause(30_000)]),
        options,
      );
      await sleep(150);
      const uac = lab.calling(
        scenario('callers that wait', [
          caller.invite({ body: sdp() }),
          receive(100, { optional: true }),
          receive(180),
          pause(30_000),
        ]),
        options,
      );
      await sleep(1_000);
      await killAndAwait(lab, 'signalling');
      await sleep(1_000);
      await Promise.all([uac.stop(), uas.stop()]);
      await lab.records(Array.from({ length: ringing }, () => ({ reason: 'restarted', answered: false }) as const));
    },
  },
  {
    name: 'kill -9 of media: its calls end as media-lost, new calls work at once',
    async run(lab) {
      const held = 20;
      const options = { calls: held, rate: 100 };
      const ended = (begin: readonly string[]): string =>
        scenario('held', [...begin, receive('BYE'), answer('200 OK')]);
      const uas = lab.answering(
        ended([
          callee.receivesInvite(),
          callee.reply('180 Ringing'),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
        ]),
        options,
      );
      await sleep(150);
      const uac = lab.calling(
        ended([caller.invite({ body: sdp() }), anyProgress, receiveAnswer(), caller.ack()]),
        options,
      );
      await sleep(1_000);
      const signalling = lab.process('signalling');
      await killAndAwait(lab, 'media');
      wentByScenario('the callers', await uac.done, held);
      wentByScenario('the callees', await uas.done, held);
      must(lab.process('signalling') === signalling, () => 'the signalling process was started anew, too');
      await lab.records(
        Array.from({ length: held }, () => ({ reason: 'media-lost', by: 'tandem', answered: true }) as const),
      );
    },
  },
  {
    name: 'after kill -9 of media a call that comes while it starts works',
    async run(lab) {
      const uas = lab.answering(ordinaryCallee);
      await sleep(150);
      process.kill(lab.process('media'), 'SIGKILL');
      wentByScenario('the caller', await lab.calling(ordinaryCaller).done, 1);
      wentByScenario('the callee', await uas.done, 1);
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
    },
  },
];
