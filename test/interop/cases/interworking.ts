import type { EndReason } from '#cdr';
import type { Case, ExpectedRecord, Group, Lab } from '../harness.ts';
import {
  answer,
  answerKept,
  anyProgress,
  callee,
  caller,
  keepRequest,
  pause,
  receive,
  receiveAnswer,
  scenario,
  sdp,
} from '../scenario.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/** What each trunk of this group wants, by the first digits of the numbers that go there; the PBX wants nothing. */
const trunks = {
  '50': { name: 'plain', codecs: 'all' },
  '51': { name: 'hold-inactive', hold: 'inactive' },
  '52': { name: 'hold-nowhere', hold: 'zero-address' },
  '53': { name: 'early', offer: 'early' },
  '54': { name: 'delayed', offer: 'delayed' },
  '55': { name: 'timed', 'session-timer': { mode: 'offer', expires: '90s' } },
  '56': { name: 'told', 'caller-identity': { trusted: true, header: 'remote-party-id', history: 'both' } },
  '57': { name: 'anonymous', 'caller-identity': { trusted: true, privacy: 'anonymous', history: 'diversion' } },
  '58': { name: 'moved', transfer: { redirect: 'local' } },
  '60': { name: 'timed-too', 'session-timer': { mode: 'offer', expires: '90s' } },
  '59': { name: 'preferred', 'caller-identity': { header: 'p-preferred-identity', history: 'none' } },
} as const;
type Prefix = keyof typeof trunks;

const prefixes = Object.keys(trunks) as Prefix[];
const placeOf = (lab: Lab, prefix: Prefix) => lab.trunk(10 + prefixes.indexOf(prefix));

