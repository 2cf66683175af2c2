import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FramedItem,
  formatRequest,
  formatResponse,
  type Header,
  headerName,
  parseMessage,
  parseNameAddress,
  parseUri,
  parseVia,
  StreamFramer,
} from '#codec/sip-message';
import { tortureMessages } from '../conformance/torture/messages.ts';
import { runs } from './runs.ts';

const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const octets = (constraints: fc.StringConstraints = {}) => fc.string({ unit: octet, ...constraints });
const of = (characters: string, constraints: fc.StringConstraints = {}) =>
  fc.string({ unit: fc.constantFrom(...characters), ...constraints });
const token = of("abcXYZ019-.!%*_+`'~", { minLength: 1, maxLength: 12 });
/** What header fields break at. */
const splinter = fc.oneof(
  octets({ maxLength: 4 }),
  fc.constantFrom(
    '\r\n',
    '\r',
    '\n',
    '\0',
    ' ',
    '\t',
    '"',
    '\\',
    '<',
    '>',
    ',',
    ';',
    ':',
    '@',
    '=',
    '%',
    '[',
    ']',
    '/',
    '\r\n ',
    '\r\n\r\n',
  ),
  fc.constantFrom('sip:', 'SIP/2.0', 'Content-Length: ', 'Via: ', ';tag=', ';branch=', '4294967296', '-1', 'l:', 'To:'),
);

/** One of the torture messages, bent in a few places: octets put in, taken out, doubled. */
const bent = fc
  .tuple(
    fc.constantFrom(...tortureMessages.map((torture) => torture.octets)),
    fc.array(fc.tuple(fc.nat(), fc.nat(20), splinter), { minLength: 1, maxLength: 6 }),
  )
  .map(([message, bends]) => {
    let text = message;
    for (const [where, length, put] of bends) {
      const at = where % (text.length + 1);
      text = text.slice(0, at) + put + text.slice(at + length);
    }
    return text;
  });

/** Reads all that a message has; nothing may throw, no value may hold a line end. */
function readAll(text: string): void {
  const parsed = parseMessage(text);
  const message = parsed.kind === 'fault' ? parsed.message : parsed;
  if (parsed.kind === 'fault') expect(parsed.status === undefined).toBe(parsed.message === undefined);
  if (message === undefined) return;
  for (const { name, display, value } of message.fields()) {
    expect(headerName(display)).toBe(name);
    expect(value).not.toMatch(/[\r\n]/);
    expect(message.get(name)).toBeDefined();
    for (const item of message.all(name)) {
      parseNameAddress(item);
      parseVia(item);
      parseUri(item);
    }
  }
  for (const address of [message.from, message.to, message.contact]) {
    if (address === undefined) continue;
    parseUri(address.uri);
    expect([...address.params].length).toBe(address.params.size);
  }
  void message.contentType;
  expect(message.octets.includes(message.body)).toBe(true);
}

describe('the parser', () => {
  test('takes any octets', () => fc.assert(fc.property(octets({ maxLength: 400 }), readAll), runs(2000)));

  test('takes any splinters', () =>
    fc.assert(
      fc.property(
        fc.array(splinter, { maxLength: 60 }).map((pieces) => pieces.join('')),
        readAll,
      ),
      runs(2000),
    ));

  test('takes bent messages', () => fc.assert(fc.property(bent, readAll), runs(3000)));

  test('of values takes any octets', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          octets(),
          fc.array(splinter).map((pieces) => pieces.join('')),
        ),
        (text) => {
          parseNameAddress(text);
          parseVia(text);
          parseUri(text);
        },
      ),
      runs(3000),
    ));
});

const text = of('abc XYZ019-.,;:<>"\\@?=\xc3\xbc', { maxLength: 20 }).map((value) => value.trim());
const host = fc.oneof(
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.domain(),
);
const uri = fc
  .tuple(
    fc.constantFrom('sip', 'sips'),
    fc.option(of('abc019+-_.%', { minLength: 1, maxLength: 8 }).map((user) => user.replaceAll('%', '%41'))),
    host,
    fc.option(fc.integer({ min: 1, max: 65535 })),
  )
  .map(
    ([scheme, user, where, port]) =>
      `${scheme}:${user === null ? '' : `${user}@`}${where}${port === null ? '' : `:${port}`}`,
  );
