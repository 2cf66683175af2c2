import { describe, expect, test } from 'vitest';
import { widthOf } from '../output/width.ts';
import { ladderText, type Message, messagesText, shortLine } from './ladder.ts';

process.env.TZ = 'UTC';
const at = Date.UTC(2026, 10, 23, 8, 5, 9);
const plain = (_format: unknown, text: string) => text;

function message(ms: number, sent: boolean, leg: string, firstLine: string, more = ''): Message {
  return {
    at: new Date(at + ms).toISOString(),
    atMs: at + ms,
    sent,
    transport: 'udp',
    local: '192.0.2.1:5060',
    remote: leg === 'pbx' ? '10.0.0.2:5060' : '203.0.113.9:5060',
    leg,
    callId: `${leg}@x`,
    firstLine,
    text: `${firstLine}\r\nCSeq: 1 ${/BYE/.test(more) ? 'BYE' : 'INVITE'}\r\n${more}\r\n`,
  };
}
const sdp = 'Content-Type: application/sdp\r\n';
const call = [
  message(0.4, false, 'pbx', 'INVITE sip:1@x SIP/2.0', sdp),
  message(2, true, 'itsp', 'INVITE sip:1@y SIP/2.0', sdp),
  message(502, true, 'itsp', 'INVITE sip:1@y SIP/2.0', sdp),
  message(900, false, 'itsp', 'SIP/2.0 486 Busy Here'),
  message(901, true, 'pbx', 'SIP/2.0 486 Busy Here'),
];

describe('a ladder', () => {
  test('has a column for each party, us between, and an arrow for each message', () => {
    expect(ladderText(call, 90, plain)).toMatchInlineSnapshot(`
      "                           pbx                      tandem                      itsp
                            10.0.0.2:5060             192.0.2.1:5060            203.0.113.9:5060
      08:05:09.000               │────── INVITE (SDP) ─────▶│                          │
      08:05:09.002    +2ms       │                          │────── INVITE (SDP) ─────▶│
      08:05:09.502  +500ms       │                          │── INVITE (SDP) (again) ─▶│
      08:05:09.900  +398ms       │                          │◀──── 486 Busy Here ──────│
      08:05:09.901    +1ms       │◀──── 486 Busy Here ──────│                          │
      "
    `);
  });

  test('fits the terminal, whatever stands in a message', () => {
    const long = [...call, message(950, true, 'pbx', `SIP/2.0 500 ${'台'.repeat(60)}\u001b[2J`)];
    for (const line of ladderText(long, 80, plain).split('\n')) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/[\x00-\x1f]/);
    }
    expect(ladderText([], 80, plain)).toMatch(/No message/);
    const narrow = ladderText(call, 60, plain);
    for (const line of narrow.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(60);
    expect(narrow).toContain('INVITE (SDP)');
    expect(narrow).not.toContain('+500ms');
  });

  test('of more parties than there is room for the last share a column, and their messages bear their names', () => {
    const leg = (n: number, sent: boolean, line: string, ms: number) => ({
      ...message(ms, sent, `ann-${n}`, line, sdp),
      remote: `10.0.1.${n}:5060`,
      callId: `${n}@x`,
    });
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    const forked = [
      call[0]!,
      ...numbers.map((n) => leg(n, true, `INVITE sip:${n}@y SIP/2.0`, 10 * n)),
      leg(8, false, 'SIP/2.0 200 OK', 900),
    ];
    for (const width of [60, 80, 120])
      for (const line of ladderText(forked, width, plain).split('\n'))
        expect(widthOf(line), line).toBeLessThanOrEqual(width);
    const drawn = ladderText(forked, 80, plain);
    expect(drawn).toContain('7 others');
    expect(drawn).toContain('ann-8: 200 OK (SDP)');
    expect(ladderText(forked, 200, plain)).not.toContain('others');
  });

  test.each([
    ['INVITE sip:1@x SIP/2.0', `${sdp}\r\nv=0\r\nm=audio 4000 RTP/AVP 8\r\na=sendrecv`, 'INVITE (SDP)'],
    ['INVITE sip:1@x SIP/2.0', `${sdp}\r\nv=0\r\nm=audio 4000 RTP/AVP 8\r\na=sendonly`, 'INVITE (SDP sendonly)'],
    [
      'INVITE sip:1@x SIP/2.0',
      `${sdp}\r\nv=0\r\nm=audio 4000 RTP/AVP 8\r\nm=video 4002 RTP/AVP 96`,
      'INVITE (SDP audio+video)',
    ],
    [
      'SIP/2.0 200 OK',
      `${sdp}\r\nv=0\r\nm=audio 4000 RTP/AVP 8\r\nm=video 0 RTP/AVP 96`,
      '200 OK (SDP audio+no video)',
    ],
    ['REFER sip:1@x SIP/2.0', 'Refer-To: "B" <sip:+49302@h?Replaces=a>\r\n', 'REFER to +49302'],
    ['NOTIFY sip:1@x SIP/2.0', 'Content-Type: message/sipfrag\r\n\r\nSIP/2.0 180 Ringing', 'NOTIFY (180 Ringing)'],
    ['MESSAGE sip:1@x SIP/2.0', 'Content-Type: text/plain\r\n\r\nhello', 'MESSAGE'],
  ])('%s is told in short by what it wants', (line, more, short) => {
    expect(shortLine(message(0, true, 'pbx', line, more))).toBe(short);
  });

  test('a try at another target of the same trunk is another party', () => {
    const second = {
      ...message(1000, true, 'itsp', 'INVITE sip:1@z SIP/2.0'),
      callId: 'other@x',
      remote: '203.0.113.10:5060',
    };
    const [, addresses] = ladderText([...call, second], 200, plain).split('\n');
    expect(addresses).toMatch(/10\.0\.0\.2:5060 +192\.0\.2\.1:5060 +203\.0\.113\.9:5060 +203\.0\.113\.10:5060/);
  });
});

test('a message in a few words', () => {
  expect(shortLine(message(0, true, 'pbx', 'SIP/2.0 200 OK', 'X: BYE'))).toBe('200 OK BYE');
  expect(shortLine(message(0, true, 'pbx', 'SIP/2.0 200 OK', 'c: application/sdp'))).toBe('200 OK (SDP)');
});

test('messages in full, and nothing that steers the terminal', () => {
  const text = messagesText([message(0, true, 'itsp', 'BYE sip:1@y SIP/2.0', 'Subject: \u001b[2J')], plain);
  expect(text).toMatch(
    /^2026-11-23 08:05:09\.000 udp 192\.0\.2\.1:5060 -> 203\.0\.113\.9:5060 \(itsp\)\nBYE sip:1@y SIP\/2\.0\n/,
  );
  expect(text).toContain('Subject: \\x1b[2J');
});
