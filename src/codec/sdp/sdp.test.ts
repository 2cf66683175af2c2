import { describe, expect, test } from 'vitest';
import {
  addressOf,
  attributeOf,
  codecOf,
  directionOf,
  formatSdp,
  hasRtcpMux,
  isUnspecified,
  parseSdp,
  rtcpOf,
  type SessionDescription,
  sdpLimits,
} from './index.ts';

const lines = (...text: readonly string[]) => text.map((line) => `${line}\r\n`).join('');
const head = ['v=0', 'o=- 12 13 IN IP4 192.0.2.7', 's=x', 'c=IN IP4 192.0.2.7', 't=0 0'];

function parsed(octets: string): SessionDescription {
  const sdp = parseSdp(octets);
  if ('kind' in sdp) throw new Error(`${sdp.reason}, line ${sdp.line}`);
  return sdp;
}
const media = (...text: readonly string[]) => {
  const sdp = parsed(lines(...head, ...text));
  return { sdp, stream: sdp.media[0]! };
};

describe('parseSdp', () => {
  const typical = lines(
    ...head,
    'b=AS:64',
    'a=sendonly',
    'm=audio 30000/2 RTP/AVP 8 0 101',
    'i=their voice',
    'c=IN IP6 2001:db8::1',
    'b=TIAS:1',
    'a=rtpmap:8 PCMA/8000',
    'y=what is this',
    'a=recvonly',
    'm=image 0 udptl t38',
    'a=T38FaxVersion:0',
  );

  test('keeps every line in its place', () => {
    const sdp = parsed(typical);
    expect(sdp.origin).toEqual({
      username: '-',
      sessionId: '12',
      version: '13',
      netType: 'IN',
      addressType: 'IP4',
      address: '192.0.2.7',
    });
    expect(sdp.connection).toEqual({ addressType: 'IP4', address: '192.0.2.7' });
    expect(sdp.lines.map((line) => line.type).join('')).toBe('vosctba');
    expect(sdp.media).toHaveLength(2);
    expect(sdp.media[0]).toMatchObject({
      media: 'audio',
      port: 30000,
      portCount: 2,
      protocol: 'RTP/AVP',
      formats: ['8', '0', '101'],
      connection: { addressType: 'IP6', address: '2001:db8::1' },
    });
    expect(sdp.media[0]?.lines.map((line) => line.type).join('')).toBe('icbaya');
    expect(sdp.media[1]).toMatchObject({
      media: 'image',
      port: 0,
      protocol: 'udptl',
      formats: ['t38'],
      portCount: undefined,
    });
    expect(formatSdp(sdp)).toBe(typical);
  });

  test.each([
    ['LF alone', typical.replaceAll('\r\n', '\n')],
    ['no line end at the end', typical.slice(0, -2)],
    ['empty lines at the end', `${typical}\r\n\n\r\n`],
    ['two spaces in m=', typical.replace('m=audio ', 'm=audio  ')],
  ])('takes %s', (_, octets) => expect(formatSdp(parsed(octets))).toBe(typical));

  test.each([
    ['o=J. Doe 1 2 IN IP4 h.example.com', { username: 'J. Doe', sessionId: '1', address: 'h.example.com' }],
    ['o= 1 2 IN IP4 192.0.2.7', { username: '', sessionId: '1' }],
    [`o=- ${'9'.repeat(60)} -1 IN IP6 2001:db8::7`, { sessionId: '9'.repeat(60), version: '-1', addressType: 'IP6' }],
  ])('takes %s', (line, origin) => expect(parsed(lines('v=0', line, 's=-', 't=0 0')).origin).toMatchObject(origin));

  test('takes b= without a colon, a stream refused without formats, multicast with its TTL', () => {
    const octets = lines(
      ...head,
      'b=nonsense',
      'm=audio 0 RTP/AVP',
      'c=IN IP4 224.2.1.1/127/3',
      'c=IN IP4 224.2.1.9/127',
    );
    const sdp = parsed(octets);
    expect(sdp.media[0]).toMatchObject({ formats: [], connection: { address: '224.2.1.1' } });
    expect(formatSdp(sdp)).toBe(octets);
  });

  test.each([
    ['nothing', '', 'no o='],
    ['no version', lines(...head.slice(1)), 'does not begin with v=0'],
    ['another version', lines('v=1', ...head.slice(1)), 'does not begin with v=0'],
    ['no origin', lines('v=0', 's=-'), 'no o='],
    ['two origins', lines(...head, head[1]!), 'o= out of place'],
    ['an origin in a stream', lines('v=0', 'm=audio 1 RTP/AVP 0', head[1]!), 'o= out of place'],
    ['a short origin', lines('v=0', 'o=- 1 2 IN IP4'), 'malformed o='],
    ['an origin without address', lines('v=0', 'o=- 1 2 IN IP4 '), 'malformed o='],
    ['an origin of another network', lines('v=0', 'o=- 1 2 IN ATM x'), 'malformed o='],
    ['an empty line', lines(...head, '', 'm=audio 1 RTP/AVP 0'), 'an empty line'],
    ['a line without "="', lines(...head, 'm audio'), 'not a letter and "="'],
    ['a space before "="', lines(...head, 'm =audio 1 RTP/AVP 0'), 'not a letter and "="'],
    ['a capital letter', lines(...head, 'A=x'), 'not a letter and "="'],
    ['CR in a line', lines(...head, 'a=x\ry'), 'CR or NUL in a line'],
    ['NUL in a line', lines(...head, 'a=x\0y'), 'CR or NUL in a line'],
    ['c= without address', lines(...head, 'c=IN IP4'), 'malformed c='],
    ['c= with an address that is none', lines(...head, 'c=IN IP4 <x>'), 'malformed c='],
    ['m= without port', lines(...head, 'm=audio'), 'malformed m='],
    ['m= with a port beyond 65535', lines(...head, 'm=audio 65536 RTP/AVP 0'), 'malformed m='],
    ['m= with a huge port', lines(...head, `m=audio ${'9'.repeat(400)} RTP/AVP 0`), 'malformed m='],
    ['m= with a negative port', lines(...head, 'm=audio -1 RTP/AVP 0'), 'malformed m='],
    ['m= with no ports', lines(...head, 'm=audio 1/0 RTP/AVP 0'), 'malformed m='],
    ['m= without formats', lines(...head, 'm=audio 1 RTP/AVP'), 'malformed m='],
    ['an address for a protocol', lines(...head, 'm=audio 1 192.0.2.7 0'), 'malformed m='],
    ['a JSON text', '{"v":0}', 'not a letter and "="'],
  ])('refuses %s', (_, octets, reason) => expect(parseSdp(octets)).toMatchObject({ kind: 'fault', reason }));

  test('says in which line', () => expect(parseSdp(lines(...head, 'a=x', '?'))).toMatchObject({ line: 7 }));

  test('has limits', () => {
    const streams = (count: number) => lines(...head, ...Array.from({ length: count }, () => 'm=audio 2 RTP/AVP 0'));
    expect(parsed(streams(sdpLimits.media)).media).toHaveLength(32);
    expect(parseSdp(streams(sdpLimits.media + 1))).toMatchObject({ reason: 'too many m= lines' });
    const many = (count: number) => lines(...head, ...Array.from({ length: count - head.length }, () => 'a=x'));
    expect(parsed(many(sdpLimits.lines)).lines).toHaveLength(1000);
    expect(parseSdp(many(sdpLimits.lines + 1))).toMatchObject({ reason: 'too many lines' });
    expect(parseSdp(lines(...head, `a=${'x'.repeat(65536)}`))).toMatchObject({ reason: 'too long' });
  });
});

