import { describe, expect, test } from 'vitest';
import { parseMessage, type SipMessage } from '#codec/sip-message';
import type { ManipulationRule, ManipulationStep } from '#policy/configuration';
import { type Change, type Circumstances, draftOf, formatDraft, Manipulation, messageOf, ruleFaults } from './index.ts';

const circumstances: Circumstances = {
  trunk: 'itsp',
  call: 'to-trunk',
  caller: '030123',
  called: '+4989555',
  ourHost: 'pbx.example',
  peerHost: 'itsp.example',
  account: '+4930100',
};

const invite = [
  'INVITE sip:+4989555@itsp.example;transport=tls SIP/2.0',
  'Via: SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK1',
  'Max-Forwards: 69',
  'f: "Alice" <sips:030123@pbx.example>;tag=abc',
  't: <sip:+4989555@itsp.example>',
  'i: call-1',
  'CSeq: 1 INVITE',
  'm: <sip:030123@192.0.2.1:5061;transport=tls>;expires=60',
  'Supported: 100rel, timer',
  'Allow: INVITE, ACK, BYE, INFO',
  'Min-SE: 90',
  'P-Asserted-Identity: <sips:030123@pbx.example>, <tel:+4930123>',
  'Diversion: <sip:+4940777@pbx.example>;reason=unconditional',
  'X-One: 1',
  'x-two: 2',
  'Content-Type: application/sdp',
  'Content-Length: {length}',
  '',
  '{body}',
].join('\r\n');

const sdp = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  'b=AS:80',
  't=0 0',
  'a=Connection-Info:7',
  'm=audio 4000 RTP/AVP 8 9',
  'b=TIAS:64000',
  'a=rtpmap:9 G722/8000',
  'a=ssrc:1 cname:x',
  'm=video 0 RTP/AVP 96',
  'a=ssrc:2 cname:x',
  '',
].join('\r\n');

