import { describe, expect, test } from 'vitest';
import { ringbackTones } from '#codec/tones';
import {
  allocate,
  answer,
  bridge,
  type Face,
  key,
  keysIn,
  look,
  offer,
  read,
  sdp,
  secure,
  seen,
  sideOf,
  srtp,
  streams,
  versionOf,
} from './media-bridge.testing.ts';
import type { MediaBridge } from './media-bridge.ts';

const tones = ringbackTones.itu!;
const there = (...texts: string[]) => streams(texts, '192.0.2.2');

/** A bridge that a caller has offered this to. */
function offered(texts: readonly string[], a: Face = {}): MediaBridge {
  const media = bridge(a, {});
  expect(media.offer('a', streams(texts))).toBeUndefined();
  allocate(media);
  media.learnOffer();
  return media;
}

describe('a tone before the callee has said anything', () => {
  test.each<[name: string, texts: string[], told: string[], play: object]>([
    ['in the first of G.711', ['audio 18,0,8'], ['audio 0=PCMU/8000'], { codec: 'PCMU', payloadType: 0, ptime: 20 }],
    [
      'by the number and in the packet time of the caller',
      ['audio 97=PCMA/8000 ptime:30'],
      ['audio 97=PCMA/8000'],
      { codec: 'PCMA', payloadType: 97, ptime: 30 },
    ],
    ['in no packet time that is odd', ['audio 8 ptime:2'], ['audio 8=PCMA/8000'], { ptime: 20 }],
    ['to who only listens', ['audio 8 recvonly'], ['audio 8=PCMA/8000 sendonly'], { codec: 'PCMA' }],
  ])('%s', (_, texts, told, play) => {
    const media = offered(texts);
    expect(seen(media.play(tones)!)).toEqual(told);
    expect(sideOf(media, 'a').play).toMatchObject({ tones, ...play });
    expect(sideOf(media, 'b')).not.toHaveProperty('play');
  });

  test.each<[name: string, texts: string[], face: Face]>([
    ['no G.711', ['audio 18,9'], {}],
    ['none that its trunk allows', ['audio 8,18'], { codecs: { allow: ['G729'] } }],
    ['nobody listens', ['audio 8 sendonly'], {}],
    ['on hold', ['audio 8 inactive'], {}],
    ['no audio', ['video 34'], {}],
  ])('none: %s', (_, texts, face) => {
    const media = offered(texts, face);
    expect(media.play(tones)).toBeUndefined();
    expect(media.quiet()).toBe(false);
  });

  test('of several streams the others are not taken yet', () => {
    const media = offered(['video 34', 'audio 8,0', 'audio 8']);
    expect(seen(media.play(tones)!)).toEqual(['video:0 34', 'audio 8=PCMA/8000', 'audio:0 8']);
    expect(media.plan(0).streams.map(({ a }) => a.play?.codec)).toEqual([undefined, 'PCMA', undefined]);
  });

  test('under the key that the answer has as well', () => {
    const media = bridge({ srtp: srtp('required') }, {});
    media.offer('a', sdp(secure(0)));
    allocate(media);
    media.learnOffer();
    const told = media.play(tones)!;
    expect(look(read(told))).toBe('SAVP+1');
    const { send, receive } = sideOf(media, 'a').srtp!;
    expect(keysIn(told)).toEqual([[send.inline]]);
    expect(receive?.inline).toBe(key(0));
    media.translateOffer();
    expect(keysIn(answer(media, there('audio 8')))).toEqual([[send.inline]]);
  });

  test('changes nothing that stands: the answer is what it would have been, and ends it', () => {
    const [quiet, loud] = [offered(['audio 8,0', 'video 34']), offered(['audio 8,0', 'video 34'])];
    const before = loud.plan(0);
    const told = loud.play(tones)!;
    loud.quiet();
    expect(loud.plan(0)).toEqual(before);
    loud.play(tones);
    for (const media of [quiet, loud]) media.translateOffer();
    const answers = [quiet, loud].map((media) => answer(media, there('audio 0', 'video 34')));
    expect(seen(answers[1]!)).toEqual(seen(answers[0]!));
    expect(versionOf(answers[1]!)).toBeGreaterThan(versionOf(told));
    expect(loud.plan(0)).toEqual(quiet.plan(0));
  });

  test('ends when the callee is forgotten', () => {
    const media = offered(['audio 8']);
    media.play(tones);
    expect(media.forget('b')).toBe(true);
    expect(sideOf(media, 'a')).not.toHaveProperty('play');
    expect(media.forget('b')).toBe(false);
  });
});

describe('a tone in what was agreed on', () => {
  test.each([
    ['audio 0,8', 'PCMU'],
    ['audio 8,0', 'PCMA'],
    ['audio 18,0', undefined],
    ['audio:0 8', undefined],
  ])('%s: %s', (answered, codec) => {
    const media = offered(['audio 8,0,18']);
    media.translateOffer();
    answer(media, there(answered));
    expect(media.play(tones)).toBe(codec === undefined ? undefined : '');
    expect(sideOf(media, 'a').play?.codec).toBe(codec);
  });
});

describe('who may pause', () => {
  const pauses = (media: MediaBridge) => [sideOf(media, 'a').pauses, sideOf(media, 'b').pauses];

  test.each<[answered: string, face: Face, expected: true | undefined]>([
    ['audio 8', {}, undefined],
    ['audio 8,13', {}, true],
    ['audio 8,98=CN/16000', {}, true],
    ['audio 18', {}, true],
    ['audio 96=opus/48000/2', {}, true],
    ['audio 9,101=telephone-event/8000', {}, undefined],
    // Noise that one of both trunks does not take goes neither way.
    ['audio 8,13', { codecs: { allow: ['PCMA'] } }, undefined],
  ])('%s', (answered, face, expected) => {
    const media = bridge(face, {});
    offer(media, 'a', streams(['audio 8,9,13,18,96=opus/48000/2,98=CN/16000,101=telephone-event/8000']));
    expect(pauses(media)).toEqual([undefined, undefined]);
    answer(media, there(answered));
    expect(pauses(media)).toEqual([expected, expected]);
    offer(media, 'b', there('audio 8'));
    answer(media, streams(['audio 8']));
    expect(pauses(media)).toEqual([undefined, undefined]);
  });
});
