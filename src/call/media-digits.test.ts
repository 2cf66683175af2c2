import { describe, expect, test } from 'vitest';
import type { DigitsPlan } from '#codec/media-control';
import type { Trunk } from '#policy/configuration';
import { allocate, answer, attach, bridge, offer, seen, sideOf, streams } from './media-bridge.testing.ts';

type Dtmf = Trunk['dtmf'];
const face = (dtmf: Dtmf) => (dtmf === undefined ? {} : { dtmf });

const withEvents = 'audio 8,101=telephone-event/8000';
const without = 'audio 8';
/** What a peer of such a trunk says of itself. */
const usual = (dtmf: Dtmf, is: 'rtp-event' | 'absent') =>
  dtmf === is || (is === 'absent' && !dtmf) ? withEvents : without;

/** "events 101 -> tones PCMA": what the media process does with the keys of a side. */
function short(plan: DigitsPlan | undefined): string {
  if (!plan) return '-';
  const heard = [
    ...Object.entries(plan.events ?? {}).map(([type, rate]) => `${type}/${rate}`),
    ...(plan.tones ? ['tones'] : []),
  ];
  const made = Object.entries(plan.eventTypes ?? {}).map(([rate, type]) => `${type}/${rate}`);
  return `${heard.join(' ')} -> ${[plan.as, ...made, ...(plan.law ? [plan.law] : [])].join(' ')}`.trim();
}

/** A call from a to b: what b is offered, what a is answered, and what becomes of the keys of each. */
function call(a: Dtmf, b: Dtmf, asked: string, answered: string) {
  const media = bridge(face(a), face(b));
  const offered = seen(offer(media, 'a', streams([asked])))[0]!;
  const shown = seen(answer(media, streams([answered], '192.0.2.2')))[0]!;
  return { offered, shown, fromA: short(sideOf(media, 'a').digits), fromB: short(sideOf(media, 'b').digits), media };
}

const event = '101=telephone-event/8000 fmtp:101 0-16';
const passed = '101=telephone-event/8000';

describe('every form to every other, with peers that do as their trunk says', () => {
  const [e, i, d, s] = ['rtp-event', 'info', 'info-dtmf', 'inband'] as const;
  test.each<[Dtmf, Dtmf, string, string, string, string]>([
    // from, to; offered to the callee, shown to the caller; keys of the caller, keys of the callee
    [e, e, `audio 8,${passed}`, `audio 8,${passed}`, '101/8000 -> events 101/8000', '101/8000 -> events 101/8000'],
    [e, i, 'audio 8', `audio 8,${event}`, '101/8000 -> told', '-> events 101/8000'],
    [e, d, 'audio 8', `audio 8,${event}`, '101/8000 -> told', '-> events 101/8000'],
    [e, s, 'audio 8', `audio 8,${event}`, '101/8000 -> tones PCMA', 'tones -> events 101/8000'],
    [
      e,
      undefined,
      `audio 8,${passed}`,
      `audio 8,${passed}`,
      '101/8000 -> events 101/8000',
      '101/8000 -> events 101/8000',
    ],
    [i, e, `audio 8,${event}`, 'audio 8', '-> events 101/8000', '101/8000 -> told'],
    [i, i, 'audio 8', 'audio 8', '-', '-'],
    [i, d, 'audio 8', 'audio 8', '-', '-'],
    [i, s, 'audio 8', 'audio 8', '-> tones PCMA', 'tones -> told'],
    [i, undefined, `audio 8,${event}`, 'audio 8', '-> events 101/8000', '101/8000 -> told'],
    [d, e, `audio 8,${event}`, 'audio 8', '-> events 101/8000', '101/8000 -> told'],
    [d, i, 'audio 8', 'audio 8', '-', '-'],
    [d, d, 'audio 8', 'audio 8', '-', '-'],
    [d, s, 'audio 8', 'audio 8', '-> tones PCMA', 'tones -> told'],
    [d, undefined, `audio 8,${event}`, 'audio 8', '-> events 101/8000', '101/8000 -> told'],
    [s, e, `audio 8,${event}`, 'audio 8', 'tones -> events 101/8000', '101/8000 -> tones PCMA'],
    [s, i, 'audio 8', 'audio 8', 'tones -> told', '-> tones PCMA'],
    [s, d, 'audio 8', 'audio 8', 'tones -> told', '-> tones PCMA'],
    [s, s, 'audio 8', 'audio 8', '-> tones PCMA', '-> tones PCMA'],
    [s, undefined, `audio 8,${event}`, 'audio 8', 'tones -> events 101/8000', '101/8000 -> tones PCMA'],
    [
      undefined,
      e,
      `audio 8,${passed}`,
      `audio 8,${passed}`,
      '101/8000 -> events 101/8000',
      '101/8000 -> events 101/8000',
    ],
    [undefined, i, 'audio 8', `audio 8,${event}`, '101/8000 -> told', '-> events 101/8000'],
    [undefined, d, 'audio 8', `audio 8,${event}`, '101/8000 -> told', '-> events 101/8000'],
    [undefined, s, 'audio 8', `audio 8,${event}`, '101/8000 -> tones PCMA', 'tones -> events 101/8000'],
    [undefined, undefined, `audio 8,${passed}`, `audio 8,${passed}`, '-', '-'],
  ])('%s to %s', (from, to, offered, shown, fromA, fromB) => {
    const asked = from === undefined ? withEvents : usual(from, 'rtp-event');
    // A callee answers what it was offered, as all do.
    const answered = offered.includes('telephone-event') ? withEvents : without;
    const { media: _, ...told } = call(from, to, asked, answered);
    expect(told).toEqual({ offered, shown, fromA, fromB });
  });
});