const ringing = [
  'SIP/2.0 183 Session Progress',
  'Via: SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK1',
  'From: <sip:a@b>;tag=abc',
  'To: <sip:c@d>;tag=def',
  'Call-ID: call-1',
  'CSeq: 1 INVITE',
  'P-Early-Media: sendrecv',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

const withBody = (text: string, body: string) => text.replace('{length}', String(body.length)).replace('{body}', body);

function parsed(octets: string): SipMessage {
  const message = parseMessage(octets);
  if (message.kind === 'fault') throw new Error(message.reason);
  return message;
}

type Loose = Partial<ManipulationRule> & { readonly do: readonly ManipulationStep[] };

function run(rules: readonly Loose[], octets = withBody(invite, sdp), more: Partial<Circumstances> = {}) {
  const manipulation = new Manipulation(rules.map((rule) => ({ name: 'r', direction: 'out', ...rule })));
  const draft = draftOf(parsed(octets));
  const changes: readonly Change[] = manipulation.apply('out', draft, { ...circumstances, ...more });
  const message = messageOf(draft);
  if (message.kind === 'fault') throw new Error(message.reason);
  return { message, changes, octets: formatDraft(draft), told: changes.map(({ text }) => text) };
}

const step = (...steps: ManipulationStep[]) => run([{ do: steps }]);

describe('steps', () => {
  test('a header field is added, also in a list', () => {
    const { message, told } = step({ kind: 'add', part: 'Supported', value: 'histinfo' });
    expect(message.all('supported')).toEqual(['100rel', 'timer', 'histinfo']);
    expect(told).toEqual(['added Supported: histinfo']);
  });

  test('a header field is set, in its place or at the end, once', () => {
    const { message, told } = step(
      { kind: 'set', part: 'P-Asserted-Identity', value: '<sip:{account}@{our-host}>' },
      { kind: 'set', part: 'X-Trunk', value: '{trunk} {peer-host}' },
      { kind: 'set', part: 'Min-SE', value: '90' },
    );
    expect(message.all('p-asserted-identity')).toEqual(['<sip:+4930100@pbx.example>']);
    expect(message.get('x-trunk')).toBe('itsp itsp.example');
    expect(told).toEqual(['set P-Asserted-Identity to <sip:+4930100@pbx.example>; set X-Trunk to itsp itsp.example']);
  });

  test('header fields are removed: one, an element of a list, all that begin alike', () => {
    const { message, told } = step(
      { kind: 'remove', part: 'Min-SE' },
      { kind: 'remove', part: 'Supported', matching: '^100rel$' },
      { kind: 'remove', part: 'X-*' },
      { kind: 'remove', part: 'Not-There' },
    );
    expect(message.get('min-se')).toBeUndefined();
    expect(message.all('supported')).toEqual(['timer']);
    expect(message.get('x-one') ?? message.get('x-two')).toBeUndefined();
    expect(told).toEqual(['removed Min-SE; removed 100rel from Supported; removed X-One, x-two']);
  });

  test('the last element of a list takes the field along', () => {
    const { message } = step({ kind: 'remove', part: 'Supported', matching: '.' });
    expect(message.fields().some(({ name }) => name === 'supported')).toBe(false);
  });

  test('a wildcard passes over what has to stay', () => {
    const { message } = step({ kind: 'remove', part: 'C*' });
    expect(message.contact?.uri).toContain('030123');
    expect(message.callId).toBe('call-1');
    expect(message.body).toBe(sdp);
  });

  test.each<[string, ManipulationStep, (message: SipMessage) => unknown, unknown]>([
    ['scheme', { kind: 'set', part: 'From.scheme', value: 'sip' }, (m) => m.from.uri, 'sip:030123@pbx.example'],
    [
      'user',
      { kind: 'replace', part: 'From.user', matching: '^0', value: '+49' },
      (m) => m.from.uri,
      'sips:+4930123@pbx.example',
    ],
    ['host', { kind: 'set', part: 'To.host', value: '{our-host}' }, (m) => m.to.uri, 'sip:+4989555@pbx.example'],
    ['a port', { kind: 'set', part: 'To.port', value: '5070' }, (m) => m.to.uri, 'sip:+4989555@itsp.example:5070'],
    ['a display name', { kind: 'set', part: 'From.display', value: 'Bob "B"' }, (m) => m.from.displayName, 'Bob "B"'],
    [
      'no display name',
      { kind: 'remove', part: 'From.display' },
      (m) => m.get('from'),
      '<sips:030123@pbx.example>;tag=abc',
    ],
    ['a URI', { kind: 'set', part: 'From.uri', value: 'tel:{caller}' }, (m) => m.from.uri, 'tel:030123'],
    [
      'a URI parameter',
      { kind: 'set', part: 'From.uri-param.user', value: 'phone' },
      (m) => m.from.uri,
      'sips:030123@pbx.example;user=phone',
    ],
    [
      'no URI parameter',
      { kind: 'remove', part: 'Contact.uri-param.transport' },
      (m) => m.contact?.uri,
      'sip:030123@192.0.2.1:5061',
    ],
    [
      'a parameter',
      { kind: 'set', part: 'Diversion.param.reason', value: 'user-busy' },
      (m) => m.get('diversion'),
      '<sip:+4940777@pbx.example>;reason=user-busy',
    ],
    [
      'no parameter',
      { kind: 'remove', part: 'Contact.param.expires' },
      (m) => m.get('contact'),
      '<sip:030123@192.0.2.1:5061;transport=tls>',
    ],
    ['no user', { kind: 'remove', part: 'Contact.user' }, (m) => m.contact?.uri, 'sip:192.0.2.1:5061;transport=tls'],
    [
      'each of a list',
      { kind: 'replace', part: 'P-Asserted-Identity.uri', matching: '^sips:', value: 'sip:' },
      (m) => m.all('p-asserted-identity'),
      ['<sip:030123@pbx.example>', '<tel:+4930123>'],
    ],
    [
      'the number of a tel URI',
      { kind: 'replace', part: 'P-Asserted-Identity.user', matching: '^\\+49', value: '0' },
      (m) => m.all('p-asserted-identity')[1],
      '<tel:030123>',
    ],
    [
      'a user that needs escapes',
      { kind: 'set', part: 'From.user', value: 'a b@c' },
      (m) => m.from.uri,
      'sips:a%20b%40c@pbx.example',
    ],
    [
      'an IPv6 host',
      { kind: 'set', part: 'From.host', value: '[2001:db8::1]' },
      (m) => m.from.uri,
      'sips:030123@[2001:db8::1]',
    ],
  ])('part of an address: %s', (_name, one, read, expected) => {
    const { message, octets } = step(one);
    expect(read(message)).toEqual(expected);
    expect(octets).toContain(';tag=abc');
  });

  test('the Request-URI and its parts', () => {
    const { message } = step(
      { kind: 'replace', part: 'request-uri.user', matching: '^\\+49(.*)$', value: '0$1' },
      { kind: 'remove', part: 'request-uri.uri-param.transport' },
      { kind: 'set', part: 'request-uri.host', value: 'gw.example' },
    );
    expect(message.kind === 'request' && message.uri).toBe('sip:089555@gw.example');
  });

  test('copy', () => {
    const { message } = step(
      { kind: 'copy', from: 'From.user', part: 'X-Caller' },
      { kind: 'copy', from: 'Diversion.user', part: 'From.user' },
    );
    expect(message.get('x-caller')).toBe('030123');
    expect(message.from.uri).toBe('sips:+4940777@pbx.example');
  });

  test('SDP: lines of the session, of one media type, of all', () => {
    const { message, told } = step(
      { kind: 'sdp-remove', matching: '^a=Connection-Info' },
      { kind: 'sdp-remove', media: 'audio', matching: '^a=ssrc:' },
      { kind: 'sdp-replace', matching: '^b=TIAS:(\\d+)$', value: 'b=TIAS:1$1' },
      { kind: 'sdp-add', media: 'audio', value: 'a=ptime:20' },
      { kind: 'sdp-add', value: 'b=CT:1000' },
    );
    expect(message.body).toBe(
      sdp
        .replace('a=Connection-Info:7\r\n', '')
        .replace('a=ssrc:1 cname:x\r\n', 'a=ptime:20\r\n')
        .replace('TIAS:64000', 'TIAS:164000')
        .replace('t=0 0', 'b=CT:1000\r\nt=0 0'),
    );
    expect(message.get('content-length')).toBe(String(message.body.length));
    expect(told[0]).toContain('removed a=Connection-Info:7 from SDP');
  });

  test('what holds SDP together stays, whatever a pattern takes in', () => {
    const { message } = step({ kind: 'sdp-remove', matching: '.' });
    expect(message.body).toBe(
      'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 9\r\nm=video 0 RTP/AVP 96\r\n',
    );
  });

  test('a body that is no SDP is left alone', () => {
    const text = withBody(invite, sdp).replace('application/sdp', 'text/plain');
    expect(run([{ do: [{ kind: 'sdp-remove', matching: '.' }] }], text).changes).toEqual([]);
  });

  test('a status becomes another of its class, with its phrase', () => {
    const of = (status: number, octets: string, phrase?: string) =>
      run([{ do: [{ kind: 'status', status, ...(phrase === undefined ? {} : { phrase }) }] }], octets).octets.split(
        '\r\n',
      )[0];
    expect(of(180, ringing)).toBe('SIP/2.0 180 Ringing');
    expect(of(180, ringing, 'Es klingelt')).toBe('SIP/2.0 180 Es klingelt');
    expect(of(503, ringing)).toBe('SIP/2.0 183 Session Progress');
    expect(of(503, ringing.replace('183 Session Progress', '480 X'))).toBe('SIP/2.0 503 Service Unavailable');
    expect(of(180, ringing.replace('183 Session Progress', '480 X'))).toBe('SIP/2.0 480 X');
    expect(of(503, ringing.replace('183 Session Progress', '200 OK'))).toBe('SIP/2.0 200 OK');
    expect(of(180, ringing.replace('183 Session Progress', '100 Trying'))).toBe('SIP/2.0 100 Trying');
  });
});

test('however often a pattern matches, its value is bounded', () => {
  const many = (value: string, matching: string, text: string) =>
    run(
      [{ do: [{ kind: 'replace', part: 'X-One', matching, value: text }] }],
      withBody(invite, sdp).replace('X-One: 1', `X-One: ${value}`),
    ).message.get('x-one');
  expect(many('a'.repeat(100), 'a', 'b')).toBe('b'.repeat(64) + 'a'.repeat(36));
  expect(many('a'.repeat(2000), '^(.*)$', '$1$1')).toBe('a'.repeat(4000));
  // Longer than any value may become: nothing is changed.
  expect(many('a'.repeat(2000), '^(.*)$', '$1$1$1')).toBe('a'.repeat(2000));
  const started = performance.now();
  expect(many('a'.repeat(2000), 'a.*b|a', 'c')).toHaveLength(2000);
  expect(performance.now() - started).toBeLessThan(1000);
});

describe('when a rule holds', () => {
  const mark: ManipulationStep = { kind: 'set', part: 'X-Mark', value: 'yes' };
  const marked = (rule: Partial<ManipulationRule>, octets?: string, more?: Partial<Circumstances>) =>
    run([{ ...rule, do: [mark] }], octets, more).message.get('x-mark') === 'yes';
  const inside = withBody(invite, sdp).replace('@itsp.example>\r\n', '@itsp.example>;tag=zz\r\n');

  test.each<[string, Partial<ManipulationRule>, boolean]>([
    ['of another direction', { direction: 'in' }, false],
    ['of the method', { methods: ['BYE', 'INVITE'] }, true],
    ['of another method', { methods: ['BYE'] }, false],
    ['of responses', { of: 'responses' }, false],
    ['of statuses', { statuses: [{ from: 100, to: 699 }] }, false],
    ['outside dialogs', { dialog: 'outside' }, true],
    ['inside of them', { dialog: 'inside' }, false],
    ['of calls to the trunk', { call: 'to-trunk' }, true],
    ['of calls from it', { call: 'from-trunk' }, false],
    ['value', { when: [{ kind: 'matches', part: 'Diversion.param.reason', pattern: '^uncond' }] }, true],
    ['no value', { when: [{ kind: 'not', part: 'Supported', pattern: '^timer$' }] }, false],
    ['present', { when: [{ kind: 'present', part: 'Diversion' }] }, true],
    ['absent', { when: [{ kind: 'absent', part: 'X-One' }] }, false],
    [
      'all of them',
      {
        when: [
          { kind: 'present', part: 'X-One' },
          { kind: 'present', part: 'X-Three' },
        ],
      },
      false,
    ],
    ['the caller', { when: [{ kind: 'matches', part: 'caller', pattern: '^030' }] }, true],
    ['the called', { when: [{ kind: 'matches', part: 'called', pattern: '^030' }] }, false],
    ['a codec', { when: [{ kind: 'matches', part: 'codec', pattern: '^g722$' }] }, true],
    ['no codec', { when: [{ kind: 'matches', part: 'codec', pattern: '^opus$' }] }, false],
    ['a stream', { when: [{ kind: 'matches', part: 'media', pattern: '^audio$' }] }, true],
    ['a stream that is refused', { when: [{ kind: 'matches', part: 'media', pattern: '^video$' }] }, false],
    ['the kind of body', { when: [{ kind: 'matches', part: 'body-type', pattern: '^application/sdp$' }] }, true],
    ['a line of SDP', { when: [{ kind: 'matches', part: 'sdp.video', pattern: '^a=ssrc:2' }] }, true],
    ['a line of other SDP', { when: [{ kind: 'matches', part: 'sdp.audio', pattern: '^a=ssrc:2' }] }, false],
  ])('%s', (_name, rule, holds) => {
    expect(marked(rule)).toBe(holds);
  });

  test('in a dialog', () => {
    expect(marked({ dialog: 'inside' }, inside)).toBe(true);
    expect(marked({ dialog: 'outside' }, inside)).toBe(false);
  });

  test('by status', () => {
    expect(marked({ statuses: [{ from: 180, to: 189 }] }, ringing)).toBe(true);
    expect(marked({ statuses: [{ from: 200, to: 299 }] }, ringing)).toBe(false);
    expect(marked({ of: 'requests' }, ringing)).toBe(false);
  });

  test('groups of conditions count through, and stand in values', () => {
    const { message } = run([
      {
        when: [
          { kind: 'matches', part: 'From.user', pattern: '^(0)(\\d+)$' },
          { kind: 'matches', part: 'Diversion.user', pattern: '^\\+49(.*)$' },
        ],
        do: [{ kind: 'set', part: 'X-Mark', value: '$0 $1 $2 $3 $$' }],
      },
    ]);
    expect(message.get('x-mark')).toBe('030123 0 30123 40777 $');
  });

  test('rules act one after the other', () => {
    const { message, changes } = run([
      { name: 'one', do: [{ kind: 'set', part: 'X-Mark', value: 'a' }] },
      {
        name: 'two',
        when: [{ kind: 'matches', part: 'X-Mark', pattern: 'a' }],
        do: [{ kind: 'remove', part: 'X-Mark' }],
      },
    ]);
    expect(message.get('x-mark')).toBeUndefined();
    expect(changes.map(({ rule }) => rule)).toEqual(['one', 'two']);
  });
});

describe('what has to hold', () => {
  test('From, To and Request-URI are left alone in dialogs, in ACK and CANCEL', () => {
    const steps: ManipulationStep[] = [
      { kind: 'set', part: 'From.user', value: 'x' },
      { kind: 'set', part: 'To.user', value: 'x' },
      { kind: 'set', part: 'request-uri.user', value: 'x' },
      { kind: 'set', part: 'X-Mark', value: 'yes' },
    ];
    const inside = withBody(invite, sdp).replace('@itsp.example>\r\n', '@itsp.example>;tag=zz\r\n');
    const cancel = withBody(invite, sdp).replaceAll('INVITE', 'CANCEL');
    for (const octets of [inside, cancel, cancel.replaceAll('CANCEL', 'ACK'), ringing]) {
      const { told } = run([{ do: steps }], octets);
      expect(told).toEqual(['set X-Mark to yes']);
    }
  });

  test.each<[ManipulationStep, string]>([
    [{ kind: 'set', part: 'request-uri', value: 'not a uri' }, 'no Request-URI'],
    [{ kind: 'set', part: 'request-uri', value: 'sip:a@b?Subject=x' }, 'no Request-URI'],
    [{ kind: 'set', part: 'Contact', value: 'nonsense' }, 'no Contact'],
  ])('a rule that leaves nothing sound is left out: %o', (one, why) => {
    const { told, octets } = step({ kind: 'set', part: 'X-Mark', value: 'yes' }, one);
    expect(told).toEqual([`left out: it leaves ${why}`]);
    expect(octets).not.toContain('X-Mark');
  });

  test.each<ManipulationStep>([
    { kind: 'set', part: 'From.host', value: 'no host' },
    { kind: 'set', part: 'From.port', value: 'five' },
    { kind: 'set', part: 'From.scheme', value: 'mailto' },
    { kind: 'set', part: 'From.uri', value: '>' },
    { kind: 'set', part: 'To.uri-param.x', value: 'a b' },
    { kind: 'set', part: 'X-Empty', value: '{X-Not-There}' },
  ])('what cannot be written is not: %o', (one) => {
    expect(step(one).changes).toEqual([]);
  });
});

test('what concerns nobody is told at once', () => {
  const manipulation = new Manipulation([
    { name: 'a', direction: 'in', methods: ['INVITE'], do: [{ kind: 'remove', part: 'X' }] },
    { name: 'b', direction: 'out', statuses: [{ from: 180, to: 189 }], do: [{ kind: 'remove', part: 'X' }] },
  ]);
  expect(manipulation.concerns('in', 'INVITE', 0)).toBe(true);
  expect(manipulation.concerns('in', 'INVITE', 200)).toBe(true);
  expect(manipulation.concerns('in', 'BYE', 0)).toBe(false);
  expect(manipulation.concerns('out', 'INVITE', 0)).toBe(false);
  expect(manipulation.concerns('out', 'INVITE', 183)).toBe(true);
  expect(manipulation.concerns('out', 'BYE', 183)).toBe(true);
  expect(manipulation.concerns('in', 'INVITE', 100)).toBe(false);
});

describe('faults', () => {
  const faultsOf = (rule: Loose) =>
    ruleFaults({ name: 'r', direction: 'out', ...rule }).map(({ path, message }) => `${path.join('.')}: ${message}`);

  test.each<[ManipulationStep, string]>([
    ...['Via', 'v', 'Route', 'Record-Route', 'Call-ID', 'i', 'CSeq', 'Max-Forwards', 'Content-Length', 'RSeq'].map(
      (part): [ManipulationStep, string] => [{ kind: 'remove', part }, 'do.0.remove:'],
    ),
    [{ kind: 'add', part: 'Via', value: 'x' }, 'Via is not to be changed'],
    [{ kind: 'set', part: 'Via.param.branch', value: 'x' }, 'Via is not to be changed'],
    [{ kind: 'set', part: 'Authorization', value: 'x' }, 'credentials'],
    [{ kind: 'set', part: 'From', value: '<sip:a@b>' }, 'bears the tag'],
    [{ kind: 'replace', part: 'f', matching: 'a', value: 'b' }, 'bears the tag'],
    [{ kind: 'set', part: 'To.param.tag', value: 'x' }, 'the tag of To'],
    [{ kind: 'copy', from: 'Via', part: 'CSeq' }, 'do.0.to: CSeq is not'],
    [{ kind: 'add', part: 'Contact', value: '<sip:a@b>' }, 'one Contact at the most'],
    [{ kind: 'add', part: 'Content-Type', value: 'x' }, 'one Content-Type at the most'],
    [{ kind: 'add', part: 'From.user', value: 'x' }, 'no header field that could be added'],
    [{ kind: 'remove', part: 'Contact' }, 'needs its Contact'],
    [{ kind: 'remove', part: 'request-uri' }, 'needs its request-uri'],
    [{ kind: 'remove', part: 'From.host' }, 'cannot be missing'],
    [{ kind: 'set', part: 'X-*', value: 'x' }, 'no field that could be written'],
    [{ kind: 'remove', part: 'From.nobody' }, 'is no part of From'],
    [{ kind: 'remove', part: 'two words' }, 'not the name of a header field'],
    [{ kind: 'remove', part: 'X', matching: '(' }, 'the pattern is not sound'],
    [{ kind: 'replace', part: 'X', matching: 'a', value: '$1' }, 'no group 1 in the pattern'],
    [{ kind: 'set', part: 'X', value: '$1' }, 'no group 1 in the patterns of `when`'],
    [{ kind: 'set', part: 'X', value: '{nobody}' }, 'there is no {nobody}'],
    [{ kind: 'set', part: 'X', value: 'a $ b' }, 'stands by itself'],
    [{ kind: 'set', part: 'X', value: 'a\r\nVia: b' }, 'more than one line'],
    [{ kind: 'set', part: 'X', value: '' }, 'it is empty'],
    [{ kind: 'sdp-add', value: 'm=audio 1 RTP/AVP 0' }, 'no line that could be added'],
    [{ kind: 'sdp-remove', matching: '(?=a)' }, 'look-around'],
    [{ kind: 'status', status: 200 }, 'no status that another can become'],
    [{ kind: 'status', status: 100 }, 'no status that another can become'],
  ])('%o: %s', (one, why) => {
    expect(faultsOf({ do: [one] })).toEqual([expect.stringContaining(why)]);
  });

  test.each<[Loose, string]>([
    [{ of: 'responses', do: [{ kind: 'set', part: 'From.user', value: 'x' }] }, 'responses bear From and To'],
    [{ dialog: 'inside', do: [{ kind: 'set', part: 'From.user', value: 'x' }] }, 'when the dialog began'],
    [{ of: 'requests', do: [{ kind: 'status', status: 180 }] }, 'requests have no status'],
    [
      { of: 'requests', statuses: [{ from: 180, to: 189 }], do: [{ kind: 'remove', part: 'X' }] },
      'statuses: requests have no',
    ],
    [
      { when: [{ kind: 'matches', part: 'X', pattern: '[' }], do: [{ kind: 'remove', part: 'X' }] },
      'when.0.matches: the pattern',
    ],
    [{ when: [{ kind: 'present', part: 'x y' }], do: [{ kind: 'remove', part: 'X' }] }, 'when.0.part:'],
  ])('%o: %s', (rule, why) => {
    expect(faultsOf(rule)).toEqual([expect.stringContaining(why)]);
  });

  test('none, of what is sound', () => {
    expect(
      faultsOf({ do: [{ kind: 'set', part: 'P-Asserted-Identity', value: '<sip:{From.user}@{our-host}>' }] }),
    ).toEqual([]);
  });
});
