import { expect, test } from 'vitest';
import { talkFacts } from './talk-facts.ts';

const sdp = (formats: string, ...lines: string[]) =>
  ['v=0', 's=-', `m=audio 4000 RTP/AVP ${formats}`, ...lines, ''].join('\r\n');
const leg = (side: 'a' | 'b', heard: string, said: string) => ({ side, heard, said });
const stream = (a: object, b: object) => ({ media: 'audio', ports: undefined, a, b });
const bridge = (...streams: object[]) => ({ state: { streams } }) as unknown as Parameters<typeof talkFacts>[0];
const both = { direction: 'sendrecv' };

test('each side speaks the first codec that it has named and we have taken, whoever of the two answered', () => {
  const offered = sdp(
    '101 18 8 0',
    'a=rtpmap:101 telephone-event/8000',
    'a=rtpmap:18 G729/8000',
    'a=rtpmap:8 PCMA/8000',
  );
  const told = sdp('8 101', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000');
  const opus = sdp('13 96', 'a=rtpmap:96 opus/48000/2');
  expect(
    talkFacts(bridge(stream(both, both)), { caller: leg('a', offered, told), callee: leg('b', opus, opus) }),
  ).toEqual({ media: 'anchor', codecs: { caller: 'PCMA', callee: 'OPUS' } });
});

test('a static payload type needs no line of its own; without SDP nothing is claimed', () => {
  expect(talkFacts(undefined, { caller: leg('a', sdp('9'), ''), callee: leg('b', '', '') })).toEqual({
    media: 'bypass',
    codecs: { caller: 'G722' },
  });
});

test('who keeps the other waiting, by what it wishes; all streams of it', () => {
  const legs = { caller: leg('a', '', ''), callee: leg('b', '', '') };
  const holds = (...streams: object[]) => talkFacts(bridge(...streams), legs).hold;
  expect(holds(stream({ direction: 'sendonly' }, both))).toEqual(['caller']);
  expect(holds(stream({ direction: 'inactive' }, { direction: 'inactive' }))).toEqual(['caller', 'callee']);
  expect(holds(stream({ direction: 'sendonly' }, both), stream(both, both))).toBeUndefined();
  expect(holds()).toBeUndefined();
  const held = sdp('8', 'a=sendonly');
  expect(talkFacts(undefined, { caller: leg('a', '', ''), callee: leg('b', held, '') }).hold).toEqual(['callee']);
});

test('who encrypts, and a fax', () => {
  const legs = { caller: leg('a', '', ''), callee: leg('b', '', '') };
  const key = { suite: 'AES_CM_128_HMAC_SHA1_80', key: '' };
  const facts = talkFacts(bridge({ ...stream(both, { ...both, receive: key }), udptl: true }), legs);
  expect(facts).toMatchObject({ encrypted: ['callee'], fax: true });
});
