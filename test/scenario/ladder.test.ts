/** A ladder that is wrong is found, with file and line and both ladders: what the other tests rest on. */
import { describe, expect, test } from 'vitest';
import { Digests } from './digest.ts';
import { LadderError, parseLadder } from './ladder.ts';
import type { Message } from './message.ts';
import { Phone, readSent } from './phone.ts';
import { play } from './runner.ts';
import { Truths } from './truths.ts';

const busy = `# Busy
config: one-itsp
pbx  -> INVITE +4930123 sdp(10.0.0.2:4000 PCMA)
pbx  <- 100
itsp <- INVITE +4930123 sdp(192.0.2.1:30000 PCMA)
+400ms itsp -> 486
itsp <- ACK
pbx  <- 486 with To
pbx  -> ACK
record callee busy 486, tried itsp: busy 486
`;

function fault(text: string): string {
  try {
    play(parseLadder('x.ladder', text));
  } catch (error) {
    if (error instanceof LadderError) return error.message;
    throw error;
  }
  return 'none';
}

/** The ladder with one line replaced, or left out. */
const but = (line: string, by?: string) => busy.replace(`${line}\n`, by === undefined ? '' : `${by}\n`);

test('the ladder that the others are made from is right', () => {
  expect(fault(busy)).toBe('none');
});

describe('what a line says is held to what is seen', () => {
  test.each([
    ['another status', but('pbx  <- 486 with To', 'pbx  <- 487'), 'x.ladder:8: another message (at 400 ms)'],
    [
      'another number',
      but('itsp <- INVITE +4930123 sdp(192.0.2.1:30000 PCMA)', 'itsp <- INVITE +49 sdp(192.0.2.1:30000 PCMA)'),
      'x.ladder:5: another Request-URI',
    ],
    [
      'another codec',
      but('itsp <- INVITE +4930123 sdp(192.0.2.1:30000 PCMA)', 'itsp <- INVITE +4930123 sdp(192.0.2.1:30000 PCMU)'),
      'x.ladder:5: another session description',
    ],
    [
      'no SDP',
      but('itsp <- INVITE +4930123 sdp(192.0.2.1:30000 PCMA)', 'itsp <- INVITE +4930123'),
      'x.ladder:5: another session description',
    ],
    ['another transport', but('pbx  <- 100', 'pbx  <- 100 by tcp'), 'x.ladder:4: another transport'],
    [
      'a header that is not there',
      but('pbx  <- 486 with To', 'pbx  <- 486 with Retry-After'),
      'x.ladder:8: no Retry-After',
    ],
    ['a header that is there', but('pbx  <- 486 with To', 'pbx  <- 486 without Call-ID'), 'x.ladder:8: a Call-ID'],
    [
      'a header of another value',
      but('pbx  <- 486 with To', 'pbx  <- 486 with CSeq: 2 INVITE'),
      'x.ladder:8: CSeq: 1 INVITE',
    ],
    ['sent again', but('itsp <- ACK', 'itsp <- ACK again'), 'x.ladder:7: it is not the same octets again'],
    [
      'another time',
      but('pbx  <- 486 with To', '+500ms pbx <- 486'),
      'x.ladder:8: before time passes, something is not in the ladder',
    ],
    [
      'another record',
      but('record callee busy 486, tried itsp: busy 486', 'record callee busy 486, tried nobody'),
      'x.ladder:10: another record',
    ],
    ['a drop', but('pbx  -> ACK', 'pbx  -> ACK\ndropped stray-ack'), 'x.ladder:10: another drop'],
    ['a relay plan', but('+400ms itsp -> 486', 'relay nothing\n+400ms itsp -> 486'), 'x.ladder:6: another relay plan'],
    [
      'another question to the decision service',
      busy
        .replace('one-itsp', 'one-itsp, asks service')
        .replace('pbx  <- 100', 'pbx  <- 100\nservice asked +4930124 of pbx, else out by itsp'),
      'x.ladder:5: another question to the decision service',
    ],
    [
      'a question that has no line',
      busy.replace('one-itsp', 'one-itsp, asks service').replace('pbx  <- 100', 'pbx  <- 100\nwait 1s'),
      '+ service asked +4930123 of pbx, else out by itsp',
    ],
    ['idle', but('pbx  -> ACK', 'pbx  -> ACK\nidle'), 'x.ladder:10: the engine has said "idle" 0 times'],
    [
      'a message that never came',
      but('pbx  -> ACK', 'pbx  <- 180\npbx  -> ACK'),
      'x.ladder:9: nothing has left for pbx',
    ],
    [
      'a connection that nobody opened',
      but('pbx  <- 100', 'itsp <- connect\npbx  <- 100'),
      'x.ladder:4: no connection is opened to itsp',
    ],
  ])('%s', (_, text, message) => {
    expect(fault(text)).toContain(message);
  });
});

