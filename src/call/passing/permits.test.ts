import { describe, expect, test } from 'vitest';
import { parseMessage, SipRequest } from '#codec/sip-message';
import { Permits, packageOf } from './permits.ts';

function request(method: string, fields = ''): SipRequest {
  const message = parseMessage(
    `${method} sip:1@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\nFrom: <sip:2@192.0.2.9>;tag=a\r\nTo: <sip:1@192.0.2.1>\r\nCall-ID: c\r\nCSeq: 1 ${method}\r\n${fields}\r\n`,
  );
  if (!(message instanceof SipRequest)) throw new Error('no request');
  return message;
}

const event = (name: string) => `Event: ${name}\r\n`;
const permits = new Permits(['MESSAGE', 'SUBSCRIBE/presence', 'SUBSCRIBE/dialog', 'PUBLISH', 'INFO/one', 'X-PING']);

describe('what passes, and what one is told that does not', () => {
  test.each([
    ['MESSAGE', '', undefined],
    ['X-PING', '', undefined],
    ['SUBSCRIBE', event('presence;id=7'), undefined],
    ['SUBSCRIBE', event(' dialog '), undefined],
    ['SUBSCRIBE', event('presence.winfo'), 489],
    ['SUBSCRIBE', event('Presence'), 489],
    ['SUBSCRIBE', '', 489],
    ['SUBSCRIBE', event(';id=7'), 489],
    ['PUBLISH', event('anything'), undefined],
    ['PUBLISH', '', 489],
    ['NOTIFY', event('presence'), 405],
    ['OPTIONS', '', 405],
    ['x-ping', '', 501],
    ['REGISTER', '', 405],
    ['FROBNICATE', '', 501],
  ])('%s %j', (method, fields, status) => {
    const refusal = permits.refusal(request(method, fields));
    expect(refusal?.status).toBe(status);
    if (status === 489) expect(refusal!.headers).toEqual([['Allow-Events', 'presence, dialog']]);
    if (status === 405 || status === 501) {
      const [[name, value]] = refusal!.headers as [[string, string]];
      expect(name).toBe('Allow');
      expect(value.split(', ')).toEqual(
        expect.arrayContaining(['INVITE', 'MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'X-PING']),
      );
      expect(value.split(', ')).not.toContain(method);
    }
  });

  test('nothing is named: nothing passes', () => {
    const nothing = new Permits();
    expect(nothing.refusal(request('MESSAGE'))?.status).toBe(405);
    expect(nothing.allow).not.toContain('MESSAGE');
    expect(nothing.events()).toEqual([]);
  });

  test('a method by itself lets every package pass, whatever else is said of it', () => {
    for (const passes of [
      ['SUBSCRIBE', 'SUBSCRIBE/presence'],
      ['SUBSCRIBE/presence', 'SUBSCRIBE'],
    ]) {
      const all = new Permits(passes);
      expect(all.let('SUBSCRIBE', 'anything')).toBe(true);
      expect(all.events()).toEqual([]);
    }
  });

  test('the other trunk counts as well, and is not told of', () => {
    const other = new Permits(['MESSAGE', 'SUBSCRIBE/dialog']);
    expect(permits.refusalAt(other, request('MESSAGE'))).toBeUndefined();
    expect(permits.refusalAt(other, request('SUBSCRIBE', event('dialog')))).toBeUndefined();
    expect(permits.refusalAt(other, request('SUBSCRIBE', event('presence')))).toEqual({
      status: 489,
      headers: [['Allow-Events', 'dialog']],
    });
    const refused = permits.refusalAt(other, request('PUBLISH', event('presence')));
    expect(refused?.status).toBe(405);
    expect(refused!.headers[0]![1]).toContain('X-PING');
    expect(refused!.headers[0]![1]).not.toContain('PUBLISH');
  });

  test('who may subscribe is notified', () => {
    expect(permits.notifies('presence')).toBe(true);
    expect(permits.notifies('message-summary')).toBe(false);
    expect(permits.notifies(undefined)).toBe(false);
    expect(new Permits(['NOTIFY/message-summary']).notifies('message-summary')).toBe(true);
  });

  test('the package of an INFO stands in Info-Package', () => {
    expect(packageOf(request('INFO', 'Info-Package: one;a=b\r\nEvent: two\r\n'))).toBe('one');
    expect(packageOf(request('INFO', event('two')))).toBeUndefined();
    expect(packageOf(request('MESSAGE', event('two')))).toBeUndefined();
  });
});
