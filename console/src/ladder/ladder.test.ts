import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counterpartOf, fieldPairs, fieldsOf, ladderOf, type Message, pairsOf, sdpOf } from './ladder.ts';

let clock = 0;
function message(
  leg: string,
  sent: boolean,
  firstLine: string,
  cseq: string,
  more: readonly string[] = [],
  body = '',
): Message {
  const text = [
    firstLine,
    `Via: SIP/2.0/UDP x;branch=z9hG4bK${leg}${cseq.replace(' ', '')}`,
    `CSeq: ${cseq}`,
    ...more,
    '',
    body,
  ].join('\r\n');
  return {
    atMs: clock++,
    sent,
    transport: 'udp',
    local: 'us:5060',
    remote: `${leg}:5060`,
    leg,
    callId: `${leg}-id`,
    firstLine,
    text,
  };
}
const sdp = 'v=0\r\nm=audio 4000 RTP/AVP 8\r\n';
function answeredCall(): readonly Message[] {
  clock = 0;
  return [
    message('pbx', false, 'INVITE sip:2@us SIP/2.0', '1 INVITE', ['From: a'], sdp),
    message('pbx', false, 'INVITE sip:2@us SIP/2.0', '1 INVITE', ['From: a'], sdp),
    message('pbx', true, 'SIP/2.0 100 Trying', '1 INVITE'),
    message('itsp', true, 'INVITE sip:2@itsp SIP/2.0', '7 INVITE', ['From: b'], sdp),
    message('itsp', false, 'SIP/2.0 180 Ringing', '7 INVITE'),
    message('pbx', true, 'SIP/2.0 180 Ringing', '1 INVITE'),
    message('itsp', false, 'SIP/2.0 200 OK', '7 INVITE', [], sdp),
    message('pbx', true, 'SIP/2.0 200 OK', '1 INVITE', [], sdp),
    message('pbx', false, 'ACK sip:2@us SIP/2.0', '1 ACK'),
    message('itsp', true, 'ACK sip:2@itsp SIP/2.0', '7 ACK'),
  ];
}

describe('a ladder', () => {
  test('has a lane for each leg, in the order in which they came', () => {
    const { lanes, arrows } = ladderOf(answeredCall());
    expect(lanes.map(({ leg }) => leg)).toEqual(['pbx', 'itsp']);
    expect(
      arrows.map(
        ({ lane, isIn, label, note, tone, isAgain }) =>
          `${lane}${isIn ? '>' : '<'} ${label} ${note} ${tone}${isAgain ? ' again' : ''}`,
      ),
    ).toEqual([
      '0> INVITE SDP request',
      '0> INVITE SDP request again',
      '0< 100 Trying  provisional',
      '1< INVITE SDP request',
      '1> 180 Ringing  provisional',
      '0< 180 Ringing  provisional',
      '1> 200 OK SDP success',
      '0< 200 OK SDP success',
      '0> ACK  request',
      '1< ACK  request',
    ]);
    expect(arrows.at(-1)!.sinceMs).toBe(9);
  });

  test('of nothing is empty', () => {
    expect(ladderOf([])).toEqual({ lanes: [], arrows: [] });
  });
});

describe('the same message on the other leg', () => {
  const messages = answeredCall();
  test.each([
    ['the first INVITE came again before we sent ours', 0, undefined],
    ['an INVITE that came', 1, 3],
    ['our 100 is ours alone', 2, undefined],
    ['an INVITE that we sent', 3, 1],
    ['a 180 that came', 4, 5],
    ['a 180 that we sent', 5, 4],
    ['a 200', 6, 7],
    ['a 200 that we sent', 7, 6],
    ['an ACK', 8, 9],
  ])('%s', (_what, index, expected) => {
    expect(counterpartOf(messages, index)).toBe(expected);
  });

  test('of a refusal is the refusal that it became', () => {
    const refused = [
      message('pbx', false, 'INVITE sip:2@us SIP/2.0', '1 INVITE'),
      message('itsp', true, 'INVITE sip:2@itsp SIP/2.0', '7 INVITE'),
      message('itsp', false, 'SIP/2.0 486 Busy Here', '7 INVITE'),
      message('itsp', true, 'ACK sip:2@itsp SIP/2.0', '7 ACK'),
      message('pbx', true, 'SIP/2.0 480 Temporarily Unavailable', '1 INVITE'),
    ];
    expect(counterpartOf(refused, 2)).toBe(4);
    expect(counterpartOf(refused, 4)).toBe(2);
    // It was for the last hop alone.
    expect(counterpartOf(refused, 3)).toBeUndefined();
  });
});

describe('what a message says', () => {
  test('compact names in full, folded lines joined', () => {
    expect(fieldsOf('INVITE x SIP/2.0\r\nf: <sip:a>\r\nSubject: one\r\n two\r\nbroken\r\n\r\nbody: x')).toEqual([
      ['From', '<sip:a>'],
      ['Subject', 'one two'],
    ]);
  });

  test('SDP alone, as one part of several, and none', () => {
    expect(sdpOf(`INVITE x SIP/2.0\r\n\r\n${sdp}`)).toBe(sdp);
    expect(sdpOf(`INVITE x SIP/2.0\r\n\r\n--b\r\nContent-Type: application/sdp\r\n\r\n${sdp}\r\n--b--`)).toBe(sdp);
    expect(sdpOf('INVITE x SIP/2.0\r\n\r\n<xml/>')).toBeUndefined();
    expect(sdpOf('BYE x SIP/2.0\r\n\r\n')).toBeUndefined();
  });
});

describe('side by side', () => {
  test('what is common stays beside itself', () => {
    expect(
      pairsOf(['v=0', 'c=IN IP4 10.0.0.2', 'm=audio 4000', 'a=x'], ['v=0', 'c=IN IP4 192.0.2.1', 'm=audio 4000']),
    ).toEqual([
      { left: 'v=0', right: 'v=0', isSame: true },
      { left: 'c=IN IP4 10.0.0.2', right: 'c=IN IP4 192.0.2.1', isSame: false },
      { left: 'm=audio 4000', right: 'm=audio 4000', isSame: true },
      { left: 'a=x', isSame: false },
    ]);
  });

  test('nothing is lost, nothing is made up', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (left, right) => {
        const pairs = pairsOf(left, right);
        expect(pairs.flatMap((pair) => pair.left ?? [])).toEqual(left);
        expect(pairs.flatMap((pair) => pair.right ?? [])).toEqual(right);
        for (const pair of pairs) expect(pair.isSame).toBe(pair.isSame && pair.left === pair.right);
      }),
    );
  });

  test('header fields by name, several of one name beside each other', () => {
    const left = 'INVITE x SIP/2.0\r\nVia: one\r\nVia: two\r\nFrom: a\r\nX-Mine: 1\r\n\r\n';
    const right = 'INVITE x SIP/2.0\r\nv: two\r\nf: b\r\nP-Asserted-Identity: c\r\n\r\n';
    expect(fieldPairs(left, right)).toEqual([
      { name: 'Via', left: 'one', isSame: false },
      { name: 'Via', left: 'two', right: 'two', isSame: true },
      { name: 'From', left: 'a', right: 'b', isSame: false },
      { name: 'X-Mine', left: '1', isSame: false },
      { name: 'P-Asserted-Identity', right: 'c', isSame: false },
    ]);
  });
});
