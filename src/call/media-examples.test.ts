import { describe, expect, test } from 'vitest';
import { answer, bridge, offer, seen, sideOf, streams, versionOf } from './media-bridge.testing.ts';
import type { BridgeSide } from './media-state.ts';

/** Who offers what, and what is answered: a stream a line. What the other side sees, where that is not the same. */
interface Exchange {
  readonly by?: BridgeSide;
  readonly offer: readonly string[];
  readonly answer: readonly string[];
  readonly seen?: readonly string[];
  readonly at?: { readonly offer?: string; readonly answer?: string };
}

const pcmu = '0=PCMU/8000';
const pcma = '8=PCMA/8000';
const ilbc = '97=iLBC/8000';
const tones = '98=telephone-event/8000';
const h261 = '31=H261/90000';
const mpv = '32=MPV/90000';
const threeAudio = `audio ${pcmu},${pcma},${ilbc}`;
const twoVideo = `video ${h261},${mpv}`;
const offered = [threeAudio, twoVideo];

/** RFC 4317; its third party call control as far as two parties see of it. */
const rfc4317: Readonly<Record<string, readonly Exchange[]>> = {
  '2.1 audio and video': [{ offer: offered, answer: [`audio ${pcmu}`, `video ${mpv}`] }],
  '2.2 video declined, one codec of two': [
    { offer: offered, answer: [`audio ${pcmu},${pcma}`, `video:0 ${h261}`] },
    { offer: [`audio ${pcmu}`, `video:0 ${h261}`], answer: [`audio ${pcmu}`, `video:0 ${h261}`] },
  ],
  '2.3 another payload type in the answer': [
    { offer: offered, answer: ['audio 99=iLBC/8000', `video ${h261}`], seen: [`audio ${ilbc}`, `video ${h261}`] },
  ],
  '2.4 two audio streams': [
    {
      offer: [`audio ${pcmu},${ilbc}`, `audio ${tones} sendonly`],
      answer: [`audio ${ilbc}`, `audio ${tones} recvonly`],
    },
  ],
  '2.5 another address': [
    { offer: [`audio ${ilbc}`, `video ${h261}`], answer: [`audio ${ilbc}`, `video ${h261}`] },
    {
      by: 'b',
      offer: [`audio ${ilbc}`, `video ${h261}`],
      answer: [`audio ${ilbc}`, `video ${h261}`],
      at: { offer: '192.0.2.77' },
    },
  ],
  '2.6 the first of two declined': [
    {
      offer: [`audio ${pcmu}`, `audio ${ilbc},101=telephone-event/8000`],
      answer: [`audio:0 ${pcmu}`, `audio ${ilbc},101=telephone-event/8000`],
    },
  ],
  '2.7 a second codec': [
    { offer: ['audio 99=iLBC/8000', `video ${h261}`], answer: ['audio 99=iLBC/8000', `video ${h261}`] },
    { offer: ['audio 99=iLBC/8000', twoVideo], answer: ['audio 99=iLBC/8000', twoVideo] },
  ],
  '3.1 hold and unhold': [
    { offer: [`audio ${pcmu},${ilbc}`], answer: [`audio ${ilbc} sendonly`], at: { answer: '192.0.2.99' } },
    { by: 'b', offer: [`audio ${ilbc}`], answer: [`audio ${ilbc}`] },
  ],
  '3.2 hold with two streams': [
    {
      offer: [`audio ${pcmu},${ilbc}`, `audio ${tones} sendonly`],
      answer: [`audio ${ilbc}`, `audio ${tones} recvonly`],
    },
    {
      by: 'b',
      offer: [`audio ${ilbc} sendonly`, `audio ${tones} recvonly`],
      // sendrecv to sendonly: RFC 3264 6.1 does not allow it, and Bob sees what it comes to.
      answer: [`audio ${pcmu},${ilbc}`, `audio ${tones} sendonly`],
      seen: [`audio ${pcmu},${ilbc} recvonly`, `audio ${tones} sendonly`],
    },
  ],
  '4.1 a second audio stream': [
    { offer: [`audio ${pcmu},${ilbc}`], answer: [`audio ${ilbc}`] },
    {
      by: 'b',
      offer: [`audio ${ilbc}`, `audio ${tones} recvonly`],
      answer: [`audio ${ilbc}`, `audio ${tones} sendonly`],
    },
  ],
  '4.2 video added': [
    { offer: [`audio ${pcmu}`], answer: [`audio ${pcmu}`] },
    { offer: [`audio ${pcmu}`, `video ${h261}`], answer: [`audio ${pcmu}`, `video ${h261}`] },
  ],
  '4.3 video deleted': [
    { offer: [`audio ${ilbc}`, `video ${h261}`], answer: [`audio ${ilbc}`, `video ${h261}`] },
    { by: 'b', offer: [`audio ${ilbc}`, `video:0 ${h261}`], answer: [`audio ${ilbc}`, `video:0 ${h261}`] },
  ],
  '5.1 no media, then audio': [
    { offer: [], answer: [] },
    { offer: [`audio ${ilbc}`], answer: [`audio ${ilbc}`] },
  ],
  '5.2 held from the start': [
    { offer: [`audio ${ilbc}`], answer: [`audio ${ilbc}`], at: { offer: '0.0.0.0' } },
    { offer: [`audio ${ilbc}`], answer: [`audio ${ilbc}`] },
  ],
  '5.3 answered on hold': [
    { offer: [`audio ${ilbc}`], answer: [`audio ${ilbc}`], at: { answer: '0.0.0.0' } },
    { by: 'b', offer: [`audio ${ilbc}`], answer: [`audio ${ilbc}`] },
  ],
};

