import { describe, expect, test } from 'vitest';
import { clientKey, mergeKey, responseKey, serverKey } from './keys.ts';
import { receivedRequest, receivedResponse } from './table.testing.ts';

const via = 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1';
const old = 'SIP/2.0/UDP 192.0.2.9:5060;branch=1';
const invite = receivedRequest('INVITE', { via });
const oldInvite = receivedRequest('INVITE', { via: old });

describe('server transactions (17.2.3)', () => {
  test.each<[string, ReturnType<typeof receivedRequest>, boolean]>([
    ['the request again', receivedRequest('INVITE', { via }), true],
    ['its ACK, which has a To tag', receivedRequest('ACK', { via, toTag: 't' }), true],
    ['sent-by written otherwise', receivedRequest('INVITE', { via: 'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1' }), true],
    ['its CANCEL', receivedRequest('CANCEL', { via }), false],
    ['another branch', receivedRequest('INVITE', { via: via.replace('bK1', 'bK2') }), false],
    ['another port of sent-by', receivedRequest('INVITE', { via: via.replace('5060', '5061') }), false],
    ['another host of sent-by', receivedRequest('INVITE', { via: via.replace('2.9', '2.8') }), false],
    ['another method', receivedRequest('OPTIONS', { via }), false],
    ['another Call-ID, same branch', receivedRequest('INVITE', { via, callId: 'other' }), true],
  ])('magic cookie: %s', (_what, request, same) => {
    expect(serverKey(request) === serverKey(invite)).toBe(same);
  });

  test.each<[string, ReturnType<typeof receivedRequest>, boolean]>([
    ['the request again', receivedRequest('INVITE', { via: old }), true],
    ['its ACK, which has a To tag', receivedRequest('ACK', { via: old, toTag: 't' }), true],
    ['its CANCEL', receivedRequest('CANCEL', { via: old }), false],
    ['another Call-ID', receivedRequest('INVITE', { via: old, callId: 'other' }), false],
    ['another CSeq number', receivedRequest('INVITE', { via: old, cseq: 2 }), false],
    ['another From tag', receivedRequest('INVITE', { via: old, fromTag: 'g' }), false],
    ['another Request-URI', receivedRequest('INVITE', { via: old, uri: 'sip:carol@192.0.2.1' }), false],
    ['another Via', receivedRequest('INVITE', { via: 'SIP/2.0/UDP 192.0.2.9:5060' }), false],
    ['a branch with the magic cookie', invite, false],
  ])('RFC 2543: %s', (_what, request, same) => {
    expect(serverKey(request) === serverKey(oldInvite)).toBe(same);
  });

  test.each([via, old])('a CANCEL finds its INVITE: %s', (value) => {
    const cancel = receivedRequest('CANCEL', { via: value });
    expect(serverKey(cancel, 'INVITE')).toBe(serverKey(receivedRequest('INVITE', { via: value })));
  });

  test('host names of sent-by are compared without regard to case', () => {
    const key = (host: string) => serverKey(receivedRequest('INVITE', { via: `SIP/2.0/UDP ${host};branch=z9hG4bK1` }));
    expect(key('PBX.Example.com')).toBe(key('pbx.example.com'));
  });
});

test('a response belongs to the branch and the method of CSeq (17.1.3)', () => {
  expect(responseKey(receivedResponse(200, 'INVITE', { via }))).toBe(clientKey('z9hG4bK1', 'INVITE'));
  expect(responseKey(receivedResponse(200, 'CANCEL', { via }))).not.toBe(clientKey('z9hG4bK1', 'INVITE'));
});

test('copies by different paths have one merge key, which From tag, Call-ID, CSeq make (8.2.2.2)', () => {
  const key = mergeKey(invite);
  expect(mergeKey(receivedRequest('INVITE', { via: via.replace('bK1', 'bK2'), uri: 'sip:x@192.0.2.1' }))).toBe(key);
  for (const other of [{ fromTag: 'g' }, { callId: 'other' }, { cseq: 2 }]) {
    expect(mergeKey(receivedRequest('INVITE', other))).not.toBe(key);
  }
  expect(mergeKey(receivedRequest('OPTIONS'))).not.toBe(key);
});
