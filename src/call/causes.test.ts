import { describe, expect, test } from 'vitest';
import { parseMessage, SipResponse } from '#codec/sip-message';
import { byTandem, causeOf, passedStatus, reasonHeader, statusForCaller } from './causes.ts';

/** What a trunk said -> what the caller is told, reason in the record. */
const table: readonly (readonly [status: number, caller: number, reason: string])[] = [
  [300, 480, 'rejected'],
  [302, 480, 'rejected'],
  [380, 480, 'rejected'],
  [400, 500, 'rejected'],
  [401, 503, 'rejected'],
  [403, 403, 'rejected'],
  [404, 404, 'rejected'],
  [407, 503, 'rejected'],
  [408, 408, 'no-progress'],
  [410, 410, 'rejected'],
  [415, 415, 'rejected'],
  [420, 500, 'rejected'],
  [421, 500, 'rejected'],
  [480, 480, 'rejected'],
  [481, 500, 'rejected'],
  [482, 500, 'loop'],
  [483, 483, 'loop'],
  [484, 484, 'rejected'],
  [486, 486, 'busy'],
  [487, 487, 'rejected'],
  [488, 488, 'rejected'],
  [493, 500, 'rejected'],
  [500, 500, 'rejected'],
  [503, 503, 'rejected'],
  [599, 599, 'rejected'],
  [600, 600, 'busy'],
  [603, 603, 'busy'],
  [604, 604, 'rejected'],
  [606, 606, 'rejected'],
];

function response(status: number, phrase: string, reason?: string): SipResponse {
  const lines = [
    `SIP/2.0 ${status} ${phrase}`,
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    'From: <sip:a@192.0.2.1>;tag=1',
    'To: <sip:b@192.0.2.2>;tag=2',
    'Call-ID: 1',
    'CSeq: 1 INVITE',
    ...(reason === undefined ? [] : [`Reason: ${reason}`]),
    'Content-Length: 0\r\n\r\n',
  ];
  const message = parseMessage(lines.join('\r\n'));
  if (!(message instanceof SipResponse)) throw new Error('no response');
  return message;
}

test.each(table)('%i: the caller gets %i, the record says %s', (status, caller, reason) => {
  expect(statusForCaller(status)).toBe(caller);
  expect(causeOf('callee', response(status, 'No'))).toEqual({ by: 'callee', reason, sip: { status, phrase: 'No' } });
});

test('every status that is passed to the caller is a final failure', () => {
  for (let status = 300; status < 700; status++) {
    expect(statusForCaller(status)).toBeGreaterThanOrEqual(400);
    expect(passedStatus(status)).toBeGreaterThanOrEqual(400);
  }
});

test('inside a dialog, challenges and redirections stay with us', () => {
  expect([302, 401, 407, 408, 481, 488, 491, 503].map(passedStatus)).toEqual([500, 500, 500, 408, 481, 488, 491, 503]);
});

test('a response without phrase is recorded with the usual one', () => {
  expect(causeOf('callee', response(486, '')).sip).toEqual({ status: 486, phrase: 'Busy Here' });
});

describe('Reason is kept raw, and its Q.850 cause read (RFC 3326)', () => {
  test.each([
    ['Q.850;cause=16;text="Normal call clearing"', { cause: 16, text: 'Normal call clearing' }],
    ['q.850 ; cause = 1', { cause: 1 }],
    ['Q.850;text="x";cause=127', { cause: 127, text: 'x' }],
    ['SIP;cause=200;text="Call completed elsewhere"', undefined],
    ['Q.850;text="no cause"', undefined],
    ['Q.850', undefined],
    ['', undefined],
  ])('%s', (value, q850) => {
    expect(reasonHeader(value)).toEqual(q850 ? { reasonHeader: value, q850 } : { reasonHeader: value });
  });

  test('none', () => {
    expect(reasonHeader(undefined)).toEqual({});
  });
});

test('an end of our own names what the caller was told, when it was told something', () => {
  expect(byTandem('no-route', 404)).toEqual({
    by: 'tandem',
    reason: 'no-route',
    sip: { status: 404, phrase: 'Not Found' },
  });
  expect(byTandem('media-lost', undefined)).toEqual({ by: 'tandem', reason: 'media-lost' });
});
