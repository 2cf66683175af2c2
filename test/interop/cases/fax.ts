import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, type Group, type Lab, logLines, must, wentByScenario } from '../harness.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { UdptlParty } from '../udptl.ts';

/** Two gateways that change to T.38 in the middle of a call, and the UDPTL between them. */

const packets = 40;
const ports = { caller: 34_704, callee: 34_804 };

/** What the called gateway can do, and what the calling one makes of it. */
const offered = [
  'T38FaxVersion:3',
  'T38MaxBitRate:33600',
  'T38FaxFillBitRemoval:0',
  'T38FaxRateManagement:transferredTCF',
  'T38FaxMaxBuffer:1800',
  'T38FaxMaxDatagram:400',
  'T38FaxUdpEC:t38UDPRedundancy',
];
const answered = ['T38FaxVersion:0', 'T38MaxBitRate:14400', 'T38FaxMaxDatagram:72', 'T38FaxUdpEC:t38UDPFEC'];

function t38(version: number, port: number, parameters: readonly string[], before: readonly string[] = []): string {
  return [
    'v=0',
    `o=- 7 ${version} IN IP4 [local_ip]`,
    's=-',
    'c=IN IP4 [local_ip]',
    't=0 0',
    ...before,
    `m=image ${port} udptl t38`,
    ...parameters.map((one) => `a=${one}`),
  ].join('\n');
}

const says = (parameters: readonly string[]) => [
  'm=image [1-9][0-9]* udptl t38',
  ...parameters.map((one) => `a=${one}`),
];

/** Where the program listens for UDPTL, in the log of a party. */
const logsMedia = [
  '<ereg regexp="m=image ([0-9]+)" search_in="msg" assign_to="line,port"/>',
  '<log message="[$line], that is [$port]"/>',
];

const begins = {
  caller: [caller.invite({ body: sdp() }), anyProgress, receiveAnswer(), caller.ack()],
  callee: [
    callee.receivesInvite(),
    callee.reply('180 Ringing'),
    callee.reply('200 OK', { body: sdp() }),
    receive('ACK'),
    pause(200),
  ],
};

async function port(lab: Lab, name: string): Promise<number> {
  for (let tries = 0; tries < 60; tries++) {
    const [line] = logLines(join(lab.caseDirectory, name));
    if (line !== undefined) return Number(line.split(' ').at(-1));
    await sleep(100);
  }
  throw new Error(`${name}: no T.38 was agreed on`);
}

/** Both parties' pages must cross whole, in order and as they were. */
async function pages(lab: Lab): Promise<void> {
  const { from, to } = lab.ends({});
  const at = async (name: string, host: string, local: number, content: number) =>
    lab.use(
      named(
        name,
        await UdptlParty.start(
          { host, port: local },
          { host: '127.0.0.1', port: await port(lab, `${name}.log`) },
          content,
        ),
      ),
    );
  const gateways = [
    await at('caller', from.host, ports.caller, 1),
    await at('callee', to.host, ports.callee, 101),
  ] as const;
  await sleep(200); // the plan of the relay is behind its 200 by then
  await Promise.all(gateways.map(({ party }) => party.send(packets, 20)));
  await sleep(200);
  for (const [i, { name, party }] of gateways.entries()) {
    const other = gateways[1 - i]!.party;
    must(
      party.heard.join() === other.sent.join(),
      () => `the ${name} heard ${party.heard.length} of ${other.sent.length} packets, or others than were sent`,
    );
  }
}

const named = (name: string, party: UdptlParty) => ({
  name,
  party,
  said: () => `sent ${party.sent.length}, heard ${party.heard.length}: ${party.heard.slice(-3)}`,
  stop: () => party.stop(),
});

/** A call whose two scenarios run while something else goes on. */
async function during(
  lab: Lab,
  steps: { caller: string[]; callee: string[] },
  act: () => Promise<void>,
): Promise<void> {
  const log = (name: string) => ['-trace_logs', '-log_file', join(lab.caseDirectory, `${name}.log`)];
  const uas = lab.answering(scenario('callee', [...begins.callee, ...steps.callee]), {
    arguments: log('callee'),
  });
  await sleep(150);
  const uac = lab.calling(scenario('caller', [...begins.caller, ...steps.caller]), {
    arguments: log('caller'),
  });
  await act();
  wentByScenario('the caller', await uac.done, 1);
  wentByScenario('the callee', await uas.done, 1);
}

const hungUp = [{ reason: 'hangup', answered: true, attempts: [{}] }] as const;

const hangsUp = [caller.request('BYE', 9), receive(200)];
const isHungUp = [receive('BYE'), answer('200 OK')];
/** From the first page on until the last has surely come. */
const faxing = pause(packets * 20 + 1_200);

