import type { Case, Direction } from '../harness.ts';
import {
  answer,
  anyProgress,
  callee,
  caller,
  pause,
  receive,
  receiveAnswer,
  type SdpOptions,
  scenario,
  sdp,
} from '../scenario.ts';

interface Change {
  readonly name: string;
  readonly offer: SdpOptions;
  readonly answer: SdpOptions;
  /** What the other side must find in the offer, and the one who asked in the answer. */
  readonly offered: readonly string[];
  readonly answered: readonly string[];
}

const changes: readonly Change[] = [
  {
    name: 'hold with sendonly and back',
    offer: { direction: 'sendonly' },
    answer: { direction: 'recvonly' },
    offered: ['a=sendonly'],
    answered: ['a=recvonly'],
  },
  {
    name: 'hold with inactive and back',
    offer: { direction: 'inactive' },
    answer: { direction: 'inactive' },
    offered: ['a=inactive'],
    answered: ['a=inactive'],
  },
  {
    name: 'another codec and back',
    offer: { codecs: [0] },
    answer: { codecs: [0] },
    offered: ['RTP/AVP 0 101', 'PCMU/8000'],
    answered: ['RTP/AVP 0 101', 'PCMU/8000'],
  },
  {
    name: 'another address and back',
    offer: { port: 34_568 },
    answer: {},
    offered: ['m=audio [1-9]'],
    answered: ['m=audio [1-9]'],
  },
];

const answered = [{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }] as const;

const callerBegins = [caller.invite({ body: sdp() }), anyProgress, receiveAnswer(), caller.ack(), pause(200)];
const calleeBegins = [
  callee.receivesInvite(),
  callee.reply('180 Ringing'),
  callee.reply('200 OK', { body: sdp() }),
  receive('ACK'),
];
const back = {
  name: 'back',
  offer: { direction: 'sendrecv' },
  answer: {},
  offered: ['m=audio [1-9]'],
  answered: [],
} as const;

function fromCaller(change: Change, direction: Direction): Case {
  const asks = (what: Change, cseq: number): string[] => [
    caller.request('INVITE', cseq, { body: sdp({ ...what.offer, version: cseq }) }),
    receive(100, { optional: true }),
    receiveAnswer({ expect: what.answered }),
    caller.ack(cseq),
    pause(150),
  ];
  const accepts = (what: Change, version: number): string[] => [
    receive('INVITE', { expect: what.offered }),
    answer('200 OK', { body: sdp({ ...what.answer, version }) }),
    receive('ACK'),
  ];
  return {
    name: `re-INVITE from the caller (${direction}): ${change.name}`,
    async run(lab) {
      await lab.call(
        {
          caller: scenario('caller that changes', [
            ...callerBegins,
            ...asks(change, 2),
            ...asks(back, 3),
            caller.request('BYE', 4),
            receive(200),
          ]),
          callee: scenario('callee', [
            ...calleeBegins,
            ...accepts(change, 2),
            ...accepts(back, 3),
            receive('BYE'),
            answer('200 OK'),
          ]),
        },
        { direction },
      );
      await lab.records(answered);
    },
  };
}

function fromCallee(change: Change, direction: Direction): Case {
  const asks = (what: Change, cseq: number): string[] => [
    callee.request('INVITE', cseq, { body: sdp({ ...what.offer, version: cseq }) }),
    receive(100, { optional: true }),
    receiveAnswer({ expect: what.answered }),
    callee.ack(cseq),
    pause(150),
  ];
  const accepts = (what: Change, version: number): string[] => [
    receive('INVITE', { expect: what.offered }),
    answer('200 OK', { body: sdp({ ...what.answer, version }) }),
    receive('ACK'),
  ];
  return {
    name: `re-INVITE from the callee (${direction}): ${change.name}`,
    async run(lab) {
      await lab.call(
        {
          caller: scenario('caller', [
            caller.invite({ body: sdp() }),
            anyProgress,
            receiveAnswer(),
            caller.ack(),
            ...accepts(change, 2),
            ...accepts(back, 3),
            pause(300),
            caller.request('BYE', 2),
            receive(200),
          ]),
          callee: scenario('callee that changes', [
            ...calleeBegins,
            pause(200),
            ...asks(change, 1),
            ...asks(back, 2),
            receive('BYE'),
            answer('200 OK'),
          ]),
        },
        { direction },
      );
      await lab.records(answered);
    },
  };
}

export const changing: readonly Case[] = [
  ...changes.map((change) => fromCaller(change, 'out')),
  ...changes.map((change) => fromCallee(change, 'out')),
  fromCaller(changes[0]!, 'in'),
  fromCallee(changes[0]!, 'in'),
  {
    name: 'a re-INVITE that is refused with 488 leaves the call as it was',
    async run(lab) {
      await lab.call({
        caller: scenario('caller', [
          ...callerBegins,
          caller.request('INVITE', 2, { body: sdp({ version: 2, codecs: [0] }) }),
          receive(100, { optional: true }),
          receive(488),
          caller.ackReinviteFailure(2),
          pause(150),
          caller.request('BYE', 3),
          receive(200),
        ]),
        callee: scenario('callee that refuses', [
          ...calleeBegins,
          receive('INVITE'),
          answer('488 Not Acceptable Here'),
          receive('ACK'),
          receive('BYE'),
          answer('200 OK'),
        ]),
      });
      await lab.records(answered);
    },
  },
  {
    name: 'a re-INVITE with codecs that a provider is not asked to take gets 488, and the call is left as it was',
    async run(lab) {
      await lab.call({
        caller: scenario('caller', [
          ...callerBegins,
          caller.request('INVITE', 2, { body: sdp({ version: 2, codecs: [9] }) }),
          receive(100, { optional: true }),
          receive(488),
          caller.ackReinviteFailure(2),
          pause(150),
          caller.request('BYE', 3),
          receive(200),
        ]),
        callee: scenario('callee that hears nothing of it', [...calleeBegins, receive('BYE'), answer('200 OK')]),
      });
      await lab.records(answered);
    },
  },
  {
    name: 'a re-INVITE without an offer: the offer is in its 200',
    async run(lab) {
      await lab.call({
        caller: scenario('caller', [
          ...callerBegins,
          caller.request('INVITE', 2),
          receive(100, { optional: true }),
          receiveAnswer({ expect: ['m=audio [1-9]'] }),
          caller.ack(2, { body: sdp({ version: 2 }) }),
          pause(150),
          caller.request('BYE', 3),
          receive(200),
        ]),
        callee: scenario('callee that offers', [
          ...calleeBegins,
          receive('INVITE', { refuse: ['m=audio'] }),
          answer('200 OK', { body: sdp({ version: 2 }) }),
          receive('ACK', { expect: ['m=audio [1-9]'] }),
          receive('BYE'),
          answer('200 OK'),
        ]),
      });
      await lab.records(answered);
    },
  },
];
