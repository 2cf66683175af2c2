import { type Case, type ExpectedRecord, must, wentByScenario } from '../harness.ts';
import {
  answer,
  anyProgress,
  at,
  callee,
  caller,
  pause,
  receive,
  receiveAnswer,
  receiveOneOf,
  scenario,
  sdp,
} from '../scenario.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/** Cases of test/interop/hunting.yaml: `itsp` is tried first, `backup` second. */

const refuses = (status: string): string =>
  scenario(`callee that answers ${status}`, [callee.receivesInvite(), callee.reply(status), receive('ACK')]);

const callerRefused = (...statuses: readonly number[]): string =>
  scenario('caller that is refused', [
    caller.invite({ body: sdp() }),
    anyProgress,
    receiveOneOf(statuses, 'refused'),
    caller.ackFailure(),
  ]);

/** The first trunk does `first` (undefined: nobody listens there); the second must take the call within `milliseconds`. */
function goesOn(name: string, first: string | undefined, milliseconds: number, attempt: ExpectedAttempt): Case {
  return {
    name,
    async run(lab) {
      const one = first === undefined ? undefined : lab.answering(first);
      const two = lab.answering(ordinaryCallee, { to: lab.trunk(4) });
      await pause100();
      const result = await lab.calling(ordinaryCaller).done;
      wentByScenario('the caller', result, 1);
      if (one !== undefined) wentByScenario('the first trunk', await one.done, 1);
      wentByScenario('the second trunk', await two.done, 1);
      const [record] = await lab.records([
        { reason: 'hangup', by: 'caller', answered: true, route: 'hunt', attempts: [attempt, { trunk: 'backup' }] },
      ]);
      const waited = record!.attempts[1]!.startedAt - record!.startedAt;
      must(
        waited <= milliseconds,
        () => `the second trunk was tried after ${waited} ms, at most ${milliseconds} expected`,
      );
    },
  };
}

type ExpectedAttempt = NonNullable<ExpectedRecord['attempts']>[number];

/** The first trunk's refusal is the call's end: the caller gets the same status, the second trunk nothing. */
function isFinal(status: string, reason: 'busy' | 'rejected'): Case {
  const code = Number(status.slice(0, 3));
  return {
    name: `${status} is final: the second trunk is not tried`,
    async run(lab) {
      const second = lab.answering(ordinaryCallee, { to: lab.trunk(4) });
      await lab.call({ caller: callerRefused(code), callee: refuses(status) });
      must((await second.stop()).created === 0, () => 'the second trunk was tried');
      await lab.records([
        { reason, by: 'callee', status: code, answered: false, attempts: [{ trunk: 'itsp', reason, status: code }] },
      ]);
    },
  };
}

const pause100 = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

/** Rings, and is cancelled. */
const ringsOn = scenario('callee that rings on', [
  callee.receivesInvite(),
  callee.reply('180 Ringing'),
  receive('CANCEL'),
  answer('200 OK'),
  callee.reply('487 Request Terminated'),
  receive('ACK'),
]);

/** Takes the call and holds it, or is refused for want of room. */
const callerForSomeRoom = scenario('caller that finds room or not', [
  caller.invite({ body: sdp() }),
  anyProgress,
  receive(503, { optional: true, next: 'refused', expect: ['Retry-After: *[0-9]'] }),
  receiveAnswer(),
  caller.ack(),
  pause(2_000),
  caller.request('BYE', 2, { next: 'bye' }),
  at('refused'),
  caller.ackFailure().replace('<send', '<send next="end"'),
  at('bye'),
  receive(200),
  at('end'),
  pause(10),
]);