test('a caller without events is not shown those that the callee has; its tones are heard then', () => {
  expect(call(undefined, 'rtp-event', without, withEvents)).toMatchObject({
    offered: `audio 8,${event}`,
    shown: 'audio 8',
    fromA: 'tones -> events 101/8000',
    fromB: '101/8000 -> tones PCMA',
  });
});

test('a callee that refuses events gets tones, and its own are heard', () => {
  expect(call('info', 'rtp-event', without, without)).toMatchObject({ fromA: '-> tones PCMA', fromB: 'tones -> told' });
  expect(call('rtp-event', 'rtp-event', withEvents, without)).toMatchObject({
    shown: `audio 8,${event}`,
    fromA: '101/8000 -> tones PCMA',
    fromB: 'tones -> events 101/8000',
  });
});

test('a list of codecs without telephone-event does not keep it from a trunk that wants keys so', () => {
  const media = bridge({}, { dtmf: 'rtp-event', codecs: { allow: ['PCMA'] } });
  expect(seen(offer(media, 'a', streams(['audio 0,8,96=telephone-event/8000'])))).toEqual([
    'audio 8,96=telephone-event/8000',
  ]);
});

test('every clock rate of the audio has its events (RFC 4733 2.1)', () => {
  const media = bridge({}, { dtmf: 'rtp-event' });
  const told = seen(offer(media, 'a', streams(['audio 111=opus/48000/2,8,101=telephone-event/8000'])));
  expect(told).toEqual(['audio 111=opus/48000/2,8,101=telephone-event/8000,102=telephone-event/48000 fmtp:102 0-16']);
  const shown = seen(answer(media, streams(['audio 111=opus/48000/2,102=telephone-event/48000'], '192.0.2.2')));
  // The caller has said no others, and speaks them with whatever it says.
  expect(shown).toEqual(['audio 111=opus/48000/2,101=telephone-event/8000 fmtp:101 0-16']);
  expect(sideOf(media, 'a')).toMatchObject({
    digits: { events: { 101: 8000 }, as: 'events', eventTypes: { 48000: 102 } },
    clockRates: { 111: 48_000 },
  });
});

