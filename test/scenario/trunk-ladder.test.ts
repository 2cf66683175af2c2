/** What ladders of trunks say is held to what is seen, and what no line says is checked all the same. */
import { describe, expect, test } from 'vitest';
import { parseMessage, SipRequest } from '#codec/sip-message';
import { Digests } from './digest.ts';
import { LadderError, parseLadder } from './ladder.ts';
import { play } from './runner.ts';

const registered = `# Registered
config: one-itsp
config: itsp named=itsp.example user=+493010 password=secret registers
dns itsp.example A 203.0.113.10
within 1s itsp <- REGISTER
itsp -> 401 REGISTER realm=itsp.example
itsp <- REGISTER with Authorization
itsp -> 200 REGISTER
asked SRV _sip._udp.itsp.example, A itsp.example
shows itsp "stage":"registered"
pbx  -> INVITE +4930123 sdp(10.0.0.2:4000 PCMA)
pbx  <- 100
itsp <- INVITE +4930123 sdp(192.0.2.1:30000 PCMA) with Authorization
itsp -> 486
itsp <- ACK
pbx  <- 486
pbx  -> ACK
record callee busy 486, tried itsp: busy 486
traced trunk itsp: 486
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

test('the ladder that the others are made from is right', () => {
  expect(fault(registered)).toBe('none');
});

const but = (line: string, by: string) => registered.replace(line, by);

test.each([
  ['credentials that no line names', but('REGISTER with Authorization', 'REGISTER'), 'which no line says'],
  ['what comes too late', but('within 1s', 'within 5ms'), 'nothing has left for itsp'],
  ['other questions', but('asked SRV _sip._udp.itsp.example, A', 'asked A'), 'other questions to the DNS'],
  ['another status', but('"stage":"registered"', '"stage":"failed"'), 'it does not show that'],
  ['no such decision', but('traced trunk itsp: 486', 'traced trunk itsp: 404'), 'the record has no such decision'],
  ['a REGISTER that no line names', but('within 1s itsp <- REGISTER\n', 'wait 1s\n'), 'something is not in the ladder'],
  ['no answer to a REGISTER', but('itsp -> 200 REGISTER\n', ''), 'other questions|does not show'],
  ['a name that the DNS does not have', but('dns itsp.example A 203.0.113.10\n', ''), 'there is no itsp'],
  ['a line of the DNS that is none', but('A 203.0.113.10', 'MX 10'), 'dns itsp.example MX 10'],
  ['a trunk that has no such key', but('registers\n', 'regsters\n'), 'a trunk has no "regsters"'],
])('%s', (_, text, says) => {
  expect(fault(text)).toMatch(new RegExp(says));
});

describe('credentials', () => {
  const secret = { reveal: () => 'secret' } as never;
  const digests = () => new Digests([{ credentials: [{ username: 'bob', password: secret }] } as never]);
  const request = (authorization: string) => {
    const fields = `Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n`;
    const message = parseMessage(
      `REGISTER sip:b.example SIP/2.0\r\n${fields}Authorization: ${authorization}\r\nContent-Length: 0\r\n\r\n`,
    );
    if (!(message instanceof SipRequest)) throw new Error('no request');
    return message;
  };
  // Reckoned once with md5sum.
  const response = 'e34c3136e43c2fac1757bb7d8a6b1024';
  const right = `Digest username="bob", realm="r", nonce="n", uri="sip:b.example", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", response="${response}"`;
  const asked = { realm: 'r', nonce: 'n', stale: false, algorithm: 'MD5' };
  const told = (change: (text: string) => string) => {
    const all = digests();
    all.challenge(asked);
    return all.offence(request(change(right)));
  };

  test('that are right', () => {
    expect(told((text) => text)).toBeUndefined();
  });

  test.each([
    [
      'a digest that is wrong',
      (text: string) => text.replace(response, response.replace('a', 'b')),
      'a digest that is not right',
    ],
    ['a nonce of nobody', (text: string) => text.replace('nonce="n"', 'nonce="m"'), 'a challenge that nobody made'],
    ['another URI', (text: string) => text.replace('sip:b.example', 'sip:c.example'), 'credentials for sip:c.example'],
    ['a count twice', (text: string) => text.replace('nc=00000001', 'nc=00000002'), 'nonce count 00000002 after 0'],
    ['a name of nobody', (text: string) => text.replace('"bob"', '"eve"'), 'nobody is called eve'],
  ])('%s', (_, change, says) => {
    expect(told(change)).toContain(says);
  });
});
