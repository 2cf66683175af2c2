import { setTimeout as sleep } from 'node:timers/promises';
import { type Group, type Lab, must, wentByScenario } from '../harness.ts';
import { Kamailio, seen } from '../kamailio.ts';
import { heard, startPhone } from '../phone.ts';
import { answer, callee, caller, keepProxied, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

/** Kamailio as a provider's proxy that stays in the way (Record-Route), and forks what is for two phones at once. */
let proxy: Kamailio;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx } = lab.addresses;
  const place = { host: lab.host(8), port: 5_060 };
  const [one, two, phone] = [lab.trunk(9), lab.trunk(10), lab.trunk(11)];
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  proxy = await Kamailio.start(lab, {
    name: 'kamailio-proxy',
    listen: [`udp:${at(place)}`],
    modules: [],
    routes: `
request_route {
  ${seen}
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) {
    if (!loose_route()) { if (!is_method("ACK")) { sl_send_reply("404", "No route"); } exit; }
    if (!t_relay() && !is_method("ACK")) { sl_reply_error(); }
    exit;
  }
  record_route();
  if ($si == "${sip.host}") {
    if ($rU =~ "^61") {
      seturi("sip:$rU@${at(one)}");
      append_branch("sip:$rU@${at(two)}");
    } else {
      rewritehostport("${at(phone)}");
    }
  } else {
    rewritehostport("${at(sip)}");
  }
  if (!t_relay()) { sl_reply_error(); }
}
`,
  });
  return {
    listeners: [{ name: 'sip', bind: at(sip) }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx), health: 'off' },
      { name: 'proxied', kind: 'itsp', addresses: at(place), health: 'off' },
    ],
    routes: [
      { name: 'out', from: 'pbx', to: 'proxied' },
      { name: 'in', from: 'proxied', to: 'pbx' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

const keepSequence = '<ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="rseq"/>';

export const proxied: Group = {
  name: 'proxied',
  packages: ['kamailio'],
  prepare,
  cases: [
    {
      name: 'two phones ring at once: media of one before the answer of the other, a hold, and all by the way of the proxy',
      async run(lab) {
        const from = proxy.mark;
        const loser = lab.answering(
          scenario('phone that rings with media', [
            callee.receivesInvite({ expect: ['Record-Route:'] }),
            callee.reply('183 Session Progress', { body: sdp({ port: 34_580 }) }),
            receive('CANCEL'),
            answer('200 OK'),
            callee.reply('487 Request Terminated'),
            receive('ACK'),
          ]),
          { to: lab.trunk(9) },
        );
        await lab.call(
          {
            caller: scenario('caller that hears one and talks to the other', [
              caller.invite({ body: sdp() }),
              receive(100, { optional: true }),
              receive(183, { expect: ['m=audio [1-9]'] }),
              receive(180),
              receiveAnswer({ expect: ['m=audio [1-9]'] }),
              caller.ack(),
              pause(200),
              caller.request('INVITE', 2, { body: sdp({ version: 2, direction: 'sendonly' }) }),
              receive(100, { optional: true }),
              receiveAnswer({ expect: ['a=recvonly'] }),
              caller.ack(2),
              pause(200),
              caller.request('BYE', 3),
              receive(200),
            ]),
            callee: scenario('phone that answers', [
              callee.receivesInvite(),
              pause(250),
              callee.reply('180 Ringing'),
              pause(250),
              callee.reply('200 OK', { body: sdp() }),
              receive('ACK'),
              receive('INVITE', { expect: ['a=sendonly', `Via: .*${lab.host(8)}`] }),
              answer('200 OK', { body: sdp({ version: 2, direction: 'recvonly' }) }),
              receive('ACK'),
              receive('BYE', { expect: [`Via: .*${lab.host(8)}`] }),
              answer('200 OK'),
            ]),
          },
          { prefix: '61', to: lab.trunk(10) },
        );
        wentByScenario('the phone that was not answered', await loser.done, 1);
        for (const method of ['ACK', 'BYE']) await proxy.line(new RegExp(`SEEN ${method} `), { from });
        await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }], '61');
      },
    },
    {
      name: 'two phones ring reliably: a PRACK in each early dialog finds its phone',
      async run(lab) {
        const reliable = (ring: readonly string[]) => [
          callee.receivesInvite({ expect: ['Supported: .*100rel'] }),
          ...ring,
          receive('PRACK', { expect: ['RAck: [0-9]+ 1 INVITE'] }),
          answer('200 OK'),
        ];
        const loser = lab.answering(
          scenario('phone that rings', [
            ...reliable([callee.reply('180 Ringing', { headers: ['Require: 100rel', 'RSeq: 11'] })]),
            receive('CANCEL'),
            answer('200 OK'),
            callee.reply('487 Request Terminated'),
            receive('ACK'),
          ]),
          { to: lab.trunk(9) },
        );
        await lab.call(
          {
            caller: scenario(
              'caller with 100rel',
              [
                caller.invite({ body: sdp(), headers: ['Supported: 100rel'] }),
                receive(100, { optional: true }),
                receive(180, { refuse: ['RSeq'] }),
                receive(183, { expect: ['m=audio [1-9]'], actions: [keepSequence], target: true }),
                caller.request('PRACK', 2, { headers: ['RAck: [$rseq] 1 INVITE'] }),
                receive(200, { expect: ['CSeq: 2 PRACK'] }),
                receiveAnswer({ expect: ['CSeq: 1 INVITE'] }),
                caller.ack(),
                pause(200),
                caller.request('BYE', 3),
                receive(200),
              ],
              ['rseq'],
            ),
            callee: scenario('phone that rings with media and answers', [
              callee.receivesInvite({ expect: ['Supported: .*100rel'], actions: keepProxied }),
              pause(200),
              callee.reply('183 Session Progress', { body: sdp(), headers: ['Require: 100rel', 'RSeq: 21'] }),
              receive('PRACK', { expect: ['RAck: 21 1 INVITE'] }),
              answer('200 OK'),
              pause(200),
              callee.reply('200 OK', { later: 'proxied' }),
              receive('ACK'),
              receive('BYE'),
              answer('200 OK'),
            ]),
          },
          { prefix: '61', to: lab.trunk(10) },
        );
        await loser.done;
        await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }], '61');
      },
    },
    {
      name: 'two baresip, one holds and takes back, by the way of the proxy',
      limit: 20,
      async run(lab) {
        const from = proxy.mark;
        const { sip, pbx } = lab.addresses;
        const user = lab.called('62');
        const bob = startPhone(lab, { user, place: lab.trunk(11), frequency: 1477, seconds: 11, answers: true });
        await bob.ready;
        const alice = startPhone(lab, {
          user: 'alice',
          place: pbx,
          frequency: 697,
          seconds: 9,
          dials: `sip:${user}@${sip.host}:${sip.port}`,
          commands: [
            { after: 5_000, what: 'hold' },
            { after: 6_500, what: 'resume' },
          ],
        });
        const [aliceSaid, bobSaid] = await Promise.all([alice.done, bob.done]);
        heard(alice, 1477, aliceSaid);
        heard(bob, 697, bobSaid);
        await sleep(200);
        const offers = proxy.lines(/SEEN INVITE /, from).length;
        must(
          offers === 3,
          () => `${offers} INVITEs went by the proxy, of a call with a hold and a resumption\n${aliceSaid}`,
        );
        await lab.records([{ reason: 'hangup', answered: true, attempts: [{}] }], '62');
      },
    },
  ],
};