const changesAndBack: Case = {
  name: 'the called gateway changes to T.38, pages cross both ways, and voice comes back',
  async run(lab) {
    await during(
      lab,
      {
        caller: [
          receive('INVITE', { expect: says(offered), actions: logsMedia }),
          answer('200 OK', { body: t38(2, ports.caller, answered) }),
          receive('ACK'),
          receive('INVITE', { expect: ['m=audio [1-9]'], refuse: ['m=image'] }),
          answer('200 OK', { body: sdp({ version: 3 }) }),
          receive('ACK'),
          pause(300),
          ...hangsUp,
        ],
        callee: [
          callee.request('INVITE', 2, { body: t38(2, ports.callee, offered) }),
          receive(100, { optional: true }),
          receiveAnswer({ expect: says(answered), actions: logsMedia }),
          callee.ack(2),
          faxing,
          callee.request('INVITE', 3, { body: sdp({ version: 3 }) }),
          receive(100, { optional: true }),
          receiveAnswer({ expect: ['m=audio [1-9]'], refuse: ['m=image'] }),
          callee.ack(3),
          ...isHungUp,
        ],
      },
      () => pages(lab),
    );
    const [record] = await lab.records(hungUp);
    const fax = record!.media?.find(({ media }) => media === 'image');
    must(
      fax?.a.packets === packets && fax.b.packets === packets && fax.a.lost === 0 && fax.b.lost === 0,
      () => `the record says of the fax: ${JSON.stringify(record!.media)}`,
    );
  },
};

const lineOfItsOwn: Case = {
  name: 'the calling gateway offers T.38 on a line of its own, and pages cross',
  async run(lab) {
    const noVoice = ['m=audio 0 RTP/AVP 8'];
    await during(
      lab,
      {
        caller: [
          pause(300),
          caller.request('INVITE', 2, { body: t38(2, ports.caller, offered, noVoice) }),
          receive(100, { optional: true }),
          receiveAnswer({ expect: ['m=audio 0 ', ...says(answered)], actions: logsMedia }),
          caller.ack(2),
          faxing,
          ...hangsUp,
        ],
        callee: [
          receive('INVITE', { expect: ['m=audio 0 ', ...says(offered)], actions: logsMedia }),
          answer('200 OK', { body: t38(2, ports.callee, answered, noVoice) }),
          receive('ACK'),
          ...isHungUp,
        ],
      },
      () => pages(lab),
    );
    await lab.records(hungUp);
  },
};

/** Voice as a gateway says it that has heard a fax: no pause is to be left out. */
const forModem = sdp({ version: 3, lines: ['a=silenceSupp:off - - - -'] }).replace('8 0 101', '8 13');

const refused: Case = {
  name: 'T.38 is refused, and the fax goes on by voice without comfort noise',
  async run(lab) {
    await lab.call({
      caller: scenario('caller', [
        ...begins.caller,
        receive('INVITE', { expect: ['m=image [1-9]'] }),
        answer('488 Not Acceptable Here'),
        receive('ACK'),
        receive('INVITE', { expect: ['silenceSupp:off', 'm=audio [1-9][0-9]* RTP/AVP 8'], refuse: ['RTP/AVP 8 13'] }),
        answer('200 OK', { body: forModem }),
        receive('ACK'),
        pause(200),
        ...hangsUp,
      ]),
      callee: scenario('callee', [
        ...begins.callee,
        callee.request('INVITE', 2, { body: t38(2, ports.callee, offered) }),
        receive(100, { optional: true }),
        receive(488),
        callee.ackReinviteFailure(2),
        callee.request('INVITE', 3, { body: forModem }),
        receive(100, { optional: true }),
        receiveAnswer({ expect: ['silenceSupp:off', 'm=audio [1-9][0-9]* RTP/AVP 8'], refuse: ['RTP/AVP 8 13'] }),
        callee.ack(3),
        ...isHungUp,
      ]),
    });
    await lab.records(hungUp);
  },
};

const withoutT38: Case = {
  name: 'a trunk with `fax: audio` never sees T.38, and the call goes on',
  async run(lab) {
    await lab.call(
      {
        caller: scenario('caller', [
          ...begins.caller,
          pause(200),
          caller.request('INVITE', 2, { body: t38(2, ports.caller, offered) }),
          receive(100, { optional: true }),
          receive(488),
          caller.ackReinviteFailure(2),
          caller.request('INVITE', 3, { body: sdp({ version: 3, codecs: [0] }) }),
          receive(100, { optional: true }),
          receiveAnswer({ expect: ['m=audio [1-9]'] }),
          caller.ack(3),
          pause(200),
          ...hangsUp,
        ]),
        // The next INVITE that it sees is the one for voice.
        callee: scenario('callee', [
          ...begins.callee,
          receive('INVITE', { expect: ['m=audio [1-9]'], refuse: ['m=image'] }),
          answer('200 OK', { body: sdp({ version: 2, codecs: [0] }) }),
          receive('ACK'),
          ...isHungUp,
        ]),
      },
      { prefix: '50', to: lab.trunk(4) },
    );
    await lab.records(hungUp, '50');
  },
};

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  return {
    listeners: [{ name: 'sip', bind: at(sip) }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx), health: 'off' },
      { name: 'itsp', kind: 'itsp', addresses: at(itsp), fax: 't38', health: 'off' },
      { name: 'voice', kind: 'itsp', addresses: at(lab.trunk(4)), fax: 'audio', health: 'off' },
    ],
    routes: [
      { name: 'voice', from: 'pbx', called: { prefix: '50' }, to: 'voice' },
      { name: 'out', from: 'pbx', to: 'itsp' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

export const fax: Group = { name: 'fax', prepare, cases: [changesAndBack, lineOfItsOwn, refused, withoutT38] };