test('each side has its own payload type, that of its answer included', () => {
  const media = bridge({ dtmf: 'rtp-event' }, { dtmf: 'rtp-event' });
  offer(media, 'a', streams(['audio 8,96=telephone-event/8000']));
  answer(media, streams(['audio 8,100=telephone-event/8000'], '192.0.2.2'));
  expect(sideOf(media, 'a').digits).toMatchObject({ events: { 96: 8000 }, eventTypes: { 8000: 100 } });
  expect(sideOf(media, 'b').digits).toMatchObject({ events: { 96: 8000, 100: 8000 }, eventTypes: { 8000: 96 } });
});

test('a payload type that is in use is not given to events', () => {
  const media = bridge({}, { dtmf: 'rtp-event' });
  expect(seen(offer(media, 'a', streams(['audio 101=opus/48000/2,8'])))).toEqual([
    'audio 101=opus/48000/2,8,102=telephone-event/48000,103=telephone-event/8000 fmtp:102 0-16 fmtp:103 0-16',
  ]);
});

test('a later exchange changes what becomes of keys, and payload types stay', () => {
  const { media } = call('info', 'rtp-event', without, withEvents);
  expect(seen(offer(media, 'b', streams(['audio 0'])))).toEqual(['audio 0']);
  expect(seen(answer(media, streams(['audio 0'])))).toEqual(['audio 0']);
  expect(short(sideOf(media, 'a').digits)).toBe('-> tones PCMU');
  expect(seen(offer(media, 'a', streams(['audio 8'])))).toEqual([`audio 8,${event}`]);
});

test('a side that nothing is said of, and that takes no events, gets keys as they come', () => {
  expect(call('info', undefined, without, without)).toMatchObject({
    offered: `audio 8,${event}`,
    fromA: '-',
    fromB: 'tones -> told',
  });
  expect(call('inband', undefined, without, without)).toMatchObject({ fromA: '-', fromB: '-> tones PCMA' });
  expect(call('rtp-event', undefined, withEvents, without)).toMatchObject({ fromA: '101/8000 -> tones PCMA' });
  const media = bridge({ dtmf: 'info' }, { codecs: { allow: ['PCMA'] } });
  expect(seen(offer(media, 'a', streams([without])))).toEqual(['audio 8']);
});

test('another attempt, by a trunk of another kind', () => {
  const media = bridge({}, { dtmf: 'rtp-event' });
  offer(media, 'a', streams([without]));
  media.forget('b');
  attach(media, 'b', { dtmf: 'info' });
  expect(seen(offer(media, 'a', streams([withEvents])))).toEqual(['audio 8']);
  expect(seen(answer(media, streams([without], '192.0.2.2')))).toEqual([`audio 8,${event}`]);
});

test('video and a refused stream have none', () => {
  const media = bridge({}, { dtmf: 'rtp-event' });
  expect(seen(offer(media, 'a', streams([without, 'video 99=H264/90000'])))).toEqual([
    `audio 8,${event}`,
    'video 99=H264/90000',
  ]);
  answer(media, streams(['audio:0 8', 'video 99=H264/90000'], '192.0.2.2'));
  expect(sideOf(media, 'a')).not.toHaveProperty('digits');
  expect(sideOf(media, 'a', 1)).not.toHaveProperty('digits');
});

test('an offer of our own has events where its trunk wants them', () => {
  const own = (dtmf: Dtmf, other: Dtmf) => {
    const media = bridge(face(other), face(dtmf));
    expect(media.ownOffer('b')).toBeUndefined();
    allocate(media);
    const told = media.translateOffer();
    return 'body' in told ? seen(told.body)[0]! : told.fault;
  };
  expect(own('rtp-event', 'info')).toContain('telephone-event/8000');
  expect(own(undefined, 'info')).toContain('telephone-event/8000');
  expect(own('info', undefined)).toBe('audio 8=PCMA/8000,0=PCMU/8000');
  expect(own('inband', 'rtp-event')).toBe('audio 8=PCMA/8000,0=PCMU/8000');
});
