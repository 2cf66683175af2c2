/** The judge of offers and answers sees what is wrong with them, and lets pass what is not. */
import { describe, expect, test } from 'vitest';
import { parseMessage, type SipRequest, type SipResponse } from '#codec/sip-message';
import { OfferAnswerTruth } from './offer-answer.ts';

const sdp = 'v=0\r\n';

/** "INVITE 1 +", "200 INVITE 1 +", "183! INVITE 1 +": with SDP, reliable. Of the dialog once it has begun. */
function message(text: string): SipRequest | SipResponse {
  const isResponse = /^\d/.test(text);
  const words = text.split(' ');
  const [status = '', method = '', number = '', body] = isResponse ? words : ['', ...words];
  const fields = `Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK${text.replaceAll(/\W/g, '')}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>${isResponse || method === 'ACK' || number !== '1' ? ';tag=2' : ''}\r\nCall-ID: 1\r\nCSeq: ${number} ${method}\r\n${status.endsWith('!') ? 'RSeq: 1\r\n' : ''}`;
  const start = isResponse ? `SIP/2.0 ${status.slice(0, 3)} x` : `${method} sip:a@b SIP/2.0`;
  const content =
    body === '+'
      ? `Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`
      : 'Content-Length: 0\r\n\r\n';
  const parsed = parseMessage(`${start}\r\n${fields}${content}`);
  if (parsed.kind === 'fault') throw new Error(`${text}: ${parsed.reason}`);
  return parsed;
}

/** "> …" is what we send, "< …" what comes; "60s" passes. What is wrong with the last. */
function last(...steps: string[]): string | undefined {
  const truth = new OfferAnswerTruth();
  let now = 0;
  let offence: string | undefined;
  for (const one of steps) {
    if (/^\d+s$/.test(one)) now += 1000 * Number.parseInt(one, 10);
    else if (one.startsWith('<')) truth.received(message(one.slice(2)), now);
    else offence = truth.sent(message(one.slice(2)), now);
  }
  return offence;
}

const answered = ['> INVITE 1 +', '< 200 INVITE 1 +', '> ACK 1'];

describe('right', () => {
  test.each([
    [answered],
    [['> INVITE 1', '< 183! INVITE 1 +', '> PRACK 2 +', '< 200 PRACK 2', '< 200 INVITE 1', '> ACK 3']],
    [[...answered, '< INVITE 2 +', '> 200 INVITE 2 +', '< ACK 2', '> UPDATE 2 +', '< 200 UPDATE 2 +', '> UPDATE 3 +']],
    // It crossed, waited, and is answered when that is over.
    [[...answered, '> UPDATE 2 +', '< UPDATE 7 +', '< 200 UPDATE 2 +', '> 200 UPDATE 7 +']],
    [[...answered, '> UPDATE 2 +', '< UPDATE 7 +', '> 491 UPDATE 7']],
    [[...answered, '< UPDATE 7 +', '< UPDATE 8', '> 200 UPDATE 8', '> 200 UPDATE 7 +']],
    [[...answered, '> UPDATE 2 +', '33s', '> UPDATE 3 +']],
    [['> INVITE 1 +', '< 500 INVITE 1', '> INVITE 1 +']],
    [['> INVITE 1', '< 200 INVITE 1 +', '> ACK 1']],
  ])('%j', (steps) => expect(last(...steps)).toBeUndefined());
});

describe('wrong', () => {
  test.each([
    [[...answered, '> UPDATE 2 +', '> UPDATE 3 +'], 'crosses an offer (500)'],
    [[...answered, '< INVITE 2 +', '> UPDATE 2 +'], 'crosses an offer (491)'],
    [[...answered, '> UPDATE 2 +', '< UPDATE 7 +', '> 200 UPDATE 7 +'], 'neither'],
    [[...answered, '< INVITE 2 +', '> 200 INVITE 2'], 'no answer to the offer'],
    [[...answered, '< INVITE 2', '> 200 INVITE 2'], 'no offer'],
    [[...answered, '< INVITE 2', '> 180 INVITE 2 +'], 'neither'],
    [['> INVITE 1 +', '< 200 INVITE 1 +', '> ACK 1 +'], 'neither'],
    [['> INVITE 1', '> PRACK 2 +'], 'no offer was answered yet'],
  ])('%j: %s', (steps, why) => expect(last(...steps)).toContain(why));
});
