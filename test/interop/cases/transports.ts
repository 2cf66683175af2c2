import { type Case, must } from '../harness.ts';
import { answer, anyProgress, callee, caller, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';
import { calleeHangsUp } from './teardown.ts';

const answered = [{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }] as const;

/** An INVITE of over 1300 bytes, which less SDP would not shorten: a long field that passes. */
const longCaller = ordinaryCaller.replace(
  'Content-Type: application/sdp',
  `Subject: ${'0123456789'.repeat(110)}\nContent-Type: application/sdp`,
);

export const transports: readonly Case[] = [
  {
    name: 'TCP in, UDP out',
    async run(lab) {
      await lab.call({ caller: ordinaryCaller, callee: ordinaryCallee }, { callerTransport: 'tcp' });
      const [record] = await lab.records(answered);
      must(record!.leg.remote.startsWith('tcp'), () => `the caller's leg is ${record!.leg.remote}`);
    },
  },
  {
    name: 'TCP in: BYE from the callee comes back on the caller’s connection',
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
        { callerTransport: 'tcp' },
      );
      await lab.records([{ reason: 'hangup', by: 'callee', answered: true }]);
    },
  },
  {
    name: 'an INVITE over 1300 bytes goes to the UDP trunk by TCP (18.1.1)',
    async run(lab) {
      await lab.call(
        {
          caller: longCaller,
          callee: scenario('callee on TCP', [
            callee.receivesInvite({ expect: ['Via: *SIP/2.0/TCP'] }),
            callee.reply('180 Ringing'),
            callee.reply('200 OK', { body: sdp() }),
            receive('ACK'),
            receive('BYE'),
            answer('200 OK'),
          ]),
        },
        { calleeTransport: 'tcp' },
      );
      await lab.records(answered);
    },
  },
  {
    name: 'an INVITE over 1300 bytes goes by UDP after all when TCP is refused (18.1.1)',
    async run(lab) {
      await lab.call({
        caller: longCaller,
        callee: ordinaryCallee,
      });
      await lab.records(answered);
    },
  },
];
