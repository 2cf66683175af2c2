import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  directionOf,
  formatSdp,
  parseSdp,
  rtpFormatsOf,
  type SessionDescription,
  trimLevels,
  trimmed,
} from './index.ts';

function read(lines: readonly string[]): SessionDescription {
  const parsed = parseSdp(lines.map((line) => `${line}\r\n`).join(''));
  if ('kind' in parsed) throw new Error(parsed.reason);
  return parsed;
}
const head = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 'b=AS:64', 't=0 0'];
const lines = [
  ...head,
  'a=x-session:1',
  'a=group:BUNDLE 0',
  'm=audio 4000 RTP/SAVP 8 96 101',
  'b=CT:64',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:96 PCMA/16000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc',
  'a=ssrc:1 cname:x',
  'a=rtcp:4001',
  'a=mid:0',
  'a=ptime:20',
  'a=silenceSupp:off - - - -',
  'a=sendrecv',
  'm=video 0 RTP/AVP 31',
  'a=rtpmap:31 H261/90000',
  'm=image 4004 udptl t38',
  'a=T38FaxVersion:0',
];
const body = (level: number, of = lines) =>
  formatSdp(trimmed(read(of), level))
    .split('\r\n')
    .slice(0, -1);
const gone = (level: number) => body(level - 1).filter((line) => !body(level).includes(line));

test('each level drops what is missed less than what the next does', () => {
  expect(body(0)).toEqual(lines);
  expect(gone(1)).toEqual(['a=x-session:1', 'a=ssrc:1 cname:x', 'a=rtpmap:31 H261/90000']);
  expect(gone(2)).toEqual(['a=rtpmap:8 PCMA/8000', 'a=sendrecv']);
  expect(gone(3)).toEqual(['b=AS:64', 'b=CT:64']);
  expect(gone(4)).toEqual(['a=ptime:20']);
  expect(trimLevels).toBe(4);
});

test('sendrecv stays where the session says otherwise', () => {
  expect(body(trimLevels, [...head, 'a=inactive', 'm=audio 4000 RTP/AVP 8', 'a=sendrecv'])).toContain('a=sendrecv');
});

test('what is left means the same: streams, formats, directions', () => {
  const attribute = fc.constantFrom(
    'sendrecv',
    'sendonly',
    'inactive',
    'x',
    'rtpmap:8 PCMA/8000',
    'rtpmap:8 opus/48000',
    'rtpmap:96 PCMA/8000',
    'ptime:20',
    'ssrc:1 x',
  );
  const stream = fc.tuple(fc.constantFrom('m=audio 4000 RTP/AVP 8 96', 'm=audio 0 RTP/AVP 8'), fc.array(attribute));
  fc.assert(
    fc.property(fc.array(attribute), fc.array(stream), fc.nat(trimLevels), (session, streams, level) => {
      const a = (all: readonly string[]) => all.map((one) => `a=${one}`);
      const whole = read([...head, ...a(session), ...streams.flatMap(([m, own]) => [m, ...a(own)])]);
      const less = trimmed(whole, level);
      const meaning = (sdp: SessionDescription) =>
        sdp.media.map((one) =>
          one.port === 0 ? [one.formats] : [one.formats, directionOf(sdp, one), rtpFormatsOf(one)],
        );
      expect(meaning(less)).toEqual(meaning(whole));
      expect(formatSdp(less).length).toBeLessThanOrEqual(formatSdp(whole).length);
    }),
  );
});
