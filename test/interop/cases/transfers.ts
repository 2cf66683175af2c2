import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, type Group, type Lab, logLines, must, wentByScenario } from '../harness.ts';
import { heard, heardAtLast, startPhone } from '../phone.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

const own = 'Contact: <sip:[local_ip]:[local_port]>';
const talks = [caller.invite({ body: sdp() }), anyProgress, receiveAnswer(), caller.ack()];

/** A notice of what becomes of a REFER (RFC 3515 2.4.5), answered. */
const noticed = (status: number, state: string): string[] => [
  receive('NOTIFY', { expect: ['Event: *refer', `Subscription-State: *${state}`, `SIP/2.0 ${status} `] }),
  answer('200 OK'),
];
/** New media for who is transferred, and no word of why. */
const moved = [
  receive('INVITE', { expect: ['m=audio [1-9]'], refuse: ['Refer', 'Replaces: '] }),
  answer('200 OK', { body: sdp({ version: 2 }) }),
  receive('ACK'),
];
const letGo = [receive('BYE'), answer('200 OK')];

const referred = (to: string, more: readonly string[] = []): readonly string[] => [
  own,
  `Refer-To: <sip:${to}>`,
  'Referred-By: <sip:100@[local_ip]>',
  ...more,
];

const consultedPhone = scenario('who is called for it', [
  callee.receivesInvite({ expect: ['Referred-By: *<sip:100@'] }),
  callee.reply('180 Ringing'),
  pause(600),
  callee.reply('200 OK', { body: sdp() }),
  receive('ACK'),
  ...letGo,
]);

/** Its dialog as Replaces names it to us, into the log that `dialogOf` reads. */
const logsDialog = [
  '<ereg regexp="tag=.*" search_in="hdr" header="To:" assign_to="theirs"/>',
  '<log message="[call_id];to-[$theirs];from-tag=[pid]c[call_number]"/>',
];

async function dialogOf(lab: Lab, name: string): Promise<string> {
  for (let left = 40; left > 0; left--) {
    const [line] = logLines(join(lab.caseDirectory, name));
    if (line !== undefined) return line.trim();
    await sleep(50);
  }
  throw new Error('the call that is to be replaced was not answered');
}

const log = (lab: Lab, name: string) => ['-trace_logs', '-log_file', join(lab.caseDirectory, name)];

/** A number that we are asked to call. */
const at = (lab: Lab, number: string) => `${number}@${lab.addresses.sip.host}:${lab.addresses.sip.port}`;

async function blind(lab: Lab, more: readonly string[], notices: readonly string[]): Promise<void> {
  const third = lab.answering(consultedPhone, { to: lab.trunk(5) });
  await sleep(150);
  await lab.call(
    {
      caller: scenario('who is transferred', [...talks, ...moved, pause(300), caller.request('BYE', 2), receive(200)]),
      callee: scenario('who transfers', [
        callee.receivesInvite(),
        callee.reply('200 OK', { body: sdp() }),
        receive('ACK'),
        pause(200),
        callee.request('REFER', 1, { headers: referred(at(lab, lab.called('50')), more) }),
        receive(202),
        ...notices,
        ...letGo,
      ]),
    },
    { direction: 'in' },
  );
  wentByScenario('who is called for it', await third.done, 1);
  await lab.records([{ reason: 'transferred', by: 'callee', answered: true, attempts: [{ reason: 'transferred' }] }]);
  await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{ trunk: 'other' }] }], '50');
}

