import { setTimeout as sleep } from 'node:timers/promises';
import type { Case, Group, Lab } from '../harness.ts';
import { must, wentByScenario } from '../harness.ts';
import { answer, callee, caller, pause, receive, scenario } from '../scenario.ts';

/** What passes between two trunks beside calls, and what does not. */

const ownContact = 'Contact: <sip:[local_ip]:[local_port]>';
const mailbox = (waiting: string) => ({
  body: `Messages-Waiting: ${waiting}`,
  contentType: 'application/simple-message-summary',
});
const summary = 'Event: message-summary';
const state = (value: string) => `Subscription-State: ${value}`;

const message: Case = {
  name: 'MESSAGE crosses, and its sender shows no address of his',
  async run(lab) {
    await lab.call({
      caller: scenario('sender', [
        caller.outside('MESSAGE', { body: 'come at eight', contentType: 'text/plain', headers: ['Subject: dinner'] }),
        receive(202, { refuse: ['Contact:'] }),
      ]),
      callee: scenario('receiver', [
        receive('MESSAGE', {
          expect: ['come at eight', 'Subject: dinner', 'Max-Forwards: 69', 'From: .*4930100@'],
          refuse: ['Contact:', lab.addresses.pbx.host.replaceAll('.', '\\.')],
        }),
        answer('202 Accepted'),
      ]),
    });
    const { counts } = (await lab.standing()).passing;
    must(counts.MESSAGE?.passed === 1, () => `the count of messages: ${JSON.stringify(counts)}`);
    await lab.records([]);
  },
};

const long: Case = {
  name: 'a MESSAGE too long for a datagram goes by TCP',
  async run(lab) {
    const text = 'every word of this is meant. '.repeat(60);
    await lab.call(
      {
        caller: scenario('sender', [
          caller.outside('MESSAGE', { body: text, contentType: 'text/plain' }),
          receive(200),
        ]),
        callee: scenario('receiver', [
          receive('MESSAGE', { expect: ['SIP/2.0/TCP', 'every word of this is meant'] }),
          answer('200 OK'),
        ]),
      },
      { callerTransport: 'tcp', calleeTransport: 'tcp' },
    );
  },
};

const takesNotify = (expect: readonly string[]) => [
  receive('NOTIFY', { expect, refuse: [] }),
  answer('200 OK', { headers: [ownContact] }),
];
const notifies = (cseq: number, value: string, waiting?: string) => [
  callee.request('NOTIFY', cseq, { headers: [summary, state(value)], ...(waiting ? mailbox(waiting) : {}) }),
  receive(200, { expect: [`CSeq: ${cseq} NOTIFY`] }),
];
const subscribes = (cseq: number, expires: number) =>
  caller.request('SUBSCRIBE', cseq, { headers: [summary, `Expires: ${expires}`] });
const accepts = (expires: number) => [
  receive('SUBSCRIBE', { expect: [summary, `Expires: ${expires}`] }),
  answer('200 OK', { headers: [`Expires: ${expires}`, ownContact] }),
];

/** `meanwhile`: milliseconds before the refresh. */
const subscriber = (meanwhile: number) =>
  scenario('subscriber', [
    caller.outside('SUBSCRIBE', { headers: [summary, 'Expires: 600'] }),
    receive(200, { expect: ['Expires: 300', 'Contact:'], target: true }),
    ...takesNotify([summary, 'Subscription-State: active;expires=300', 'Messages-Waiting: no']),
    pause(meanwhile),
    subscribes(2, 600),
    receive(200, { expect: ['CSeq: 2 SUBSCRIBE', 'Expires: 600'] }),
    ...takesNotify(['Messages-Waiting: yes']),
    subscribes(3, 0),
    receive(200, { expect: ['CSeq: 3 SUBSCRIBE'] }),
    ...takesNotify(['Subscription-State: terminated;reason=timeout']),
  ]);
