import type { Case } from '../harness.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

const cancelled = [{ reason: 'cancelled', by: 'caller', answered: false, attempts: [{}] }] as const;

/** INVITE, `before`, CANCEL: its 200, the INVITE's 487, ACK. */
const callerThatCancels = (...before: readonly string[]): string =>
  scenario('caller that gives up', [
    caller.invite({ body: sdp() }),
    ...before,
    caller.cancel(),
    receive(200, { expect: ['CSeq:.*CANCEL'] }),
    receive(180, { optional: true }),
    receive(487, { expect: ['CSeq:.*INVITE'] }),
    caller.ackFailure(),
  ]);

const hundred = receive(100);

export const cancelling: readonly Case[] = [
  {
    name: 'CANCEL while it rings',
    async run(lab) {
      await lab.call({
        caller: callerThatCancels(receive(100, { optional: true }), receive(180), pause(200)),
        callee: scenario('callee', [
          callee.receivesInvite(),
          callee.reply('180 Ringing'),
          receive('CANCEL'),
          answer('200 OK'),
          callee.reply('487 Request Terminated'),
          receive('ACK'),
        ]),
      });
      await lab.records(cancelled);
    },
  },
  {
    name: 'CANCEL before the callee said anything waits for its first word (9.1)',
    async run(lab) {
      await lab.call({
        caller: callerThatCancels(hundred, pause(100)),
        callee: scenario('slow callee', [
          callee.receivesInvite(),
          pause(400), // a CANCEL before the 100 would be taken for an unexpected message
          callee.reply('100 Trying'),
          receive('CANCEL'),
          answer('200 OK'),
          callee.reply('487 Request Terminated'),
          receive('ACK'),
        ]),
      });
      await lab.records(cancelled);
    },
  },
  {
    name: 'CANCEL, and the callee’s first word is its answer: ACK and BYE',
    async run(lab) {
      await lab.call({
        caller: callerThatCancels(hundred, pause(100)),
        callee: scenario('callee that answers late', [
          callee.receivesInvite(),
          pause(400),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
          receive('BYE'),
          answer('200 OK'),
        ]),
      });
      await lab.records(cancelled);
    },
  },
  {
    name: 'CANCEL crosses the answer: the callee’s 200 gets ACK and BYE',
    async run(lab) {
      await lab.call({
        caller: callerThatCancels(receive(100, { optional: true }), receive(180), pause(200)),
        callee: scenario('callee that answers', [
          callee.receivesInvite(),
          callee.reply('180 Ringing'),
          receive('CANCEL'),
          answer('200 OK'),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
          receive('BYE'),
          answer('200 OK'),
        ]),
      });
      await lab.records(cancelled);
    },
  },
  {
    name: 'CANCEL after the answer changes nothing',
    async run(lab) {
      await lab.call({
        caller: scenario('caller whose CANCEL is late', [
          caller.invite({ body: sdp() }),
          anyProgress,
          receiveAnswer(),
          caller.ack(),
          caller.cancel(),
          receive(481, { optional: true, next: 'done' }), // the transaction is over or lingers: 481 or 200 (9.2)
          receive(200, { expect: ['CSeq:.*CANCEL'] }),
          '<label id="done"/>',
          pause(200),
          caller.request('BYE', 2),
          receive(200, { expect: ['CSeq:.*BYE'] }),
        ]),
        callee: scenario('callee', [
          callee.receivesInvite(),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
          receive('BYE'),
          answer('200 OK'),
        ]),
      });
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
    },
  },
];
