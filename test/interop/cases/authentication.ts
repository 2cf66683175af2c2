import { type Case, type Group, type Lab, must, wentByScenario } from '../harness.ts';
import { answer, anyProgress, at, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { ordinaryCallee } from './calls.ts';

/** Digest both ways: SIPp answers our challenges, and challenges our requests and checks what comes. */

const realm = 'tandem.test';
const account = { username: 'customer', password: 'of the customer' };
const ourAccount = { username: 'tandem', password: 'of ours' };

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      // Nothing but the digest says who it is: its calls come from anywhere.
      {
        name: 'customer',
        kind: 'ip-pbx',
        addresses: `${lab.host(7)}:5090`,
        authenticate: { realm, ...account, algorithms: ['MD5'] },
        health: 'off',
      },
      {
        name: 'itsp',
        kind: 'itsp',
        addresses: `${itsp.host}:${itsp.port}`,
        credentials: { realm: 'provider.test', ...ourAccount },
        health: 'off',
      },
    ],
    routes: [
      { name: 'out', from: ['pbx', 'customer'], to: 'itsp' },
      { name: 'in', from: 'itsp', to: 'customer' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

/** A request of SIPp's with its answer to the challenge that came last. */
const authentication = ['[authentication]'];

/** A caller that is challenged for whatever it may be challenged for: INVITE and BYE, but not ACK. */
const challengedCaller = scenario('caller that is challenged', [
  caller.invite({ body: sdp() }),
  receive(100, { optional: true }),
  receive(401).replace('/>', ' auth="true"/>'),
  caller.ackFailure(),
  secondInvite(),
  anyProgress,
  receiveAnswer(),
  caller.ack(2),
  pause(200),
  caller.request('BYE', 3),
  receive(200),
]);

/** The INVITE again: the next CSeq, another branch, and the answer to the challenge. */
function secondInvite(): string {
  return caller
    .invite({ body: sdp(), headers: authentication })
    .replace('CSeq: 1 INVITE', 'CSeq: 2 INVITE')
    .replace('-INVITE1', '-INVITE2');
}

/** SIPp speaks of the server's address in its answers where it is not told the Request-URI. */
const customer = (lab: Lab, password: string) => {
  const { host, port } = lab.addresses.sip;
  return ['-au', account.username, '-ap', password, '-auth_uri', `${lab.called()}@${host}:${port}`];
};

let labels = 0;

/**
 * The request comes, is challenged, and comes again with an answer that SIPp finds right; anything else ends the scenario badly. By 401:
 * SIPp does not check what answers a 407, and Kamailio does (registration.ts).
 */
function challenges(method: 'INVITE' | 'BYE', nonce: string): string[] {
  const right = `right${++labels}`;
  const refusal = '401 Unauthorized';
  const headers = [`WWW-Authenticate: Digest realm="provider.test", nonce="${nonce}", algorithm=MD5, qop="auth"`];
  const verify = `<verifyauth assign_to="checked" username="${ourAccount.username}" password="${ourAccount.password}"/>`;
  const isFirst = nonce === 'first';
  const received = isFirst ? callee.receivesInvite({ actions: [verify] }) : receive(method, { actions: [verify] });
  return [
    isFirst ? callee.receivesInvite() : receive(method),
    isFirst ? callee.reply(refusal, { headers }) : answer(refusal, { headers }),
    ...(method === 'INVITE' ? [receive('ACK')] : []),
    received.replace('<recv ', `<recv test="checked" next="${right}" `),
    // It was wrong: nothing but this, which never comes, ends the scenario.
    receive('NOTIFY', { timeout: 100 }),
    at(right),
  ];
}

const challengingCallee = scenario('callee that challenges', [
  ...challenges('INVITE', 'first'),
  callee.reply('180 Ringing'),
  callee.reply('200 OK', { body: sdp() }),
  receive('ACK'),
  ...challenges('INVITE', 'second'),
  answer('200 OK', { body: sdp({ version: 2 }) }),
  receive('ACK'),
  ...challenges('BYE', 'third'),
  answer('200 OK'),
]);

const cases: readonly Case[] = [
  {
    name: 'a caller from anywhere answers our challenge: its call is the trunk’s',
    async run(lab) {
      const from = { host: lab.host(33), port: 5_090 };
      const phone = lab.answering(ordinaryCallee);
      const uac = lab.calling(challengedCaller, { from, arguments: customer(lab, account.password) });
      wentByScenario('the caller', await uac.done, 1);
      wentByScenario('the callee', await phone.done, 1);
      const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
      must(record!.leg.trunk === 'customer', () => `the call is ${record!.leg.trunk}'s`);
    },
  },
  {
    name: 'a wrong password: 401 again, no call, and the log says so',
    async run(lab) {
      const from = { host: lab.host(34), port: 5_090 };
      const phone = lab.answering(ordinaryCallee);
      const uac = lab.calling(
        scenario('caller with a wrong password', [
          caller.invite({ body: sdp() }),
          receive(100, { optional: true }),
          receive(401).replace('/>', ' auth="true"/>'),
          caller.ackFailure(),
          secondInvite(),
          receive(401),
          caller.ackFailure().replace('CSeq: 1 ACK', 'CSeq: 2 ACK').replace('-INVITE1', '-INVITE2'),
        ]),
        { from, arguments: customer(lab, 'of nobody') },
      );
      wentByScenario('the caller', await uac.done, 1);
      must((await phone.stop()).created === 0, () => 'the callee was called');
      await lab.logged('wrong-credentials', new RegExp(lab.host(34)));
    },
  },
  {
    name: 'INVITE, re-INVITE and BYE are challenged by the callee, and answered right',
    async run(lab) {
      await lab.call({
        caller: scenario('caller that changes', [
          caller.invite({ body: sdp() }),
          anyProgress,
          receiveAnswer(),
          caller.ack(),
          pause(100),
          // A hold: one that says the same again would stay on the caller's leg.
          caller.request('INVITE', 2, { body: sdp({ version: 2, direction: 'sendonly' }) }),
          receive(100, { optional: true }),
          receiveAnswer(),
          caller.ack(2),
          pause(200),
          caller.request('BYE', 3),
          receive(200),
        ]),
        callee: challengingCallee,
      });
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{ trunk: 'itsp' }] }]);
    },
  },
];

export const digest: Group = { name: 'authentication', prepare, cases };
