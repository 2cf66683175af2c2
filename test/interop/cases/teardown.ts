import type { Case } from '../harness.ts';
import { answer, anyProgress, at, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/** BYE after a while, unless the other side's was first; then it may still come before or after the 200, or not at all. */
const byeOfBoth = (bye: string): string[] => [
  receive('BYE', { timeout: 400, onTimeout: 'ours' }),
  answer('200 OK', { next: 'end' }),
  at('ours'),
  bye,
  receive('BYE', { optional: true, next: 'theirs' }),
  receive(200, { expect: ['CSeq:.*BYE'] }),
  receive('BYE', { timeout: 400, onTimeout: 'end' }),
  answer('200 OK', { next: 'end' }),
  at('theirs'),
  answer('200 OK'),
  receive(200, { expect: ['CSeq:.*BYE'] }),
  at('end'),
  pause(10),
];

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
            callee: scenario('callee that hangs up', [
              callee.receivesInvite(),
              callee.reply('180 Ringing'),
              callee.reply('200 OK', { body: sdp() }),
              receive('ACK'),
              pause(300),
              callee.request('BYE', 1),
              receive(200),
            ]),
          },
          { direction },
        );
        await lab.records([{ reason: 'hangup', by: 'callee', answered: true }]);
      },
    }),
  ),
  {
    name: 'BYE from both at once',
    async run(lab) {
      const calls = 20;
      await lab.call(
        {
          caller: scenario('caller', [
            caller.invite({ body: sdp() }),
            anyProgress,
            receiveAnswer(),
            caller.ack(),
            ...byeOfBoth(caller.request('BYE', 2)),
          ]),
          callee: scenario('callee', [
            callee.receivesInvite(),
            callee.reply('200 OK', { body: sdp() }),
            receive('ACK'),
            ...byeOfBoth(callee.request('BYE', 1)),
          ]),
        },
        { calls, rate: 20 },
      );
      await lab.records(Array.from({ length: calls }, () => ({ reason: 'hangup', answered: true }) as const));
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
    name: 'every tenth message lost at both parties, 50 calls',
    limit: 40,
    async run(lab) {
      // SIPp loses at random; what is lost is sent again by one side or the other until the call is through. Calls last
      // so long that the callee has its ACK before the BYE.
      await lab.call(
        { caller: ordinaryCaller.replace(pause(300), pause(8_000)), callee: ordinaryCallee },
        { calls: 50, rate: 25, arguments: ['-lost', '10'] },
      );
      await lab.records(
        Array.from({ length: 50 }, () => ({ reason: 'hangup', by: 'caller', answered: true }) as const),
      );
    },
  },
];