/** Another port of the PBX, for a second caller at the same time. */
const second = ({ addresses: { pbx } }: Lab) => ({ host: pbx.host, port: pbx.port + 1 });

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx } = lab.addresses;
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  return {
    listeners: [{ name: 'sip', bind: at(sip) }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: [at(pbx), at(second(lab))], health: 'off' },
      ...prefixes.map((prefix) => ({
        kind: 'itsp',
        addresses: at(placeOf(lab, prefix)),
        health: 'off',
        ...trunks[prefix],
      })),
    ],
    routes: [
      ...prefixes.map((prefix) => ({
        name: trunks[prefix].name,
        from: 'pbx',
        called: { prefix },
        to: trunks[prefix].name,
      })),
      { name: 'in', from: prefixes.map((prefix) => trunks[prefix].name), to: 'pbx' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

const hungUp: ExpectedRecord = { reason: 'hangup', by: 'caller', answered: true };

/** A call from the PBX to the trunk of these numbers. */
function out(
  name: string,
  prefix: Prefix,
  caller: string,
  callee: string | undefined,
  record: ExpectedRecord = hungUp,
): Case {
  return {
    name,
    async run(lab) {
      const to = placeOf(lab, prefix);
      await lab.call({ caller, ...(callee === undefined ? {} : { callee }) }, { prefix, to, timeout: 24 });
      await lab.records([record], prefix);
    },
  };
}

const begins = (headers: readonly string[] = []) => [
  caller.invite({ body: sdp(), headers }),
  anyProgress,
  receiveAnswer(),
  caller.ack(),
  pause(150),
];
const answers = (headers: readonly string[] = []) => [
  callee.receivesInvite(),
  callee.reply('200 OK', { body: sdp(), headers }),
  receive('ACK'),
];
const ends = (cseq: number) => [caller.request('BYE', cseq), receive(200)];
const ended = [receive('BYE'), answer('200 OK')];

// --- hold ------------------------------------------------------------------------------------------------------------

/** The PBX holds with `sendonly`, and takes back; the trunk is told in its words, and answers in them. */
const holds = (
  name: string,
  prefix: Prefix,
  told: { readonly expect: readonly string[]; readonly answer: Parameters<typeof sdp>[0] },
) =>
  out(
    name,
    prefix,
    scenario('caller that holds', [
      ...begins(),
      caller.request('INVITE', 2, { body: sdp({ version: 2, direction: 'sendonly' }) }),
      receive(100, { optional: true }),
      receiveAnswer({ expect: ['a=recvonly', 'c=IN IP4 127[.]'] }),
      caller.ack(2),
      pause(150),
      caller.request('INVITE', 3, { body: sdp({ version: 3 }) }),
      receive(100, { optional: true }),
      receiveAnswer({ expect: ['m=audio [1-9]'], refuse: ['a=recvonly', 'a=inactive'] }),
      caller.ack(3),
      pause(150),
      ...ends(4),
    ]),
    scenario('callee that is held', [
      ...answers(),
      receive('INVITE', { expect: told.expect }),
      answer('200 OK', { body: sdp({ version: 2, ...told.answer }) }),
      receive('ACK'),
      receive('INVITE', { expect: ['c=IN IP4 127[.]'], refuse: ['a=inactive', 'a=sendonly'] }),
      answer('200 OK', { body: sdp({ version: 3 }) }),
      receive('ACK'),
      ...ended,
    ]),
  );

// --- who asks when ----------------------------------------------------------------------------------------------------

const glare: readonly Case[] = [
  out(
    'a re-INVITE that the callee refuses with 491 comes again by itself (RFC 3261 14.1)',
    '50',
    scenario('caller that holds', [
      ...begins(),
      caller.request('INVITE', 2, { body: sdp({ version: 2, direction: 'sendonly' }) }),
      receive(100, { optional: true }),
      receiveAnswer({ expect: ['a=recvonly'] }),
      caller.ack(2),
      pause(100),
      ...ends(3),
    ]),
    scenario('callee that is about to ask', [
      ...answers(),
      receive('INVITE'),
      answer('491 Request Pending'),
      receive('ACK'),
      receive('INVITE', { expect: ['a=sendonly'] }),
      answer('200 OK', { body: sdp({ version: 2, direction: 'recvonly' }) }),
      receive('ACK'),
      ...ended,
    ]),
  ),
  out(
    'a re-INVITE of the callee crosses one that is under way to it: 491, and the other goes on',
    '50',
    scenario('caller that holds', [
      ...begins(),
      caller.request('INVITE', 2, { body: sdp({ version: 2, direction: 'sendonly' }) }),
      receive(100, { optional: true }),
      receiveAnswer({ expect: ['a=recvonly'] }),
      caller.ack(2),
      pause(100),
      ...ends(3),
    ]),
    scenario('callee that asks too', [
      ...answers(),
      receive('INVITE', { actions: keepRequest }),
      callee.request('INVITE', 1, { body: sdp({ version: 2, direction: 'inactive' }) }),
      receive(491),
      callee.ackReinviteFailure(1),
      answerKept('200 OK', { body: sdp({ version: 2, direction: 'recvonly' }) }),
      receive('ACK'),
      ...ended,
    ]),
  ),
  out(
    'UPDATE goes as UPDATE to who takes it',
    '50',
    scenario('caller that updates', [
      ...begins(),
      caller.request('UPDATE', 2, { body: sdp({ version: 2, direction: 'inactive' }) }),
      receive(200, { expect: ['CSeq: *2 UPDATE', 'a=inactive'] }),
      ...ends(3),
    ]),
    scenario('callee with UPDATE', [
      ...answers(['Allow: INVITE, ACK, CANCEL, BYE, UPDATE']),
      receive('UPDATE', { expect: ['a=inactive'] }),
      answer('200 OK', { body: sdp({ version: 2, direction: 'inactive' }), retransmit: false }),
      ...ended,
    ]),
  ),
  out(
    'UPDATE goes as re-INVITE to who does not',
    '50',
    scenario('caller that updates', [
      ...begins(),
      caller.request('UPDATE', 2, { body: sdp({ version: 2, direction: 'inactive' }) }),
      receive(200, { expect: ['CSeq: *2 UPDATE', 'a=inactive'] }),
      pause(100),
      ...ends(3),
    ]),
    scenario('callee without UPDATE', [
      ...answers(['Allow: INVITE, ACK, CANCEL, BYE']),
      receive('INVITE', { expect: ['a=inactive'] }),
      answer('200 OK', { body: sdp({ version: 2, direction: 'inactive' }) }),
      receive('ACK'),
      ...ended,
    ]),
  ),
];

// --- who offers -------------------------------------------------------------------------------------------------------

const offers: readonly Case[] = [
  out(
    'delayed offer to early offer: the trunk gets an offer of ours, the PBX gets the answer as one',
    '53',
    scenario('caller without an offer', [
      caller.invite(),
      anyProgress,
      receiveAnswer({ expect: ['m=audio [1-9]'] }),
      caller.ack(1, { body: sdp({ codecs: [8] }) }),
      pause(300),
      ...ends(2),
    ]),
    scenario('callee that wants an offer', [
      callee.receivesInvite({ expect: ['m=audio [1-9][0-9]* RTP/AVP 8 0'] }),
      callee.reply('200 OK', { body: sdp({ codecs: [8] }) }),
      receive('ACK', { refuse: ['m=audio'] }),
      ...ended,
    ]),
  ),
  out(
    'early offer to delayed offer: the INVITE has none, the offer of the 200 is answered in our ACK',
    '54',
    scenario('caller with an offer', [
      caller.invite({ body: sdp({ codecs: [8] }) }),
      anyProgress,
      receiveAnswer({ expect: ['m=audio [1-9][0-9]* RTP/AVP 8 101'] }),
      caller.ack(1),
      pause(200),
      ...ends(2),
    ]),
    scenario('callee that offers', [
      callee.receivesInvite({ refuse: ['m=audio'] }),
      callee.reply('200 OK', { body: sdp() }),
      receive('ACK', { expect: ['m=audio [1-9][0-9]* RTP/AVP 8 101'] }),
      ...ended,
    ]),
  ),
  out(
    'early media of two forks: 183 with SDP of one, 180 after 183 of the other, which answers',
    '50',
    scenario('caller that hears both', [
      caller.invite({ body: sdp() }),
      receive(100, { optional: true }),
      receive(183, { expect: ['m=audio [1-9]'] }),
      receive(183, { expect: ['m=audio [1-9]'] }),
      receive(180),
      receiveAnswer({ expect: ['m=audio [1-9]'] }),
      caller.ack(),
      pause(150),
      ...ends(2),
    ]),
    scenario('callee with two phones', [
      callee.receivesInvite(),
      callee.reply('183 Session Progress', { body: sdp(), fork: 'one' }),
      pause(50),
      callee.reply('183 Session Progress', { body: sdp({ port: 34_572 }), fork: 'two' }),
      pause(50),
      callee.reply('180 Ringing', { fork: 'two' }),
      pause(50),
      callee.reply('200 OK', { body: sdp({ port: 34_572 }), fork: 'two' }),
      receive('ACK'),
      ...ended,
    ]),
  ),
  out(
    'a fork that ends is told by 199 to a caller that knows it (RFC 6228)',
    '50',
    scenario('caller that counts', [
      caller.invite({ body: sdp(), headers: ['Supported: 199'] }),
      receive(100, { optional: true }),
      receive(180),
      receive(180),
      receive(199, { expect: ['Reason: *SIP;cause=486'] }),
      receiveAnswer(),
      caller.ack(),
      pause(150),
      ...ends(2),
    ]),
    scenario('callee with two phones', [
      callee.receivesInvite({ expect: ['Supported: .*199'] }),
      callee.reply('180 Ringing', { fork: 'one' }),
      pause(50),
      callee.reply('180 Ringing', { fork: 'two' }),
      pause(50),
      callee.reply('199 Early Dialog Terminated', { fork: 'one', headers: ['Reason: SIP;cause=486'] }),
      pause(50),
      callee.reply('200 OK', { body: sdp(), fork: 'two' }),
      receive('ACK'),
      ...ended,
    ]),
  ),
  out(
    'an offer of codecs that the trunk does not take: 488, and nobody is called',
    '51',
    scenario('caller with G.722', [
      caller.invite({ body: sdp({ codecs: [9] }) }),
      receive(100, { optional: true }),
      receive(488),
      caller.ackFailure(),
    ]),
    undefined,
    { reason: 'bad-request', status: 488, answered: false },
  ),
  out(
    'payload types are each side’s own: the caller’s move in a re-INVITE, the callee’s stay',
    '50',
    scenario('caller with Opus at 96, then at 120', [
      caller.invite({ body: opus(96, 97) }),
      anyProgress,
      receiveAnswer({ expect: ['RTP/AVP 96 97', 'a=rtpmap:96 opus'] }),
      caller.ack(),
      pause(150),
      caller.request('INVITE', 2, { body: opus(120, 97, 2) }),
      receive(100, { optional: true }),
      receiveAnswer({ expect: ['RTP/AVP 120 97', 'a=rtpmap:120 opus'] }),
      caller.ack(2),
      pause(150),
      ...ends(3),
    ]),
    scenario('callee with Opus at 111', [
      callee.receivesInvite({ expect: ['a=rtpmap:96 opus'] }),
      callee.reply('200 OK', { body: opus(111, 101) }),
      receive('ACK'),
      receive('INVITE', { expect: ['a=rtpmap:96 opus', 'a=rtpmap:97 telephone-event'] }),
      answer('200 OK', { body: opus(111, 101, 2) }),
      receive('ACK'),
      ...ended,
    ]),
  ),
];

/** Opus and telephone-event under these numbers. */
function opus(type: number, events: number, version = 1): string {
  return [
    'v=0',
    `o=- 7 ${version} IN IP4 [media_ip]`,
    's=-',
    'c=IN IP4 [media_ip]',
    't=0 0',
    `m=audio [media_port] RTP/AVP ${type} ${events}`,
    `a=rtpmap:${type} opus/48000/2`,
    `a=rtpmap:${events} telephone-event/48000`,
  ].join('\n');
}

// --- session timers ---------------------------------------------------------------------------------------------------

const timers: readonly Case[] = [
  out(
    'an interval under our minimum gets 422 and Min-SE',
    '50',
    scenario('caller in a hurry', [
      caller.invite({ body: sdp(), headers: ['Supported: timer', 'Session-Expires: 60'] }),
      receive(100, { optional: true }),
      receive(422, { expect: ['Min-SE: *90'] }),
      caller.ackFailure(),
    ]),
    undefined,
    { reason: 'bad-request', status: 422, answered: false },
  ),
  out(
    'the callee asks for more with 422: we come again; the caller refreshes by re-INVITE, and the callee hears nothing of it',
    '55',
    scenario('caller that refreshes', [
      caller.invite({ body: sdp(), headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] }),
      anyProgress,
      receiveAnswer({ expect: ['Session-Expires: *90;refresher=uac', 'Require: *timer'] }),
      caller.ack(),
      pause(150),
      caller.request('INVITE', 2, {
        body: sdp(),
        headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'],
      }),
      receive(100, { optional: true }),
      receiveAnswer({ expect: ['Session-Expires: *90;refresher=uac'] }),
      caller.ack(2),
      pause(150),
      caller.request('UPDATE', 3, { headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] }),
      receive(200, { expect: ['Session-Expires: *90;refresher=uac'] }),
      ...ends(4),
    ]),
    scenario('callee with a longer minimum', [
      callee.receivesInvite({ expect: ['Session-Expires: *90'] }),
      callee.reply('422 Session Interval Too Small', { headers: ['Min-SE: 120'] }),
      receive('ACK'),
      callee.receivesInvite({ expect: ['Session-Expires: *120', 'Min-SE: *120', 'CSeq: *2 INVITE'] }),
      callee.reply('200 OK', { body: sdp(), headers: ['Require: timer', 'Session-Expires: 120;refresher=uac'] }),
      receive('ACK'),
      ...ended,
    ]),
  ),
  {
    name: 'we refresh halfway, by UPDATE; a session that its peer does not refresh ends the call',
    limit: 40,
    async run(lab) {
      // The intervals come down from 90 s: no smaller one may be asked for (RFC 4028 7.2).
      const refreshed = lab.call(
        {
          caller: scenario('caller without timers', [...begins(), pause(17_000), ...ends(2)]),
          callee: scenario('callee whose session we refresh', [
            callee.receivesInvite({ expect: ['Session-Expires: *90'] }),
            callee.reply('200 OK', {
              body: sdp(),
              headers: ['Allow: INVITE, ACK, BYE, UPDATE', 'Require: timer', 'Session-Expires: 30;refresher=uac'],
            }),
            receive('ACK'),
            receive('UPDATE', { expect: ['Session-Expires: .*refresher=uac'], refuse: ['m=audio'] }),
            answer('200 OK', { headers: ['Require: timer', 'Session-Expires: 90;refresher=uac'] }),
            ...ended,
          ]),
        },
        { prefix: '55', to: placeOf(lab, '55'), timeout: 30 },
      );
      const forgotten = lab.call(
        {
          caller: scenario('caller that is hung up on', [
            caller.invite({ body: sdp() }),
            anyProgress,
            receiveAnswer(),
            caller.ack(),
            receive('BYE'),
            answer('200 OK'),
          ]),
          callee: scenario('callee that does not refresh', [
            callee.receivesInvite(),
            callee.reply('200 OK', {
              body: sdp(),
              headers: ['Require: timer', 'Session-Expires: 30;refresher=uas'],
            }),
            receive('ACK'),
            receive('BYE'),
            answer('200 OK'),
          ]),
        },
        { prefix: '60', from: second(lab), to: placeOf(lab, '60'), timeout: 30 },
      );
      await Promise.all([refreshed, forgotten]);
      await lab.records([hungUp], '55');
      await lab.records([{ reason: 'session-expired', by: 'callee', answered: true }], '60');
    },
  },
];