describe('what is seen needs its line', () => {
  test('a message', () => {
    const message = fault(but('itsp <- ACK'));
    expect(message).toContain('x.ladder:8: before the next step, something is not in the ladder (at 400 ms)');
    expect(message).toContain('\n+ itsp <- ACK');
    expect(message).toContain('\n  pbx  -> INVITE +4930123 sdp(10.0.0.2:4000 PCMA)\n');
  });

  test('a message that is sent again while all comes to rest', () => {
    expect(fault(but('pbx  -> ACK'))).toContain('while it came to rest, something is not in the ladder');
    expect(fault(but('pbx  -> ACK'))).toContain('\n+ pbx <- 486 again\n');
  });

  test('a record', () => {
    expect(fault(but('record callee busy 486, tried itsp: busy 486'))).toContain(
      '+ record callee busy 486, tried itsp',
    );
  });

  test('both sides of a difference are shown, and the message itself', () => {
    const message = fault(but('pbx  <- 486 with To', 'pbx  <- 404'));
    expect(message).toContain('\n- pbx  <- 404\n+ pbx <- 486\n');
    expect(message).toContain('\nSIP/2.0 486 Refused\nVia: SIP/2.0/UDP 10.0.0.2');
  });

  test('a call that is not over is not at rest', () => {
    const ringing = busy.slice(0, busy.indexOf('+400ms')).concat('itsp -> 180\npbx <- 180\nwait 1s\n');
    expect(fault(ringing)).toMatch(/while it came to rest[\s\S]*\+ itsp <- CANCEL\n\+ pbx <- 480|\+ pbx <- 480/);
  });
});

