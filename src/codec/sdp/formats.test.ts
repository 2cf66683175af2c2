import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isCodec,
  isStaticType,
  type MediaDescription,
  parseSdp,
  referencesOf,
  rtpFormatsOf,
  staticTypeOf,
  withDirection,
  withFormats,
  withoutBandwidth,
  withPacketTime,
} from './index.ts';

const media = (formats: string, ...attributes: string[]): MediaDescription => ({
  media: 'audio',
  port: 4000,
  protocol: 'RTP/AVP',
  formats: formats.split(' '),
  lines: attributes.map((value) => ({ type: 'a', value })),
});
const keys = (one: MediaDescription) => rtpFormatsOf(one).map(({ key }) => key);

describe('formats by what they are', () => {
  test('static payload types need no rtpmap (RFC 3551 6)', () => {
    expect(keys(media('0 8 9 13 18 10 11 5 6 34'))).toEqual([
      'pcmu/8000',
      'pcma/8000',
      'g722/8000',
      'cn/8000',
      'g729/8000',
      'l16/44100/2',
      'l16/44100',
      'dvi4/8000',
      'dvi4/16000',
      'h263/90000',
    ]);
  });

  test('dynamic ones are what rtpmap says, of which the first counts', () => {
    const one = media(
      '96 97 8',
      'rtpmap:96 OPUS/48000/2',
      'rtpmap:97 PCMA/8000/1',
      'rtpmap:96 x/1',
      'rtpmap:8 PCMA/8000',
    );
    expect(keys(one)).toEqual(['opus/48000/2', 'pcma/8000', 'pcma/8000#2']);
    expect(rtpFormatsOf(one).map(({ name }) => name)).toEqual(['opus', 'pcma', 'pcma']);
  });

  test('what nothing tells is known by its number', () => {
    expect(keys(media('96 foo 127', 'rtpmap:96', 'rtpmap:127 nameless'))).toEqual(['?96', '?foo', '?127']);
  });

  test('variants of one name have keys of their own', () => {
    const one = media(
      '97 98 99 100',
      'rtpmap:97 AMR/8000',
      'fmtp:97 mode-set=0;octet-align=1',
      'rtpmap:98 AMR/8000',
      'rtpmap:99 H264/90000',
      'fmtp:99 profile-level-id=42E01F',
      'rtpmap:100 rtx/90000',
      'fmtp:100 apt=99',
    );
    expect(keys(one)).toEqual([
      'amr/8000;octet-align=1',
      'amr/8000',
      'h264/90000;profile-level-id=42e0',
      'rtx/90000;apt=h264/90000',
    ]);
  });

  test('each payload type and each key comes once, and there are not too many', () => {
    expect(keys(media('8 8 0 8'))).toEqual(['pcma/8000', 'pcmu/8000']);
    expect(keys(media(Array.from({ length: 5000 }, (_, i) => `f${i}`).join(' ')))).toHaveLength(256);
    expect(keys(media('96', `rtpmap:96 ${'x'.repeat(9000)}/8000`))[0]).toHaveLength(64);
  });

  test('companions are no codecs', () => {
    const one = media('13 101 96 97 0', 'rtpmap:101 telephone-event/8000', 'rtpmap:96 red/8000', 'rtpmap:97 t140/1000');
    expect(
      rtpFormatsOf(one)
        .filter(isCodec)
        .map(({ name }) => name),
    ).toEqual(['t140', 'pcmu']);
  });

  test('static types back from keys', () => {
    expect([staticTypeOf('pcma/8000'), staticTypeOf('l16/44100/2'), staticTypeOf('opus/48000/2')]).toEqual([
      8,
      10,
      undefined,
    ]);
    expect([isStaticType(8), isStaticType(1), isStaticType(96)]).toEqual([true, false, false]);
  });

  test('references are of RED and RTX', () => {
    const one = media(
      '96 97 98',
      'rtpmap:96 red/1000',
      'fmtp:96 98/98',
      'rtpmap:97 rtx/90000',
      'fmtp:97 rtx-time=1; apt=98',
      'fmtp:98 apt=1',
    );
    expect(rtpFormatsOf(one).map((format) => referencesOf(one, format))).toEqual([['98', '98'], ['98'], []]);
  });
});