const notifier = () =>
  scenario('notifier', [
    callee.receives('SUBSCRIBE', { expect: [summary, 'Expires: 600', 'Max-Forwards: 69'] }),
    callee.reply('200 OK', { headers: ['Expires: 300'], retransmit: false }),
    ...notifies(1, 'active;expires=300', 'no'),
    ...accepts(600),
    ...notifies(2, 'active;expires=600', 'yes'),
    ...accepts(0),
    ...notifies(3, 'terminated;reason=timeout'),
  ]);

const noneLeft = (lab: Lab) =>
  lab.until('the subscription is over', ({ passing }) => passing.subscriptions.length === 0);

const subscription: Case = {
  name: 'SUBSCRIBE, NOTIFY, a refresh and the end cross',
  async run(lab) {
    await lab.call({ caller: subscriber(200), callee: notifier() });
    await noneLeft(lab);
  },
};

const restart: Case = {
  name: 'a subscription goes on when the signalling process is killed',
  async run(lab) {
    const uas = lab.answering(notifier());
    await sleep(150);
    const uac = lab.calling(subscriber(4_000));
    await lab.until('the subscription stands', ({ passing }) => passing.subscriptions.length === 1);
    await sleep(300); // its NOTIFY has been answered by then
    process.kill(lab.process('signalling'), 'SIGKILL');
    wentByScenario('the subscriber', await uac.done, 1);
    wentByScenario('the notifier', await uas.done, 1);
    await noneLeft(lab);
  },
};

/** The program itself refuses what the sender's trunk does not let. */
const refused = (name: string, steps: readonly string[]): Case => ({
  name,
  run: (lab) => lab.call({ caller: scenario(name, steps) }),
});

const publish = refused('PUBLISH is refused by name: 405, and Allow tells what passes', [
  caller.outside('PUBLISH', { headers: ['Event: presence'], body: 'open', contentType: 'application/pidf+xml' }),
  receive(405, { expect: ['Allow: .*MESSAGE'], refuse: ['Allow: .*PUBLISH'] }),
]);

const otherPackage = refused('a package that is not named is refused: 489 with Allow-Events', [
  caller.outside('SUBSCRIBE', { headers: ['Event: presence', 'Expires: 60'] }),
  receive(489, { expect: ['Allow-Events: message-summary'] }),
]);

const otherSide: Case = {
  name: 'what the called trunk does not let is refused: 405, and nothing reaches it',
  async run(lab) {
    await lab.call(
      {
        caller: scenario('sender', [
          caller.outside('MESSAGE', { body: 'hello', contentType: 'text/plain' }),
          receive(405, { refuse: ['Allow: .*MESSAGE'] }),
        ]),
      },
      { prefix: '50' },
    );
  },
};

const unknown: Case = {
  name: 'a method that nobody knows crosses where it is named',
  async run(lab) {
    await lab.call({
      caller: scenario('sender', [
        caller.outside('JUGGLE', { body: '3', contentType: 'text/plain' }),
        receive(200, { expect: ['dropped none'] }),
      ]),
      callee: scenario('receiver', [
        receive('JUGGLE'),
        answer('200 OK', { body: 'dropped none', contentType: 'text/plain', retransmit: false }),
      ]),
    });
  },
};

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  const passes = ['MESSAGE', 'SUBSCRIBE/message-summary', 'JUGGLE'];
  return {
    listeners: [{ name: 'sip', bind: at(sip), transports: ['udp', 'tcp'] }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx), health: 'off', passes },
      { name: 'itsp', kind: 'itsp', addresses: at(itsp), health: 'off', passes },
      { name: 'calls-only', kind: 'itsp', addresses: at(lab.trunk(4)), health: 'off' },
    ],
    routes: [
      { name: 'calls-only', from: 'pbx', called: { prefix: '50' }, to: 'calls-only' },
      { name: 'out', from: 'pbx', to: 'itsp' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

export const passing: Group = {
  name: 'passing',
  prepare,
  cases: [message, long, subscription, restart, publish, otherPackage, otherSide, unknown],
};