describe('what no ladder has to say', () => {
  const phones = () => {
    const place = (host: string, ours: string) => ({
      trunks: ['x'],
      address: { host, port: 5060 },
      ours: { host: ours, port: 5060 },
      listener: 'internal',
      hosts: [host],
      account: undefined,
    });
    const phone = Phone.caller('pbx', place('10.0.0.2', '10.0.0.1'), new Digests([]), 0, '123');
    phone.write(options.message);
    return { phone, other: Phone.caller('itsp', place('203.0.113.10', '192.0.2.1'), new Digests([]), 0, '123') };
  };
  const options = parseLadder('x', '# x\nconfig: x\npbx -> OPTIONS').steps[0]!.act as { message: Message };
  const answer = (...more: string[]) =>
    [
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-pbx-1',
      'From: <sip:+49301000@10.0.0.2>;tag=pbx-tag',
      'To: <sip:10.0.0.1>;tag=ours-and-long',
      'Call-ID: call-pbx@10.0.0.2',
      'CSeq: 1 OPTIONS',
      ...more,
      '',
      '',
    ].join('\r\n');
  const body = (version: number, port: number) => {
    const sdp = `v=0\r\no=- 1 ${version} IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8\r\n`;
    return answer('Content-Type: application/sdp', `Content-Length: ${sdp.length}`) + sdp;
  };

  test.each([
    ['nothing is wrong', [answer()], undefined],
    ['an address of the other side', [answer('Contact: <sip:203.0.113.10>')], 'it shows 203.0.113.10 of itsp'],
    ['our address on the other side', [answer('Warning: 399 192.0.2.1 "x"')], 'it shows 192.0.2.1 of itsp'],
    ['the Call-ID of the other side', [answer('X: call-itsp@203.0.113.10')], 'it shows 203.0.113.10 of itsp'],
    ['a Via of nobody', [answer().replace('pbx-1', 'pbx-9')], 'a Via that it never wrote (8.2.6.2)'],
    ['no tag of ours', [answer().replace(';tag=ours-and-long', '')], 'no To tag in a 200 (8.2.6.2)'],
    ['a body of no type', [`${answer('Content-Length: 2')}hi`], 'a body and Content-Type go together'],
    ['the same final response', [answer(), answer()], undefined],
    ['two final responses', [answer(), answer('X: y')], 'a second final response after'],
    ['the same description', [body(1, 2000), body(1, 2000)], undefined],
    [
      'a changed description',
      [body(1, 2000), body(1, 3000).replace('z9hG4bK-pbx-1', 'z9hG4bK-pbx-2')],
      'o= version 1 after 1',
    ],
  ])('%s', (_, messages, offence) => {
    const { phone, other } = phones();
    phone.write(options.message);
    const truths = new Truths(() => 'none');
    const found = messages.map((octets) => truths.offence(phone, readSent(octets), [phone, other])).at(-1);
    if (offence === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(offence);
  });
});

describe('a line that is not understood', () => {
  test.each([
    ['no title', 'config: one-itsp\nwait 1s', 'x.ladder:1: a ladder begins with a comment'],
    ['no configuration', '# x\nwait 1s', 'x.ladder:2: a ladder begins with "config: NAME"'],
    [
      'an unknown configuration',
      '# x\nconfig: nowhere\nwait 1s',
      'x.ladder:2: no configuration "nowhere": one-itsp, two-itsps',
    ],
    ['an unknown change', '# x\nconfig: one-itsp, itsp colour=red\nwait 1s', 'x.ladder:2: a trunk has no "colour"'],
    ['nothing happens', '# x\nconfig: one-itsp\n', 'x.ladder:1: nothing happens in it'],
    ['a time', '# x\nconfig: one-itsp\nwait soon', 'x.ladder:3: "soon" is no time: 500ms, 5s, 2m'],
    ['an arrow', '# x\nconfig: one-itsp\npbx => INVITE', 'x.ladder:3: neither "PARTY -> …" nor "PARTY <- …"'],
    ['a word', '# x\nconfig: one-itsp\npbx -> INVITE agian', 'x.ladder:3: "agian" is not understood'],
    ['a message', '# x\nconfig: one-itsp\npbx -> 99', 'x.ladder:3: "99" is neither a method nor a status'],
    ['a header', '# x\nconfig: one-itsp\npbx -> INVITE with =', 'x.ladder:3: "=" is no header'],
    [
      'a value of nothing',
      '# x\nconfig: one-itsp\npbx -> INVITE without To: x',
      'x.ladder:3: "without" takes a name only',
    ],
    [
      'a codec',
      '# x\nconfig: one-itsp\npbx -> INVITE +49 sdp(10.0.0.2:4000 PCMX)',
      'x.ladder:3: sdp(…): unknown codec PCMX',
    ],
    [
      'an address',
      '# x\nconfig: one-itsp\npbx -> INVITE +49 sdp(10.0.0.2 PCMA)',
      'x.ladder:3: "10.0.0.2" in sdp(10.0.0.2 PCMA) is no address',
    ],
    [
      'a party',
      '# x\nconfig: one-itsp\nnobody -> INVITE +49',
      'x.ladder:3: there is no nobody: pbx, itsp, itsp2, stranger',
    ],
    ['an answer to nothing', '# x\nconfig: one-itsp\nitsp -> 200', 'x.ladder:3: itsp has got nothing to answer'],
    ['a tag of nobody', '# x\nconfig: one-itsp\npbx -> BYE tag=one', 'x.ladder:3: nobody has shown a tag "one"'],
    ['an answer of nobody', '# x\nconfig: one-itsp\nservice says {}', 'x.ladder:3: the service was asked nothing'],
    ['a thing of the media process', '# x\nconfig: one-itsp\nmedia sings', 'x.ladder:3: media: has no ports | holds'],
  ])('%s', (_, text, message) => {
    expect(fault(text)).toContain(message);
  });
});
