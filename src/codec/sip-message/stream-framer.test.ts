import { describe, expect, test } from 'vitest';
import { type FramedItem, parseMessage, StreamFramer } from './index.ts';

const message = (body: string, length: string | undefined = `Content-Length: ${body.length}`) =>
  `MESSAGE sip:a@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n${length === '' ? '' : `${length}\r\n`}Call-ID: x\r\n\r\n${body}`;
const kinds = (items: readonly FramedItem[]) => items.map((item) => item.kind);
const octetsOf = (items: readonly FramedItem[]) =>
  items.flatMap((item) => (item.kind === 'message' ? [item.octets] : []));

describe('a stream', () => {
  test('is cut where Content-Length says', () => {
    const framer = new StreamFramer();
    const one = message('');
    const two = message('a\r\n\r\nMESSAGE sip:x@y SIP/2.0\r\n\r\n');
    const three = message('3');
    expect(octetsOf(framer.push(one + two + three.slice(0, -1)))).toEqual([one, two]);
    expect(framer.buffered).toBe(three.length - 1);
    expect(octetsOf(framer.push('3'))).toEqual([three]);
    expect(framer.buffered).toBe(0);
  });

  test('may come an octet at a time', () => {
    const framer = new StreamFramer();
    const stream = `\r\n\r\n${message('hello')}\r\n\r\n${message('')}\r\n`;
    const items = [...stream].flatMap((octet) => framer.push(octet));
    expect(octetsOf(items)).toEqual([message('hello'), message('')]);
    expect(kinds(items).filter((kind) => kind === 'ping')).toHaveLength(2);
    expect(framer.buffered).toBe(0);
  });

  test.each([
    ['CRLFCRLF is a ping', ['\r\n\r\n'], ['ping']],
    ['CRLF is a pong', ['\r\n'], ['pong']],
    ['CRLF and later another is a ping as well', ['\r\n', '\r\n'], ['pong', 'ping']],
    ['two pings', ['\r\n\r\n\r\n\r\n'], ['ping', 'ping']],
    ['three CRLFs', ['\r\n\r\n\r\n'], ['ping', 'pong']],
    ['CR waits for LF', ['\r', '\n\r', '\n'], ['pong', 'ping']],
    ['CRLF before a message is none of its octets', [`\r\n${message('x')}`], ['pong', 'message']],
    ['a pong does not wait for the message after it', ['\r\n', message('x')], ['pong', 'message']],
  ] as const)('%s', (_, chunks, wanted) => {
    const framer = new StreamFramer();
    expect(chunks.flatMap((chunk) => kinds(framer.push(chunk)))).toEqual(wanted);
    expect(framer.buffered).toBe(0);
  });

  test.each([
    ['no Content-Length', message('', '')],
    ['a negative one', message('', 'Content-Length: -1')],
    ['one with a sign', message('abcde', 'Content-Length: +5')],
    ['one in hexadecimal', message('', 'Content-Length: 0x10')],
    ['2^32 + 32', message('', 'Content-Length: 4294967328')],
    ['2^64 + 5', message('abcde', 'Content-Length: 18446744073709551621')],
    ['more than the limit', message('', 'Content-Length: 1048577')],
    ['two that disagree', message('', 'Content-Length: 0\r\nl: 5')],
    ['two values in one', message('', 'Content-Length: 0, 5')],
    ['a bare LF', message('', 'X: y\nContent-Length: 0')],
    ['a bare CR at the start', `\rX${message('')}`],
    ['a line without a colon', message('', 'Content-Length: 0\r\nnonsense')],
  ])('is given up at %s', (_, octets) => {
    const framer = new StreamFramer();
    const items = framer.push(octets + message('next'));
    expect(kinds(items)).toEqual(['fault']);
    expect(framer.push(message('more'))).toEqual([]);
    expect(framer.buffered).toBe(0);
  });

  test('hands over the head that broke it, from which a refusal can be made', () => {
    const [fault] = new StreamFramer().push(message('', 'Content-Length: -1'));
    if (fault?.kind !== 'fault' || fault.octets === undefined) throw new Error('no head');
    expect(parseMessage(fault.octets)).toMatchObject({ kind: 'fault', status: 400, message: { method: 'MESSAGE' } });
  });

  test('hands over no head that could be taken for a whole message', () => {
    const whole =
      'OPTIONS sip:a@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n';
    expect(parseMessage(whole).kind).toBe('request');
    expect(new StreamFramer().push(whole)).toEqual([{ kind: 'fault', reason: 'no Content-Length on a stream' }]);
  });

  test('takes two Content-Lengths that agree, and folded ones', () => {
    const framer = new StreamFramer();
    expect(kinds(framer.push(message('12345', 'Content-Length:\r\n 5\r\nl: 5')))).toEqual(['message']);
  });

  test('holds no head that never ends', () => {
    const framer = new StreamFramer({ head: 1000, body: 1000 });
    let items: readonly FramedItem[] = [];
    for (let sent = 0; sent <= 1000 && items.length === 0; sent += 10) items = framer.push('X: 345678\n');
    expect(items).toEqual([{ kind: 'fault', reason: 'start line and header fields are too long' }]);
    expect(new StreamFramer({ head: 100, body: 0 }).push(message('', `X: ${'y'.repeat(100)}`))[0]?.kind).toBe('fault');
  });

  test('takes work linear in its length, an octet at a time', () => {
    // Quadratic work would copy 500 GB here and run into the time limit.
    const framer = new StreamFramer();
    const stream = message('b'.repeat(1_000_000), `X: ${'y'.repeat(60_000)}\r\nContent-Length: 1000000`);
    const items: FramedItem[] = [];
    for (let i = 0; i < stream.length; i++) items.push(...framer.push(stream.charAt(i)));
    expect(items).toHaveLength(1);
    expect(octetsOf(items)[0] === stream).toBe(true);
  });
});
