import { setTimeout as sleep } from 'node:timers/promises';
import { type Group, type Lab, must, wentByScenario } from '../harness.ts';
import type { Phone, PhoneOptions } from '../phone.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { domain, phoneOf, registers } from './users.ts';

/** Users beside calls, with real phones: watched while they talk, written to, told what waits for them. */

/** Numbers of the cases in order that lead to Ann. */
const did = { presence: '498900001', lamp: '498900004' } as const;

const ann = `sip:ann@${domain}`;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const user = (name: string, extension: string, more: object) => ({
    name,
    line: `+4930123;ext=${extension}`,
    password: registers.password,
    ...more,
  });
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}`, transports: ['udp', 'tcp'] }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off', passes: ['SUBSCRIBE'] },
      {
        name: 'itsp',
        kind: 'itsp',
        addresses: `${itsp.host}:${itsp.port}`,
        health: 'off',
        passes: ['SUBSCRIBE/message-summary', 'MESSAGE'],
      },
    ],
    registrar: { domains: [domain] },
    users: [
      user('ann', '17', {
        numbers: Object.values(did),
        watchers: ['bob', 'pbx'],
        forward: { 'no-answer': { to: '+493099', after: '20s' } },
      }),
      user('bob', '18', {}),
    ],
    routes: [{ name: 'outbound', to: 'itsp' }],
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

/** A phone, and until it has printed something. */
async function told(lab: Lab, user: string, host: number, options: Partial<PhoneOptions>) {
  let said = '';
  let from = 0;
  const phone: Phone = await phoneOf(lab, user, host, {
    ...options,
    onSaid: (all) => {
      said = all;
    },
  });
  /** Behind what was waited for before. */
  const says = async (what: RegExp): Promise<void> => {
    for (let waited = 0; waited < 12_000; waited += 50) {
      const found = what.exec(said.slice(from));
      if (found) {
        from += found.index + found[0].length;
        return;
      }
      await sleep(50);
    }
    must(false, () => `${user}'s phone does not say ${what}. baresip said:\n${said}`);
  };
  return { phone, says };
}

/** Longer than what is told so often at most. */
const callsFor = (ms: number) =>
  scenario('caller who talks for a while', [
    caller.invite({ body: sdp() }),
    anyProgress,
    receiveAnswer({}),
    caller.ack(),
    pause(ms),
    caller.request('BYE', 2),
    receive(200),
  ]);

const seen = (...expect: readonly string[]) => [
  receive('NOTIFY', { expect: ['application/dialog-info\\+xml', ...expect] }),
  answer('200 OK'),
];

export const watching: Group = {
  name: 'watching',
  prepare,
  cases: [
    {
      name: 'a baresip watches another: there, on the phone, there again, through a kill -9 (presence)',
      limit: 35,
      async run(lab) {
        const answers = await phoneOf(lab, 'ann', 11, { answers: true, seconds: 18 });
        const bob = await told(lab, 'bob', 12, { contacts: [ann], seconds: 18 });
        await lab.until('she is watched', ({ passing }) => passing.subscriptions.length === 1);
        await sleep(500); // its NOTIFY has been answered by then
        process.kill(lab.process('signalling'), 'SIGKILL');
        await lab.until('the watch stands', ({ passing }) => passing.subscriptions.length === 1);
        const uac = lab.calling(callsFor(7_000), { from: lab.addresses.itsp });
        await bob.says(/ann@\S+ changed status from \S+ to \S*Busy/);
        wentByScenario('the caller', await uac.done, 1);
        await bob.says(/ann@\S+ changed status from \S+ to \S*Online/);
        await Promise.all([answers.done, bob.phone.done]);
        await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
      },
    },
    {
      name: 'a message of a baresip reaches both phones of another',
      async run(lab) {
        const first = await told(lab, 'ann', 13, { seconds: 9 });
        const second = await told(lab, 'ann', 14, { seconds: 9 });
        const bob = await phoneOf(lab, 'bob', 15, {
          seconds: 8,
          contacts: [ann],
          commands: [
            { after: 2_500, what: 'contact_next' },
            { after: 3_000, what: 'message come at eight' },
          ],
        });
        await Promise.all([first.says(/come at eight/), second.says(/come at eight/)]);
        await Promise.all([first.phone.done, second.phone.done, bob.done]);
      },
    },
    {
      name: 'a baresip is told by the voice mail what waits for it (message-summary)',
      async run(lab) {
        const uas = lab.answering(
          scenario('voice mail', [
            callee.receives('SUBSCRIBE', { expect: ['sip:[+]4930123;ext=17@', 'Event: message-summary'] }),
            callee.reply('200 OK', { headers: ['Expires: 600'], retransmit: false }),
            callee.request('NOTIFY', 1, {
              headers: ['Event: message-summary', 'Subscription-State: active;expires=600'],
              body: 'Messages-Waiting: yes\r\nVoice-Message: 2/8\r\n',
              contentType: 'application/simple-message-summary',
            }),
            receive(200),
          ]),
        );
        await sleep(150);
        const phone = await told(lab, 'ann', 16, { mailbox: true, seconds: 8 });
        await phone.says(/Messages-Waiting: yes/);
        wentByScenario('the voice mail', await uas.done, 1);
        await phone.phone.done;
      },
    },
    {
      name: 'a SIPp follows the lamp of a user by RFC 4235',
      async run(lab) {
        await phoneOf(lab, 'ann', 17, { answers: true, seconds: 15 });
        const watcher = lab.calling(
          scenario('watcher', [
            caller.outside('SUBSCRIBE', {
              requestUri: 'sip:17@[remote_ip]:[remote_port]',
              headers: ['Event: dialog', 'Expires: 600', 'Accept: application/dialog-info+xml'],
            }),
            receive(200, { expect: ['Expires: 600', 'Contact:'], target: true }),
            ...seen('version="0" state="full"'),
            // What changed within the first second is told at its end.
            ...seen('version="1" state="partial"', '<state>confirmed</state>'),
            ...seen('<state>terminated</state>'),
            caller.request('SUBSCRIBE', 2, { headers: ['Event: dialog', 'Expires: 0'] }),
            receive(200, { expect: ['CSeq: 2 SUBSCRIBE'] }),
            receive('NOTIFY', { expect: ['Subscription-State: terminated;reason=timeout'] }),
            answer('200 OK'),
          ]),
        );
        await lab.until('the watch stands', ({ passing }) => passing.subscriptions.length === 1);
        await lab.call({ caller: callsFor(2_500) }, { from: lab.addresses.itsp });
        wentByScenario('the watcher', await watcher.done, 1);
        await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
      },
    },
  ],
};
