import { expect, test } from 'vitest';
import { parseMessage, type SipMessage } from '#codec/sip-message';
import { draftOf, Manipulation, messageOf } from '#policy/manipulation';
import { machineFiles } from '../src/shell/config/files.ts';
import { findProfile } from '../src/shell/config/profile.ts';

/* What each rule of the profile does to the messages that it is for, and that it does nothing where all is well already. */

const found = findProfile('bulk-tls-rewrites', machineFiles());
if ('fault' in found) throw new Error(found.fault.message);
const rules = found.rules ?? [];
const manipulation = new Manipulation(rules);

const circumstances = {
  trunk: 'itsp',
  call: 'to-trunk' as const,
  caller: '+4930123451',
  called: '+4989555',
  ourHost: 'ssp.example',
  peerHost: 'ssp.example',
  account: '+4930123450',
};

function message(start: string, method: string, fields: readonly string[], body = ''): string {
  const lines = [
    start,
    'Via: SIP/2.0/TLS 192.0.2.5:5061;branch=z9hG4bK-1',
    'Max-Forwards: 70',
    ...fields,
    'Call-ID: one',
    `CSeq: 1 ${method}`,
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const register = message('REGISTER sips:ssp.example SIP/2.0', 'REGISTER', [
  'From: <sips:+4930123450@ssp.example>;tag=a',
  'To: <sips:+4930123450@ssp.example>',
  'Contact: <sips:pbx-17@192.0.2.5:5061;transport=tls>;expires=600',
  'Supported: path',
]);

const sdp = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.5',
  's=-',
  'c=IN IP4 192.0.2.5',
  't=0 0',
  'a=Connection-Info:1',
  'm=audio 4000 RTP/SAVP 8',
  '',
].join('\r\n');

const invite = message(
  'INVITE sips:+4989555@ssp.example SIP/2.0',
  'INVITE',
  [
    'From: <sips:+4930123451@ssp.example>;tag=a',
    'To: <sips:+4989555@ssp.example>',
    'Contact: <sips:+4930123451@192.0.2.5:5061>',
    'P-Asserted-Identity: <sip:+4930123451@ssp.example>',
    'History-Info: <sips:+4930123459@ssp.example>;index=1, <sip:+4989555@ssp.example>;index=1.1',
    'Diversion: <sip:+4930123459@ssp.example>;reason=unconditional',
    'Allow: INVITE, ACK, BYE, INFO, UPDATE',
    'Supported: 100rel, timer',
    'Min-SE: 90',
    'P-Called-Party-ID: <sip:+4930123457@ssp.example>',
    'Content-Type: application/sdp',
  ],
  sdp,
);

function applied(direction: 'in' | 'out', octets: string): { message: SipMessage; acted: readonly string[] } {
  const came = parseMessage(octets);
  if (came.kind === 'fault') throw new Error(came.reason);
  const draft = draftOf(came);
  const acted = manipulation.apply(direction, draft, circumstances).map(({ rule }) => rule);
  const after = messageOf(draft);
  if (after.kind === 'fault') throw new Error(after.reason);
  return { message: after, acted };
}

const sent = { register: applied('out', register), invite: applied('out', invite) };
const heard = applied('in', invite);

type Effect = readonly [
  rule: string,
  of: { message: SipMessage; acted: readonly string[] },
  read: (message: SipMessage) => unknown,
  expected: unknown,
];

const uri = (one: SipMessage) => one.kind === 'request' && one.uri;
const effects: readonly Effect[] = [
  ['register-uri', sent.register, uri, 'sip:ssp.example'],
  ['register-to', sent.register, (one) => one.to.uri, 'sip:+4930123450@ssp.example'],
  ['register-from', sent.register, (one) => one.from.uri, 'sip:+4930123450@ssp.example'],
  ['register-contact', sent.register, (one) => one.contact!.uri.startsWith('sip:'), true],
  [
    'register-contact-bulk',
    sent.register,
    (one) => one.get('contact'),
    '<sip:192.0.2.5:5061;transport=tls;bnc>;expires=600',
  ],
  ['register-extension', sent.register, (one) => [one.all('require'), one.all('proxy-require')], [['gin'], ['gin']]],
  ['call-uri', sent.invite, uri, 'sip:+4989555@ssp.example'],
  ['call-to', sent.invite, (one) => one.to.uri, 'sip:+4989555@ssp.example'],
  ['call-from', sent.invite, (one) => one.get('from'), '<sip:+4930123451@ssp.example>;tag=a'],
  ['call-contact', sent.invite, (one) => one.contact!.uri.startsWith('sip:'), true],
  ['call-contact-transport', sent.invite, (one) => one.contact!.uri, 'sip:+4930123451@192.0.2.5:5061;transport=tls'],
  ['call-history', sent.invite, (one) => one.all('history-info')[0], '<sip:+4930123459@ssp.example>;index=1'],
  ['main-number', sent.invite, (one) => one.all('p-asserted-identity'), ['<sip:+4930123450@ssp.example>']],
  ['no-shortest-session', sent.invite, (one) => one.get('min-se'), undefined],
  ['no-diversion', sent.invite, (one) => one.get('diversion'), undefined],
  ['no-info', sent.invite, (one) => one.all('allow'), ['INVITE', 'ACK', 'BYE', 'UPDATE']],
  ['no-connection-info', sent.invite, (one) => one.body, sdp.replace('a=Connection-Info:1\r\n', '')],
  ['no-reliable-responses', heard, (one) => one.all('supported'), ['timer']],
  ['called-number', heard, uri, 'sips:+4930123457@ssp.example'],
];

test('each of its 19 rules has a case', () => {
  expect(rules.length).toBe(19);
  expect(effects.map(([rule]) => rule)).toEqual(rules.map(({ name }) => name));
});

test.each(effects)('%s', (rule, { message: after, acted }, read, expected) => {
  expect(acted).toContain(rule);
  expect(read(after)).toEqual(expected);
});

test('where all is as it should be nothing is done', () => {
  const again = (octets: string) => applied('out', octets).acted;
  expect(again(sent.register.message.octets)).toEqual([]);
  expect(again(sent.invite.message.octets)).toEqual([]);
});