export const hunting: readonly Case[] = [
  goesOn('503 goes on to the next trunk', refuses('503 Service Unavailable'), 500, { trunk: 'itsp', status: 503 }),
  goesOn('500 goes on to the next trunk', refuses('500 Server Internal Error'), 500, { trunk: 'itsp', status: 500 }),
  goesOn('408 goes on to the next trunk', refuses('408 Request Timeout'), 500, { trunk: 'itsp', status: 408 }),
  goesOn('a port that refuses: the next trunk at once', undefined, 500, { trunk: 'itsp', reason: 'unreachable' }),
  goesOn(
    'a trunk that says 100 and no more: cancelled, and the next one',
    scenario('callee that tries', [
      callee.receivesInvite(),
      callee.reply('100 Trying'),
      receive('CANCEL'),
      answer('200 OK'),
      callee.reply('487 Request Terminated'),
      receive('ACK'),
    ]),
    1_700,
    { trunk: 'itsp', reason: 'no-progress' },
  ),
  isFinal('486 Busy Here', 'busy'),
  isFinal('600 Busy Everywhere', 'busy'),
  isFinal('603 Decline', 'busy'),
  isFinal('404 Not Found', 'rejected'),
  isFinal('480 Temporarily Unavailable', 'rejected'),
  {
    name: 'both trunks fail: the caller gets a failure, the record both attempts',
    async run(lab) {
      const two = lab.answering(refuses('500 Server Internal Error'), { to: lab.trunk(4) });
      await lab.call({ caller: callerRefused(500, 502, 503), callee: refuses('503 Service Unavailable') });
      wentByScenario('the second trunk', await two.done, 1);
      await lab.records([
        {
          answered: false,
          attempts: [
            { trunk: 'itsp', status: 503 },
            { trunk: 'backup', status: 500 },
          ],
        },
      ]);
    },
  },
  {
    name: 'nobody at either trunk: refused at once',
    async run(lab) {
      await lab.call({ caller: callerRefused(408, 480, 500, 502, 503) });
      await lab.records([
        { reason: 'unreachable', answered: false, attempts: [{ trunk: 'itsp' }, { trunk: 'backup' }] },
      ]);
    },
  },
  {
    name: 'no answer: cancelled at the ring deadline',
    async run(lab) {
      await lab.call({ caller: callerRefused(408, 480), callee: ringsOn }, { prefix: '53' });
      const [record] = await lab.records(
        [{ reason: 'no-answer', answered: false, attempts: [{ trunk: 'itsp' }] }],
        '53',
      );
      const rang = record!.endedAt - record!.startedAt;
      must(rang > 1_800 && rang < 3_500, () => `it rang for ${rang} ms, 2,000 expected`);
    },
  },
  {
    name: 'no route: 404',
    async run(lab) {
      await lab.call({ caller: callerRefused(404) }, { prefix: '99' });
      await lab.records([{ reason: 'no-route', answered: false, attempts: [] }], '99');
    },
  },
  {
    name: 'an answer that is never acknowledged: sent again, then BYE to both',
    async run(lab) {
      await lab.call({
        caller: scenario('caller without an ACK', [
          caller.invite({ body: sdp() }),
          anyProgress,
          receiveAnswer(),
          receive('BYE'),
          answer('200 OK'),
        ]),
        callee: ordinaryCallee,
      });
      const [record] = await lab.records([{ reason: 'no-ack', answered: true }]);
      const waited = record!.endedAt - record!.startedAt;
      must(waited > 6_000 && waited < 9_000, () => `given up after ${waited} ms, 6,400 expected`);
    },
  },
  {
    name: 'a trunk with room for one call: the second gets 503 with Retry-After',
    async run(lab) {
      const line = lab.answering(ordinaryCallee, { to: lab.trunk(5) });
      await pause100();
      const result = await lab.calling(callerForSomeRoom, { calls: 2, prefix: '50' }).done;
      wentByScenario('the callers', result, 2);
      wentByScenario('the trunk', await line.done, 1);
      const records = await lab.records([{}, {}], '50');
      const reasons = records.map((record) => record.end.reason).sort();
      must(reasons.join() === 'hangup,no-capacity', () => `the records say ${reasons}`);
    },
  },
  {
    name: 'a trunk with room for one call: the second overflows to the next trunk',
    async run(lab) {
      const line = lab.answering(ordinaryCallee, { to: lab.trunk(5) });
      const two = lab.answering(ordinaryCallee, { to: lab.trunk(4) });
      await pause100();
      const result = await lab.calling(callerForSomeRoom, { calls: 2, prefix: '51' }).done;
      wentByScenario('the callers', result, 2);
      wentByScenario('the trunk', await line.done, 1);
      wentByScenario('the next trunk', await two.done, 1);
      await lab.records(
        [
          { reason: 'hangup', answered: true },
          { reason: 'hangup', answered: true },
        ],
        '51',
      );
    },
  },
  {
    name: 'room is given back: a third call after the first two ended',
    async run(lab) {
      for (const _ of [1, 2]) {
        const line = lab.answering(ordinaryCallee, { to: lab.trunk(5) });
        await pause100();
        wentByScenario('the caller', await lab.calling(ordinaryCaller, { prefix: '50' }).done, 1);
        wentByScenario('the trunk', await line.done, 1);
      }
      await lab.records([{ reason: 'hangup' }, { reason: 'hangup' }], '50');
    },
  },
  {
    name: 'two calls a second and no more',
    async run(lab) {
      const trunk = lab.answering(ordinaryCallee, { to: lab.trunk(6), calls: 2 });
      await pause100();
      const result = await lab.calling(callerForSomeRoom, { calls: 6, rate: 20, prefix: '52' }).done;
      wentByScenario('the callers', result, 6);
      wentByScenario('the trunk', await trunk.done, 2);
      const records = await lab.records([{}, {}, {}, {}, {}, {}], '52');
      const refused = records.filter((record) => record.end.reason === 'no-capacity').length;
      must(refused === 4, () => `${refused} of 6 calls refused for want of room, 4 expected`);
    },
  },
  // The last one: its INVITE goes on being sent (RFC 3261 17.1.1.2), and would reach another case's callee.
  goesOn(
    'a trunk that says nothing: the next one after its set-up deadline',
    scenario('silent callee', [callee.receivesInvite(), pause(2_500)]),
    1_700,
    { trunk: 'itsp', reason: 'no-progress' },
  ),
];
