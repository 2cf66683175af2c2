import type { Case, Direction } from '../harness.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

/** Ringing, answer, BYE from the caller: what most cases begin and end with. */
export const ordinaryCaller = scenario('ordinary caller', [
  caller.invite({ body: sdp() }),
  anyProgress,
  receiveAnswer({ expect: ['m=audio [1-9]'] }),
  caller.ack(),
  pause(300),
  caller.request('BYE', 2),
  receive(200),
]);

export const ordinaryCallee = scenario('ordinary callee', [
  callee.receivesInvite(),
  callee.reply('180 Ringing'),
  callee.reply('200 OK', { body: sdp() }),
  receive('ACK'),
  receive('BYE'),
  answer('200 OK'),
]);

/** The digits of an address as an expression that finds no other. */
const literal = (host: string): string => host.replaceAll('.', '[.]');

function hiddenTopology(direction: Direction): Case {
  return {
    name: `nothing of one side shows on the other (${direction})`,
    async run(lab) {
      const { from, to } = lab.ends({ direction });
      await lab.call(
        {
          caller: scenario('caller that looks', [
            caller.invite({ body: sdp(), headers: ['User-Agent: secret-caller', 'X-Internal: secret-caller'] }),
            receive(100, { optional: true }),
            receive(180, { refuse: [literal(to.host), 'secret-callee'] }),
            receiveAnswer({ refuse: [literal(to.host), 'secret-callee'], expect: ['Contact:.*', 'm=audio [1-9]'] }),
            caller.ack(),
            pause(100),
            caller.request('BYE', 2, { headers: ['User-Agent: secret-caller'] }),
            receive(200, { refuse: ['secret-callee'] }),
          ]),
          callee: scenario('callee that looks', [
            callee.receivesInvite({ refuse: [literal(from.host), 'secret-caller'], expect: ['Max-Forwards: *69'] }),
            callee.reply('180 Ringing', { headers: ['Server: secret-callee'] }),
            callee.reply('200 OK', { body: sdp(), headers: ['Server: secret-callee'] }),
            receive('ACK', { refuse: [literal(from.host), 'secret-caller'] }),
            receive('BYE', { refuse: [literal(from.host), 'secret-caller'] }),
            answer('200 OK', { headers: ['Server: secret-callee'] }),
          ]),
        },
        { direction },
      );
      const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
      const [one, other] = [record!.leg.callId, record!.attempts[0]!.leg.callId];
      if (one === other) throw new Error(`both legs have the Call-ID ${one}`);
    },
  };
}

export const calls: readonly Case[] = [
  ...(['out', 'in'] as const).map(
    (direction): Case => ({
      name: `SIPp's built-in uac and uas (${direction})`,
      async run(lab) {
        await lab.call({ caller: 'builtin:uac', callee: 'builtin:uas' }, { direction, calls: 20, rate: 40 });
        await lab.records(
          Array.from(
            { length: 20 },
            () => ({ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }) as const,
          ),
        );
      },
    }),
  ),
  hiddenTopology('out'),
  hiddenTopology('in'),
  {
    name: 'an answer without ringing',
    async run(lab) {
      const steps = [
        callee.receivesInvite(),
        callee.reply('200 OK', { body: sdp() }),
        receive('ACK'),
        receive('BYE'),
        answer('200 OK'),
      ];
      await lab.call({ caller: ordinaryCaller, callee: scenario('callee', steps) });
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
    },
  },
  {
    name: 'several 180 and 183, from two forks',
    async run(lab) {
      await lab.call({
        caller: scenario('caller', [
          caller.invite({ body: sdp() }),
          receive(100, { optional: true }),
          receive(180),
          receive(183, { expect: ['m=audio [1-9]'] }),
          receive(180, { optional: true }),
          receiveAnswer({ expect: ['m=audio [1-9]'] }),
          caller.ack(),
          pause(200),
          caller.request('BYE', 2),
          receive(200),
        ]),
        callee: scenario('two forks', [
          callee.receivesInvite(),
          callee.reply('180 Ringing', { fork: 'one' }),
          pause(100),
          callee.reply('183 Session Progress', { fork: 'two', body: sdp({ port: 30_002 }) }),
          pause(100),
          callee.reply('180 Ringing', { fork: 'one' }),
          pause(100),
          callee.reply('200 OK', { fork: 'two', body: sdp({ port: 30_002 }) }),
          receive('ACK', { expect: ['To:.*two'] }),
          receive('BYE', { expect: ['To:.*two'] }),
          answer('200 OK'),
        ]),
      });
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }]);
    },
  },
  {
    name: '200 calls at 100 a second',
    async run(lab) {
      await lab.call({ caller: ordinaryCaller, callee: ordinaryCallee }, { calls: 200, rate: 100 });
      await lab.records(
        Array.from({ length: 200 }, () => ({ reason: 'hangup', by: 'caller', answered: true }) as const),
      );
    },
  },
];