describe('reading a stream', () => {
  test.each([
    [[], [], 'sendrecv'],
    [['a=sendonly'], [], 'sendonly'],
    [['a=sendonly'], ['a=recvonly'], 'recvonly'],
    [[], ['a=ptime:20', 'a=inactive', 'a=sendrecv'], 'inactive'],
    [[], ['a=sendonly:x', 'a=SENDONLY'], 'sendrecv'],
  ] as const)('direction: session %j, stream %j', (session, own, direction) => {
    const { sdp, stream } = media(...session, 'm=audio 4 RTP/AVP 0', ...own);
    expect(directionOf(sdp, stream)).toBe(direction);
  });

  test('address: its own before the session’s', () => {
    const { sdp, stream } = media('m=audio 4 RTP/AVP 0', 'c=IN IP4 192.0.2.8');
    expect(addressOf(sdp, stream)).toBe('192.0.2.8');
    expect(addressOf(sdp, { ...stream, connection: undefined })).toBe('192.0.2.7');
    expect(addressOf({ ...sdp, connection: undefined }, { ...stream, connection: undefined })).toBeUndefined();
    expect([isUnspecified('0.0.0.0'), isUnspecified('::'), isUnspecified('192.0.2.7')]).toEqual([true, true, false]);
  });

  test.each([
    ['m=audio 4000 RTP/AVP 0', [], { host: '192.0.2.7', port: 4001 }],
    ['m=audio 4000 RTP/AVP 0', ['a=rtcp:5000'], { host: '192.0.2.7', port: 5000 }],
    ['m=audio 4000 RTP/AVP 0', ['a=rtcp:5000 IN IP4 192.0.2.9'], { host: '192.0.2.9', port: 5000 }],
    ['m=audio 4000 RTP/AVP 0', ['a=rtcp:99999'], { host: '192.0.2.7', port: 4001 }],
    ['m=audio 4000 RTP/AVP 0', ['a=rtcp-mux'], { host: '192.0.2.7', port: 4001 }],
    ['m=audio 65535 RTP/AVP 0', [], { host: '192.0.2.7', port: 65535 }],
    ['m=audio 0 RTP/AVP 0', ['a=rtcp:5000'], undefined],
  ] as const)('RTCP: %s %j', (line, own, wanted) => {
    const { sdp, stream } = media(line, ...own);
    expect(rtcpOf(sdp, stream)).toEqual(wanted);
  });

  test('rtcp-mux is told apart from rtcp', () => {
    expect(hasRtcpMux(media('m=audio 4 RTP/AVP 0', 'a=rtcp-mux').stream)).toBe(true);
    expect(hasRtcpMux(media('m=audio 4 RTP/AVP 0', 'a=rtcp:5', 'a=rtcp-mux-only').stream)).toBe(false);
  });

  test.each([
    ['m=audio 4 RTP/AVP 0', [], 'PCMU'],
    ['m=audio 4 RTP/SAVPF 18', [], 'G729'],
    ['m=audio 4 RTP/AVP 96 0', ['a=rtpmap:960 x/1', 'a=rtpmap:96 opus/48000/2'], 'opus'],
    ['m=audio 4 RTP/AVP 8', ['a=rtpmap:8 pcma/8000'], 'pcma'],
    ['m=audio 4 RTP/AVP 99', [], '99'],
    ['m=image 4 udptl t38', [], 't38'],
    ['m=message 4 TCP/MSRP *', [], '*'],
    ['m=image 4 udptl 0', [], '0'],
    ['m=audio 0 RTP/AVP', [], ''],
  ] as const)('codec: %s %j', (line, own, wanted) => expect(codecOf(media(line, ...own).stream)).toBe(wanted));

  test('attributes', () => {
    const { stream } = media('m=audio 4 RTP/AVP 0', 'a=ptime:20', 'a=maxptime:40', 'a=x', 'b=ptime:9');
    expect(['ptime', 'maxptime', 'x', 'time', 'pt'].map((name) => attributeOf(stream.lines, name))).toEqual([
      '20',
      '40',
      '',
      undefined,
      undefined,
    ]);
  });
});

test('an IPv6 address in brackets, as in URIs, is read as what it means', () => {
  const sdp = parseSdp(
    'v=0\r\no=- 1 1 IN IP6 [2001:db8::1]\r\ns=-\r\nc=IN IP6 [2001:db8::1]\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8\r\n',
  );
  if ('kind' in sdp) throw new Error(sdp.reason);
  expect(sdp.origin.address).toBe('2001:db8::1');
  expect(addressOf(sdp, sdp.media[0]!)).toBe('2001:db8::1');
});