describe('a stream with other formats', () => {
  const one = media(
    '96 8 97',
    'rtpmap:96 red/8000',
    'fmtp:96 8/97',
    'rtpmap:97 opus/48000/2',
    'fmtp:97 a=96',
    'x:96',
    'rtcp-fb:97 nack',
    'rtcp-fb:* fir',
    'rtpmap:9',
  );
  const kept = (types: Record<string, string>) =>
    rtpFormatsOf(one).flatMap((format) =>
      types[format.type] === undefined ? [] : [{ format, type: types[format.type]! }],
    );

  test('is the very same when nothing changes', () => {
    expect(withFormats(one, kept({ 96: '96', 8: '8', 97: '97' }))).toBe(one);
  });

  test('has numbers in m= and in the lines that speak of them, and nowhere else', () => {
    const other = withFormats(one, kept({ 96: '120', 8: '8', 97: '121' }));
    expect(other.formats).toEqual(['120', '8', '121']);
    expect(other.lines.map(({ value }) => value)).toEqual([
      'rtpmap:120 red/8000',
      'fmtp:120 8/121',
      'rtpmap:121 opus/48000/2',
      'fmtp:121 a=96',
      'x:96',
      'rtcp-fb:121 nack',
      'rtcp-fb:* fir',
    ]);
  });

  test('loses the lines of those that go', () => {
    const other = withFormats(one, kept({ 8: '8' }));
    expect([other.formats, other.lines.map(({ value }) => value)]).toEqual([['8'], ['x:96', 'rtcp-fb:* fir']]);
  });

  test('there and back is the same', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['120', '121', '122'], { minLength: 3 }), (numbers) => {
        const there = withFormats(
          one,
          rtpFormatsOf(one).map((format, i) => ({ format, type: numbers[i]! })),
        );
        const back = withFormats(
          there,
          rtpFormatsOf(there).map((format, i) => ({ format, type: one.formats[i]! })),
        );
        expect(back.formats).toEqual(one.formats);
        expect(back.lines).toEqual(one.lines.filter(({ value }) => value !== 'rtpmap:9'));
      }),
    );
  });

  test('nothing that a peer writes throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (formats, attributes) => {
        const odd = {
          ...one,
          formats,
          lines: attributes
            .flatMap((value) => [value, `rtpmap:${value}`, `fmtp:${value}`])
            .map((value) => ({ type: 'a', value })),
        };
        const read = rtpFormatsOf(odd);
        expect(new Set(read.map(({ key }) => key)).size).toBe(read.length);
        withFormats(
          odd,
          read.map((format) => ({ format, type: '1' })),
        );
      }),
    );
  });
});

describe('small changes to a stream', () => {
  const directed = (session: string[], own: string[], direction: 'sendrecv' | 'sendonly' | 'inactive') =>
    withDirection(
      session.map((value) => ({ type: 'a', value })),
      media('8', ...own),
      direction,
    ).lines.map(({ value }) => value);

  test('its direction, where the session has one and where not', () => {
    expect(directed([], ['ptime:20', 'sendonly', 'x'], 'inactive')).toEqual(['ptime:20', 'x', 'inactive']);
    expect(directed([], ['sendonly'], 'sendrecv')).toEqual([]);
    expect(directed(['sendonly'], [], 'sendrecv')).toEqual(['sendrecv']);
    expect(directed(['sendonly'], ['inactive'], 'sendonly')).toEqual([]);
  });

  test('its packet time', () => {
    const timed = (...own: string[]) => withPacketTime(media('8', ...own), 30).lines.map(({ value }) => value);
    expect(timed('x', 'ptime:20', 'y', 'ptime:40')).toEqual(['x', 'ptime:30', 'y']);
    expect(timed('maxptime:20')).toEqual(['maxptime:20', 'ptime:20']);
    expect(timed()).toEqual(['ptime:30']);
  });

  test('its bandwidth', () => {
    const parsed = parseSdp(
      'v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nb=AS:1\r\nb=CT:1\r\nb=TIAS:1\r\nb=RR:0\r\nt=0 0\r\n',
    );
    if ('kind' in parsed) throw new Error(parsed.reason);
    expect(withoutBandwidth(parsed.lines).flatMap(({ type, value }) => (type === 'b' ? [value] : []))).toEqual([
      'CT:1',
      'RR:0',
    ]);
  });
});