const essentials = fc.record({
  method: token.filter((method) => method !== 'ACK'),
  uri,
  via: fc
    .tuple(token, host)
    .map(([branch, where]) => `SIP/2.0/UDP ${where};branch=${branch === 'z9hG4bK' ? 'x' : branch}`),
  from: fc.tuple(uri, token).map(([address, tag]) => `<${address}>;tag=${tag}`),
  to: uri.map((address) => `<${address}>`),
  callId: token,
  cseq: fc.integer({ min: 0, max: 0x7fffffff }),
  status: fc.integer({ min: 100, max: 699 }),
  phrase: text,
  others: fc.array(
    fc.tuple(
      token.map((name) => `X-${name}`),
      text,
    ),
    { maxLength: 8 },
  ),
  body: octets({ maxLength: 200 }),
});
type Essentials = typeof essentials extends fc.Arbitrary<infer T> ? T : never;

const headersOf = (e: Essentials): readonly Header[] => [
  ['Via', e.via],
  ['From', e.from],
  ['To', e.to],
  ['Call-ID', e.callId],
  ['CSeq', `${e.cseq} ${e.method}`],
  ...e.others,
];

describe('what is formatted is parsed', () => {
  test('requests and responses, field by field', () =>
    fc.assert(
      fc.property(essentials, (e) => {
        const headers = headersOf(e);
        const wanted = [...headers, ['Content-Length', `${e.body.length}`]];
        const request = parseMessage(formatRequest(e.method, e.uri, headers, e.body));
        if (request.kind !== 'request') throw new Error(JSON.stringify(request));
        expect([request.method, request.uri, request.body]).toEqual([e.method, e.uri, e.body]);
        expect(request.fields().map(({ display, value }) => [display, value])).toEqual(wanted);
        expect(request.cseq).toEqual({ number: e.cseq, method: e.method });
        const response = parseMessage(formatResponse(e.status, e.phrase, headers, e.body));
        if (response.kind !== 'response') throw new Error(JSON.stringify(response));
        expect([response.status, response.phrase, response.body]).toEqual([e.status, e.phrase, e.body]);
        expect(response.fields().map(({ display, value }) => [display, value])).toEqual(wanted);
      }),
      runs(500),
    ));

  test('no header smuggles another in', () =>
    fc.assert(
      fc.property(essentials, fc.array(splinter, { maxLength: 12 }), (e, pieces) => {
        const parsed = parseMessage(
          formatRequest(e.method, e.uri, [...headersOf(e), ['X-Last', pieces.join('')]], e.body),
        );
        if (parsed.kind === 'fault') {
          expect(parsed.reason).toBe('NUL in a header field');
          return;
        }
        expect(parsed.fields()).toHaveLength(5 + e.others.length + 2);
        expect(parsed.body).toBe(e.body);
      }),
      runs(500),
    ));
});

describe('the framer', () => {
  const stream = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: essentials.map((e) => formatRequest(e.method, e.uri, headersOf(e), e.body)) },
      { weight: 1, arbitrary: fc.constant('\r\n\r\n') },
    ),
    { minLength: 1, maxLength: 6 },
  );
  const cuts = fc.array(fc.nat(), { maxLength: 30 });
  const cut = (text: string, at: readonly number[]) => {
    const places = [0, ...at.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b);
    return places.slice(1).map((place, i) => text.slice(places[i], place));
  };
  /** A pong may be told early where a ping is not complete; all else must not depend on the chunks. */
  const told = (items: readonly FramedItem[]) => items.filter((item) => item.kind !== 'pong');

  test('finds the same messages in any chunks', () =>
    fc.assert(
      fc.property(stream, cuts, (parts, at) => {
        const whole = parts.join('');
        const framer = new StreamFramer();
        const items = cut(whole, at).flatMap((chunk) => framer.push(chunk));
        expect(told(items)).toEqual(
          parts.map((part) => (part === '\r\n\r\n' ? { kind: 'ping' } : { kind: 'message', octets: part })),
        );
        expect(framer.buffered).toBe(0);
      }),
      runs(500),
    ));

  test('tells the same of broken streams in any chunks', () =>
    fc.assert(
      fc.property(bent, bent, cuts, (one, two, at) => {
        const limits = { head: 2000, body: 500 };
        const whole = one + two;
        const framer = new StreamFramer(limits);
        const items = cut(whole, at).flatMap((chunk) => framer.push(chunk));
        const wanted = new StreamFramer(limits).push(whole);
        // Where the head was found too long depends on the chunks; that it was does not.
        const plain = (list: readonly FramedItem[]) =>
          told(list).map((item) =>
            item.kind === 'fault' ? 'fault' : item.kind === 'message' ? item.octets : item.kind,
          );
        expect(plain(items)).toEqual(plain(wanted));
        expect(framer.buffered).toBeLessThanOrEqual(limits.head + limits.body);
      }),
      runs(1000),
    ));
});
