import { describe, expect, test } from 'vitest';
import { type Anchor, anchored, formatSdp, parseSdp } from './index.ts';

const lines = (...text: readonly string[]) => text.map((line) => `${line}\r\n`).join('');
const ours: Anchor = { host: '203.0.113.9', port: 20000, rtcpPort: 20001 };
const origin = { username: 'tandem', sessionId: '77', version: '2', host: '203.0.113.9' };
const head = ['v=0', 'o=bob 12 13 IN IP4 192.0.2.7', 's=Bob calling', 'c=IN IP4 192.0.2.7', 't=0 0'];
const ourHead = ['v=0', 'o=tandem 77 2 IN IP4 203.0.113.9', 's=-', 'c=IN IP4 203.0.113.9', 't=0 0'];

function through(text: readonly string[], ...media: readonly (Anchor | undefined)[]): string[] {
  const sdp = parseSdp(lines(...text));
  if ('kind' in sdp) throw new Error(`${sdp.reason}, line ${sdp.line}`);
  const out = anchored(sdp, { origin, media });
  const octets = formatSdp(out);
  // What is formed is what a peer would read: the parts agree with the lines.
  expect(parseSdp(octets)).toEqual(out);
  return octets.split('\r\n').slice(0, -1);
}

describe('anchored', () => {
  test('puts our origin, addresses and ports over theirs and leaves all else as it is', () => {
    const rest = [
      'a=rtpmap:8 PCMA/8000',
      'a=fmtp:101 0-15',
      'x=who knows',
      'a=ptime:20',
      'b=AS:80',
      'a=sendonly',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc',
      'a=fingerprint:sha-256 AB:CD',
      'a=setup:actpass',
      'a=rtcp-mux',
      'a=rtcp-fb:* nack',
    ];
    expect(through([...head, 'b=CT:1', 'a=group:X', 'm=audio 30000 RTP/AVP 8 101', ...rest], ours)).toEqual([
      ...ourHead,
      'b=CT:1',
      'a=group:X',
      'm=audio 20000 RTP/AVP 8 101',
      ...rest,
    ]);
  });

  test('takes out what names the session or its people', () => {
    expect(
      through(
        [
          ...head.slice(0, 3),
          'i=about',
          'u=http://bob.example',
          'e=bob@example.com',
          'p=+1 617',
          ...head.slice(3),
          'k=clear:x',
          'm=audio 3 RTP/AVP 0',
          'i=Bob',
          'k=uri:x',
        ],
        ours,
      ),
    ).toEqual([...ourHead, 'm=audio 20000 RTP/AVP 0']);
  });

  test('takes out other ways to the hidden side', () => {
    expect(
      through(
        [
          ...head,
          'a=ice-lite',
          'a=ICE-options:trickle',
          'm=audio 3 RTP/AVP 0',
          'a=candidate:1 1 UDP 2130706431 10.9.8.7 3 typ host',
          'a=candidate:2 1 UDP 1694498815 198.51.100.3 3 typ srflx raddr 10.9.8.6 rport 3',
          'a=remote-candidates:1 192.0.2.7 3',
          'a=ice-ufrag:x',
          'a=ice-pwd:y',
          'a=end-of-candidates',
          'a=alt:1 1 : a b 10.9.8.7 3',
          'a=ssrc:1 cname:bob@10.9.8.7',
          'a=ssrc:2 cname:bob@10.9.8.6',
          'a=ssrc:3 cname:bob@198.51.100.3',
          'a=source-filter: incl IN IP4 * 192.0.2.7',
          'a=ssrc:4 cname:bob',
          'a=extmap:1 urn:x',
        ],
        ours,
      ),
    ).toEqual([...ourHead, 'm=audio 20000 RTP/AVP 0', 'a=ssrc:4 cname:bob', 'a=extmap:1 urn:x']);
  });

  test('gives each stream its own port and a c= where it had one or needs one', () => {
    const other: Anchor = { host: '2001:db8::9', port: 20002, rtcpPort: 20003 };
    expect(
      through(
        [
          ...head,
          'm=audio 3 RTP/AVP 0',
          'i=x',
          'c=IN IP4 192.0.2.8',
          'b=AS:1',
          'm=video 5 RTP/AVP 34',
          'a=x',
          'm=text 7 RTP/AVP 98',
        ],
        ours,
        other,
        { ...ours, port: 20004, rtcpPort: 20005 },
      ),
    ).toEqual([
      ...ourHead,
      'm=audio 20000 RTP/AVP 0',
      'c=IN IP4 203.0.113.9',
      'b=AS:1',
      'm=video 20002 RTP/AVP 34',
      'c=IN IP6 2001:db8::9',
      'a=x',
      'm=text 20004 RTP/AVP 98',
    ]);
  });

  test('gives a stream a c= when nobody has one', () => {
    expect(through([...head.filter((line) => !line.startsWith('c=')), 'm=audio 3 RTP/AVP 0'], ours)).toEqual([
      ...ourHead.filter((line) => !line.startsWith('c=')),
      'm=audio 20000 RTP/AVP 0',
      'c=IN IP4 203.0.113.9',
    ]);
  });

  test('leaves port 0 at 0 and refuses a stream without an anchor, hidden all the same', () => {
    expect(
      through(
        [
          ...head,
          'm=audio 0 RTP/AVP 0',
          'c=IN IP4 192.0.2.8',
          'a=rtcp:9 IN IP4 192.0.2.8',
          'm=video 5/2 RTP/AVP 34',
          'a=rtcp:9',
        ],
        ours,
      ),
    ).toEqual([...ourHead, 'm=audio 0 RTP/AVP 0', 'c=IN IP4 203.0.113.9', 'm=video 0 RTP/AVP 34']);
  });

  test('says where RTCP is, when it was said or cannot be guessed', () => {
    const apart: Anchor = { ...ours, rtcpPort: 20777 };
    const stream = [...head, 'm=audio 3 RTP/AVP 0'];
    const ourStream = [...ourHead, 'm=audio 20000 RTP/AVP 0'];
    expect(through([...stream, 'a=rtcp:4', 'a=x'], ours)).toEqual([...ourStream, 'a=rtcp:20001', 'a=x']);
    expect(through([...stream, 'a=rtcp:4 IN IP4 192.0.2.99', 'a=x:192.0.2.99'], ours)).toEqual([
      ...ourStream,
      'a=rtcp:20001 IN IP4 203.0.113.9',
    ]);
    expect(through([...stream, 'a=x'], apart)).toEqual([...ourStream, 'a=x', 'a=rtcp:20777']);
    expect(through([...stream, 'a=rtcp:4'], apart)).toEqual([...ourStream, 'a=rtcp:20777']);
  });

  test('lets the hold of RFC 2543 stay one', () => {
    const held = (address: string) => ['v=0', 'o=bob 12 13 IN IP4 192.0.2.7', 's=-', `c=IN IP4 ${address}`, 't=0 0'];
    expect(through([...held('0.0.0.0'), 'm=audio 3 RTP/AVP 0'], ours)).toEqual([
      ...ourHead.map((line) => line.replace('c=IN IP4 203.0.113.9', 'c=IN IP4 0.0.0.0')),
      'm=audio 20000 RTP/AVP 0',
    ]);
    expect(through([...head, 'm=audio 3 RTP/AVP 0', 'c=IN IP4 0.0.0.0'], { ...ours, host: '2001:db8::9' })).toEqual([
      ...ourHead.map((line) => line.replace('c=IN IP4 203.0.113.9', 'c=IN IP6 2001:db8::9')),
      'm=audio 20000 RTP/AVP 0',
      'c=IN IP6 ::',
    ]);
  });

  test('hides nothing where the address is our own', () => {
    const local = { host: '127.0.0.1', port: 20000, rtcpPort: 20001 };
    const sdp = parseSdp(
      lines(
        'v=0',
        'o=- 1 1 IN IP4 127.0.0.1',
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        'm=audio 3 RTP/AVP 0',
        'a=ssrc:1 cname:u@127.0.0.1',
      ),
    );
    if ('kind' in sdp) throw new Error(sdp.reason);
    const out = formatSdp(anchored(sdp, { origin: { ...origin, host: '127.0.0.1' }, media: [local] }));
    expect(out).toContain('a=ssrc:1 cname:u@127.0.0.1');
  });

  test('knows an address in either case', () => {
    expect(
      through(
        [
          'v=0',
          'o=- 1 1 IN IP6 2001:DB8::A',
          's=-',
          'c=IN IP6 2001:db8::a',
          't=0 0',
          'm=audio 3 RTP/AVP 0',
          'a=x:2001:Db8::a',
          'a=X:y',
        ],
        ours,
      ),
    ).toEqual([...ourHead, 'm=audio 20000 RTP/AVP 0', 'a=X:y']);
  });

  test('is not led to delete by an address that is none', () => {
    expect(
      through(['v=0', 'o=- 1 1 IN IP4 0', 's=-', 't=0 0', 'm=audio 3 RTP/AVP 0', 'a=ptime:20', 'c=IN IP4 a'], ours),
    ).toEqual([
      ...ourHead.filter((line) => !line.startsWith('c=')),
      'm=audio 20000 RTP/AVP 0',
      'c=IN IP4 203.0.113.9',
      'a=ptime:20',
    ]);
  });
});