const events = '110=telephone-events/8000';
const rfc3264: Readonly<Record<string, readonly Exchange[]>> = {
  '10.1 basic exchange, then a stream added by the answerer': [
    {
      offer: [`audio ${pcmu}`, `video ${h261}`, `video ${mpv}`],
      answer: [`audio ${pcmu}`, `video:0 ${h261}`, `video ${mpv}`],
    },
    {
      by: 'b',
      offer: [`audio ${pcmu}`, `video:0 ${h261}`, `video ${mpv}`, `audio ${events} recvonly`],
      answer: [`audio ${pcmu}`, `video:0 ${h261}`, `video ${mpv}`, `audio ${events} sendonly`],
    },
  ],
  '10.2 one of N codecs': [
    { offer: [`audio ${pcmu},4=G723/8000,18=G729/8000`], answer: [`audio ${pcmu},4=G723/8000`] },
    { offer: ['audio 4=G723/8000'], answer: ['audio 4=G723/8000'] },
  ],
};

function play(exchanges: readonly Exchange[]) {
  const media = bridge({}, {});
  for (const { by = 'a', offer: asked, answer: said, seen: shown = said, at } of exchanges) {
    const hosts = by === 'a' ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.2', '192.0.2.1'];
    expect(seen(offer(media, by, streams(asked, at?.offer ?? hosts[0])))).toEqual(asked);
    expect(seen(answer(media, streams(said, at?.answer ?? hosts[1])))).toEqual(shown);
  }
  return media;
}

describe('RFC 4317', () => {
  test.each(Object.entries(rfc4317))('%s', (_, exchanges) => {
    play(exchanges);
  });

  test('2.3: the numbers of both sides are written over each other', () => {
    const media = play(rfc4317['2.3 another payload type in the answer']!);
    expect([sideOf(media, 'a').payloadTypes, sideOf(media, 'b').payloadTypes]).toEqual([{ 97: 99 }, { 99: 97 }]);
    expect(sideOf(media, 'a', 1)).not.toHaveProperty('payloadTypes');
  });

  test('2.5: what a side is told again does not count as new, though the other has moved', () => {
    const media = bridge({}, {});
    const both = [`audio ${ilbc}`, `video ${h261}`];
    const told = offer(media, 'a', streams(both));
    const shown = answer(media, streams(both, '192.0.2.2'));
    expect(offer(media, 'b', streams(both, '192.0.2.77'))).toBe(shown);
    expect(answer(media, streams(both))).toBe(told);
    expect(sideOf(media, 'b').remote?.rtp.host).toBe('192.0.2.77');
  });

  test('2.8: streams at two addresses are both of ours', () => {
    const media = bridge({}, {});
    offer(media, 'a', streams(offered));
    const [audio, video] = [streams([`audio ${pcmu}`], '192.0.2.2'), streams([`video ${mpv}`], '192.0.2.2')];
    const elsewhere = { ...video.media[0]!, connection: { addressType: 'IP4', address: '192.0.2.50' } as const };
    const lines = [{ type: 'c', value: 'IN IP4 192.0.2.50' }, ...elsewhere.lines];
    const shown = answer(media, { ...audio, media: [audio.media[0]!, { ...elsewhere, lines }] });
    expect(shown).not.toContain('192.0.2.');
    expect([0, 1].map((i) => sideOf(media, 'b', i).remote?.rtp.host)).toEqual(['192.0.2.2', '192.0.2.50']);
  });

  test('3.1 and 5.2: nobody sends to who holds', () => {
    for (const name of ['3.1 hold and unhold', '5.2 held from the start', '5.3 answered on hold']) {
      const exchanges = rfc4317[name]!;
      const holder = exchanges[0]!.at?.offer === '0.0.0.0' ? 'a' : 'b';
      const sends = (media: ReturnType<typeof play>) => sideOf(media, holder === 'a' ? 'b' : 'a').sends;
      expect([sends(play(exchanges.slice(0, 1))), sends(play(exchanges))], name).toEqual([false, true]);
    }
  });
});

describe('RFC 3264 10', () => {
  test.each(Object.entries(rfc3264))('%s', (_, exchanges) => {
    play(exchanges);
  });

  test('the version goes up by one when the description changes, and only then (8)', () => {
    const media = bridge({}, {});
    const first = versionOf(offer(media, 'a', streams([`audio ${pcmu}`])));
    answer(media, streams([`audio ${pcmu}`], '192.0.2.2'));
    expect(versionOf(offer(media, 'a', streams([`audio ${pcmu}`])))).toBe(first);
    answer(media, streams([`audio ${pcmu}`], '192.0.2.2'));
    expect(versionOf(offer(media, 'a', streams([`audio ${pcma}`])))).toBe(first + 1);
  });
});