const cases: readonly Case[] = [
  {
    name: 'blind: notices as it rings and is answered, then BYE',
    run: (lab) => blind(lab, [], [...noticed(100, 'active'), ...noticed(180, 'active'), ...noticed(200, 'terminated')]),
  },
  {
    name: 'blind: without notices (RFC 4488)',
    run: (lab) => blind(lab, ['Refer-Sub: false', 'Supported: norefersub'], []),
  },
  {
    name: 'blind: who is called is busy, and the two talk on',
    async run(lab) {
      const third = lab.answering(
        scenario('busy', [callee.receivesInvite(), callee.reply('486 Busy Here'), receive('ACK')]),
        { to: lab.trunk(5) },
      );
      await sleep(150);
      await lab.call(
        {
          caller: scenario('who was to be transferred', [...talks, ...letGo]),
          callee: scenario('who transfers in vain', [
            callee.receivesInvite(),
            callee.reply('200 OK', { body: sdp() }),
            receive('ACK'),
            callee.request('REFER', 1, { headers: referred(at(lab, lab.called('50'))) }),
            receive(202),
            ...noticed(100, 'active'),
            ...noticed(486, 'terminated'),
            callee.request('BYE', 2),
            receive(200),
          ]),
        },
        { direction: 'in' },
      );
      wentByScenario('who is busy', await third.done, 1);
      await lab.records([{ reason: 'hangup', by: 'callee', answered: true }]);
      await lab.records([{ reason: 'busy', answered: false, status: 486 }], '50');
    },
  },
  {
    name: 'attended: Replaces in Refer-To names the other call (RFC 5589 7.1)',
    async run(lab) {
      const consulted = lab.answering(
        scenario('who was consulted', [
          callee.receivesInvite(),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
          ...moved,
          ...letGo,
        ]),
        { to: lab.trunk(5) },
      );
      await sleep(150);
      const consulting = lab.calling(
        scenario(
          'who consults',
          [
            caller.invite({ body: sdp() }),
            anyProgress,
            receiveAnswer({ actions: logsDialog, expect: ['Supported: .*replaces'] }),
            caller.ack(),
            ...letGo,
          ],
          ['theirs'],
        ),
        { from: lab.trunk(4), prefix: '50', arguments: log(lab, 'dialog') },
      );
      const replaces = encodeURIComponent(await dialogOf(lab, 'dialog'));
      const to = `${at(lab, lab.called('50'))}?Replaces=${replaces}`;
      await lab.call(
        {
          caller: scenario('who is transferred', [
            ...talks,
            ...moved,
            pause(300),
            caller.request('BYE', 2),
            receive(200),
          ]),
          callee: scenario('who transfers', [
            callee.receivesInvite(),
            callee.reply('200 OK', { body: sdp() }),
            receive('ACK'),
            callee.request('REFER', 1, { headers: referred(to) }),
            receive(202),
            ...noticed(100, 'active'),
            ...noticed(200, 'terminated'),
            ...letGo,
          ]),
        },
        { direction: 'in' },
      );
      wentByScenario('who consults', await consulting.done, 1);
      wentByScenario('who was consulted', await consulted.done, 1);
      await lab.records([{ reason: 'transferred', by: 'callee', answered: true }]);
      await lab.records(
        [
          { reason: 'transferred', by: 'caller', answered: true },
          { reason: 'hangup', by: 'caller', answered: true },
        ],
        '50',
      );
    },
  },
  {
    name: 'an INVITE with Replaces takes the call of another phone (RFC 3891)',
    async run(lab) {
      const callee1 = lab.answering(
        scenario('who is talked to', [
          callee.receivesInvite(),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
          ...moved,
          ...letGo,
        ]),
      );
      await sleep(150);
      const first = lab.calling(
        scenario(
          'who is replaced',
          [caller.invite({ body: sdp() }), anyProgress, receiveAnswer({ actions: logsDialog }), caller.ack(), ...letGo],
          ['theirs'],
        ),
        { arguments: log(lab, 'dialog') },
      );
      const replaces = await dialogOf(lab, 'dialog');
      const second = lab.calling(
        scenario('who takes the call', [
          caller.invite({ body: sdp(), headers: [`Replaces: ${replaces}`, 'Require: replaces'] }),
          anyProgress,
          receiveAnswer({ expect: ['m=audio [1-9]'] }),
          caller.ack(),
          pause(300),
          caller.request('BYE', 2),
          receive(200),
        ]),
        { from: lab.trunk(4) },
      );
      wentByScenario('who takes the call', await second.done, 1);
      wentByScenario('who is replaced', await first.done, 1);
      wentByScenario('who is talked to', await callee1.done, 1);
      await lab.records([
        { reason: 'transferred', by: 'caller', answered: true },
        { reason: 'hangup', by: 'caller', answered: true },
      ]);
    },
  },
  {
    name: 'baresip transfers the call of another: the two hear each other',
    limit: 20,
    async run(lab) {
      const { sip, pbx, itsp } = lab.addresses;
      const uri = (prefix: string) => `sip:${lab.called(prefix)}@${sip.host}:${sip.port}`;
      const bob = startPhone(lab, { user: lab.called(), place: itsp, frequency: 1477, seconds: 10, answers: true });
      const other = { user: lab.called('50'), place: lab.trunk(5), frequency: 941, seconds: 9, answers: true };
      const carol = startPhone(lab, other);
      await Promise.all([bob.ready, carol.ready]);
      const alice = startPhone(lab, {
        user: 'alice',
        place: pbx,
        frequency: 697,
        seconds: 8,
        dials: uri('49'),
        commands: [{ after: 3_500, what: `transfer ${uri('50')}` }],
      });
      const [aliceSaid, bobSaid, carolSaid] = await Promise.all([alice.done, bob.done, carol.done]);
      heard(alice, 1477, aliceSaid);
      heard(carol, 1477, carolSaid);
      heardAtLast(bob, 941, bobSaid);
      await lab.records([{ reason: 'transferred', by: 'caller', answered: true }]);
      const [record] = await lab.records([{ reason: 'hangup', by: 'callee', answered: true }], '50');
      const audio = record!.media?.[0];
      must(
        audio !== undefined && audio.a.packets > 100 && audio.b.packets > 100,
        () => `the record's counters say ${JSON.stringify(record!.media)}`,
      );
    },
  },
];

/** REFER and Replaces (RFC 3515, RFC 3891, RFC 5589), carried out by us. */
export const transfers: Group = { name: 'transfers', configuration: 'transfers.yaml', cases };
