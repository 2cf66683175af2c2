import type { Case } from '../harness.ts';
import {
  answer,
  answerKept,
  anyProgress,
  callee,
  caller,
  keepRequest,
  pause,
  receive,
  receiveAnswer,
  scenario,
  sdp,
} from '../scenario.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

export const calleeHangsUp = scenario('callee that hangs up', [
  callee.receivesInvite(),
  callee.reply('180 Ringing'),
  callee.reply('200 OK', { body: sdp() }),
  receive('ACK'),
  pause(300),
  callee.request('BYE', 1),
  receive(200),
]);

export const teardown: readonly Case[] = [
  ...(['out', 'in'] as const).map(
    (direction): Case => ({
      name: `BYE from the callee (${direction})`,
      async run(lab) {
        await lab.call(
          {
            caller: scenario('caller', [
              caller.invite({ body: sdp() }),
              anyProgress,
              receiveAnswer(),
              caller.ack(),
              receive('BYE'),
              answer('200 OK'),
            ]),
            callee: calleeHangsUp,
          },
          { direction },
        );
        await lab.records([{ reason: 'hangup', by: 'callee', answered: true }]);
      },
    }),
  ),
  {
    name: 'BYE from both at once: the callee’s is on its way when the caller’s comes',
    async run(lab) {
      await lab.call(
        {
          caller: ordinaryCaller,
          callee: scenario('callee whose BYE crosses', [
            callee.receivesInvite(),
            callee.reply('200 OK', { body: sdp() }),
            receive('ACK'),
            receive('BYE', { actions: keepRequest }),
            callee.request('BYE', 1),
            receive(200, { expect: ['CSeq: *1 BYE'] }),
            answerKept('200 OK'),
          ]),
        },
        { calls: 20, rate: 20 },
      );
      await lab.records(
        Array.from({ length: 20 }, () => ({ reason: 'hangup', by: 'caller', answered: true }) as const),
      );
    },
  },
  {
    name: 'BYE from both at once: the caller’s is on its way when the callee’s comes',
    async run(lab) {
      await lab.call(
        {
          caller: scenario('caller whose BYE crosses', [
            caller.invite({ body: sdp() }),
            anyProgress,
            receiveAnswer(),
            caller.ack(),
            receive('BYE', { actions: keepRequest }),
            caller.request('BYE', 2),
            receive(200, { expect: ['CSeq: *2 BYE'] }),
            answerKept('200 OK'),
          ]),
          callee: calleeHangsUp,
        },
        { calls: 20, rate: 20 },
      );
      await lab.records(
        Array.from({ length: 20 }, () => ({ reason: 'hangup', by: 'callee', answered: true }) as const),
      );
    },
  },
  {
    name: 'a late ACK: the 200 is sent again until it comes',
    async run(lab) {
      await lab.call({
        caller: scenario('caller whose ACK is late', [
          caller.invite({ body: sdp() }),
          anyProgress,
          receiveAnswer(),
          pause(1_800), // the 200 comes again after 0.5 and 1.5 s
          caller.ack(),
          pause(300),
          caller.request('BYE', 2),
          receive(200),
        ]),
        callee: ordinaryCallee,
      });
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
    },
  },
  {
    name: 'every twentieth message lost at both parties, 100 calls',
    limit: 45,
    async run(lab) {
      // SIPp loses at random what it should receive; the program and SIPp send it again until the call is through. Calls
      // last so long that the callee has its ACK before the BYE.
      const losing = (text: string): string => text.replaceAll('<recv ', '<recv lost="5" ');
      await lab.call(
        { caller: losing(ordinaryCaller.replace(pause(300), pause(8_000))), callee: losing(ordinaryCallee) },
        { calls: 100, rate: 50, calleeStays: 9, timeout: 35 },
      );
      await lab.records(
        Array.from({ length: 100 }, () => ({ reason: 'hangup', by: 'caller', answered: true }) as const),
      );
    },
  },
];