// --- who calls --------------------------------------------------------------------------------------------------------

/** What the PBX says of the call, and what each trunk is to be told of it. */
const identity = (name: string, prefix: Prefix, expect: readonly string[], refuse: readonly string[]) =>
  out(
    name,
    prefix,
    scenario('caller for whom somebody was called', [
      caller.invite({
        body: sdp(),
        headers: [
          'P-Asserted-Identity: "Bob" <sip:+49301000@[local_ip]>',
          'Privacy: id',
          'Diversion: <sip:+49302@[local_ip]>;reason=user-busy;counter=1',
        ],
      }),
      receive(100, { optional: true }),
      receive(486),
      caller.ackFailure(),
    ]),
    scenario('callee that looks', [
      callee.receivesInvite({ expect, refuse }),
      callee.reply('486 Busy Here'),
      receive('ACK'),
    ]),
    { reason: 'busy', status: 486, answered: false },
  );

const identities: readonly Case[] = [
  identity(
    'the caller and who was called before him in Remote-Party-ID, Diversion and History-Info',
    '56',
    ['Remote-Party-ID: .*301000@.*privacy=(full|uri|name)', 'Diversion: .*49302@.*user-busy', 'History-Info: .*49302@'],
    ['P-Asserted-Identity'],
  ),
  identity(
    'a private caller is anonymous to a trunk that is not to know him, also in who forwarded',
    '57',
    ['From: .*anonymous', 'Diversion: .*49302@'],
    ['301000', 'P-Asserted-Identity', 'History-Info'],
  ),
  identity(
    'a trunk that is not trusted learns nothing of a private caller, nor of forwarding where it is not to',
    '59',
    ['Privacy: *id'],
    ['301000', 'P-Asserted-Identity', 'P-Preferred-Identity', 'Diversion', 'History-Info'],
  ),
  {
    name: '302 is followed by our routes: who is called then learns by whom it was',
    async run(lab) {
      const number = lab.called('50');
      const redirecting = lab.answering(
        scenario('callee that has moved', [
          callee.receivesInvite(),
          callee.reply('302 Moved Temporarily', { contact: `<sip:${number}@[local_ip]>` }),
          receive('ACK'),
        ]),
        { to: placeOf(lab, '58') },
      );
      await lab.call(
        {
          caller: ordinaryCaller,
          callee: ordinaryCallee.replace(
            '<recv request="INVITE" rrs="true"><action>',
            `<recv request="INVITE" rrs="true"><action><ereg regexp="History-Info: .*${lab.called('58')}@.*cause=302" search_in="msg" check_it="true" assign_to="from"/>`,
          ),
        },
        { prefix: '58', to: placeOf(lab, '50') },
      );
      await redirecting.done;
      const tried: readonly { trunk: string; reason: EndReason; status?: number }[] = [
        { trunk: 'moved', reason: 'rejected', status: 302 },
        { trunk: 'plain', reason: 'hangup' },
      ];
      await lab.records([{ ...hungUp, attempts: tried }], '58');
    },
  },
];

/** What a trunk wants of calls, whatever the other side does, against SIPp on both sides. */
export const interworking: Group = {
  name: 'interworking',
  prepare,
  cases: [
    holds('hold and resume, told as inactive', '51', { expect: ['a=inactive'], answer: { direction: 'inactive' } }),
    holds('hold and resume, told as the address of nowhere', '52', { expect: ['c=IN IP4 0[.]0[.]0[.]0'], answer: {} }),
    holds('hold and resume, told as it is said', '50', { expect: ['a=sendonly'], answer: { direction: 'recvonly' } }),
    ...glare,
    ...offers,
    ...timers,
    ...identities,
  ],
};
