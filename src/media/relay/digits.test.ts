import { beforeEach, describe, expect, test } from 'vitest';
import { eventOf, writeEvent } from '#codec/dtmf';
import { pcma } from '#codec/g711';
import type { DigitsPlan, MediaNotification, StreamSidePlan } from '#codec/media-control';
import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '#codec/rtp';
import { readSdesKey, SrtpReceiver, SrtpSender } from '#codec/srtp';
import { DualTone } from '#media/dtmf';
import { Listener, murmur, type Pressing } from '../../../test/support/digit-listener.ts';
import { Bench, ciphers, peerA, peerB, plan, side, stream } from '../../../test/support/relay-bench.ts';

let bench: Bench;
let listener: Listener;
let told: string[];
let ports: { a: number; b: number };
/** A's stream. */
let sequence: number;
let timestamp: number;
let ssrc: number;

function begin(
  digits: DigitsPlan,
  { a = {}, b = {} }: { a?: Partial<StreamSidePlan>; b?: Partial<StreamSidePlan> } = {},
  ears = new Listener(),
) {
  bench = new Bench();
  listener = ears;
  told = [];
  sequence = 65_500;
  timestamp = 4_294_960_000;
  ssrc = 7;
  const { a: one, b: two } = bench.applyOne(
    plan([stream({ a: side('internal', peerA, { digits, ...a }), b: side('external', peerB, b) })]),
  );
  ports = { a: one.port, b: two.port };
}

function collect(from: number): void {
  for (const { path, data } of bench.io.sent.slice(from)) if (path.endsWith(`> ${peerB}`)) listener.add(data);
  for (const notice of bench.notices.splice(0)) told.push(noticed(notice));
}

function noticed(notice: MediaNotification): string {
  return notice.kind === 'pressed' ? `${notice.from} ${notice.key} ${notice.ms}` : notice.kind;
}

function rtp(type: number, at: number, payload: Uint8Array, marker = false, number = sequence): Uint8Array {
  const packet = new Uint8Array(12 + payload.length);
  const view = new DataView(packet.buffer);
  packet[0] = 0x80;
  packet[1] = type | (marker ? 0x80 : 0);
  view.setUint16(2, number & 0xffff);
  view.setUint32(4, at >>> 0);
  view.setUint32(8, ssrc);
  packet.set(payload, 12);
  return packet;
}

function send(packet: Uint8Array): void {
  const before = bench.io.sent.length;
  bench.receive(peerA, `10.0.0.1:${ports.a}`, packet);
  collect(before);
}

function sendNext(packet: Uint8Array): void {
  send(packet);
  sequence = (sequence + 1) & 0xffff;
}

function pass(ms: number): void {
  const before = bench.io.sent.length;
  bench.pass(ms);
  collect(before);
}

/** So many packets of 20 ms in which something is said. */
function speak(packets: number, sound = () => murmur): void {
  for (let n = 0; n < packets; n++) {
    sendNext(rtp(8, timestamp, sound()));
    timestamp += 160;
    pass(20);
  }
}

function sing(key: string, packets: number): void {
  const tone = new DualTone(eventOf(key)!);
  speak(packets, () => {
    const payload = new Uint8Array(160);
    tone.write(payload, 0, 160, pcma);
    return payload;
  });
}

/** A key as RFC 4733 has it. */
function press(key: string, { packets = 5, type = 101, step = 160, ends = 3, lose = [] }: Pressing = {}): void {
  const start = timestamp;
  for (let n = 1; n <= packets + ends - 1; n++) {
    const payload = new Uint8Array(4);
    writeEvent(payload, 0, eventOf(key)!, n >= packets && ends > 0, Math.min(n, packets) * step);
    if (!lose.includes(n)) send(rtp(type, start, payload, n === 1));
    sequence = (sequence + 1) & 0xffff;
    // The last ends are sent right away.
    if (n <= packets) {
      timestamp += 160;
      pass(20);
    }
  }
}

function asked(key: string, ms = 100): boolean {
  const answer = bench.ask({ kind: 'press', session: 's', from: 'a', key, ms });
  return answer.kind === 'press' && answer.taken;
}

function finish(): void {
  pass(500);
  listener.end();
}

const events = { events: { 101: 8000 } };
const eventsToEvents: DigitsPlan = { ...events, as: 'events', eventTypes: { 8000: 101 } };

describe('as events', () => {
  test('events pass as they are, under the other side’s payload type', () => {
    begin(
      { ...events, as: 'events', eventTypes: { 8000: 96 } },
      { a: { payloadTypes: { 101: 96 } } },
      new Listener(96),
    );
    speak(3);
    press('5');
    speak(2);
    press('5');
    speak(3);
    finish();
    expect(listener.keys).toEqual(['event 5 100', 'event 5 100']);
    expect(listener.types).toBe('8… 96… 8… 96… 8…');
    expect(listener.packets).toHaveLength(22);
    expect(listener.gaps).toEqual([]);
  });

  test('a source that is replaced by another whose timestamps are before: its keys are not taken for late ones', () => {
    begin({ ...events, as: 'told' });
    press('5');
    ssrc = 8;
    timestamp -= 90_000;
    press('6');
    finish();
    expect(told).toEqual(['a 5 100', 'a 6 100']);
  });

  test('of another clock rate: their durations are told anew, the stream keeps its time', () => {
    begin({ events: { 110: 48_000 }, as: 'events', eventTypes: { 8000: 101 } });
    speak(3);
    press('7', { type: 110, step: 960 });
    speak(3);
    finish();
    expect(listener.keys).toEqual(['event 7 100']);
    expect(listener.gaps).toEqual([]);
    const made = listener.packets.filter((packet) => payloadTypeOf(packet) === 101);
    expect(made.map((packet) => (packet[14]! << 8) | packet[15]!)).toEqual([160, 320, 480, 640, 800, 800, 800]);
    expect(new Set(made.map(timestampOf)).size).toBe(1);
    expect(made.map((packet) => packet[1]! >> 7)).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(made.map((packet) => packet[13]! >> 7)).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });

  test('to a faster clock, a long one goes on in segments (RFC 4733 2.5.1.3)', () => {
    begin(
      { ...events, as: 'events', eventTypes: { 48000: 110 } },
      { a: { clockRates: { 111: 48_000 } } },
      new Listener(110, 48_000),
    );
    // Opus says the clock of the stream.
    const said = () => {
      sendNext(rtp(111, timestamp, new Uint8Array(40)));
      timestamp += 960;
      pass(20);
    };
    for (let n = 0; n < 3; n++) said();
    const start = timestamp;
    for (let n = 1; n <= 100; n++) {
      const payload = new Uint8Array(4);
      writeEvent(payload, 0, 9, n === 100, n * 160);
      sendNext(rtp(101, start, payload, n === 1));
      timestamp += 960;
      pass(20);
    }
    for (let n = 0; n < 3; n++) said();
    finish();
    expect(listener.keys).toEqual(['event 9 2000']);
    expect(listener.gaps).toEqual([]);
    expect(new Set(listener.packets.filter((packet) => payloadTypeOf(packet) === 110).map(timestampOf)).size).toBe(2);
  });

  test('tones: events take their place packet by packet, and no tone goes on', () => {
    begin({ tones: true, as: 'events', eventTypes: { 8000: 101 } });
    speak(5);
    sing('4', 5);
    speak(5);
    sing('4', 5);
    speak(10);
    finish();
    expect(listener.keys.map((one) => one.slice(0, 7))).toEqual(['event 4', 'event 4']);
    for (const one of listener.keys) expect(Number(one.slice(8))).toBeGreaterThanOrEqual(60);
    expect(listener.packets).toHaveLength(30);
    expect(listener.gaps).toEqual([]);
    expect(new Set(listener.packets.map(ssrcOf))).toEqual(new Set([7]));
  });

  test('keys of signalling take the place of what is said', () => {
    begin({ as: 'events', eventTypes: { 8000: 101 } });
    speak(3);
    expect(asked('1', 100)).toBe(true);
    expect(asked('1', 200)).toBe(true);
    expect(asked('#', 10)).toBe(true);
    speak(60);
    finish();
    expect(listener.keys).toEqual(['event 1 100', 'event 1 200', 'event # 60']);
    expect(listener.packets).toHaveLength(63);
    expect(listener.gaps).toEqual([]);
  });

  test('where nothing is said they are put in, and what comes after has its numbers moved', () => {
    begin({ as: 'events', eventTypes: { 8000: 101 } });
    speak(3);
    pass(500);
    timestamp += 500 * 8;
    asked('8', 100);
    pass(300);
    timestamp += 300 * 8;
    expect(listener.packets.length).toBeGreaterThan(6);
    speak(5);
    finish();
    expect(listener.keys).toEqual(['event 8 100']);
    expect(listener.gaps).toEqual([]);
    // Its time is that of the stream.
    const [event] = listener.packets.filter((packet) => payloadTypeOf(packet) === 101);
    const expected = (timestamp - 5 * 160 - 300 * 8) | 0;
    expect(Math.abs((timestampOf(event!) - expected) | 0)).toBeLessThanOrEqual(2 * 160);
  });

  test('before the peer has sent anything, from a source of our own', () => {
    begin({ as: 'events', eventTypes: { 8000: 101 } });
    asked('2', 80);
    pass(400);
    expect(listener.keys).toEqual(['event 2 80']);
    expect(listener.gaps).toEqual([]);
    expect(listener.packets.map(ssrcOf)).not.toContain(7);
    speak(2);
    expect(listener.packets.slice(-2).map((packet) => [ssrcOf(packet), sequenceOf(packet)])).toEqual([
      [7, 65_500],
      [7, 65_501],
    ]);
  });

  test('a peer that begins to speak while a key of our own source is on its way: the key is ended first', () => {
    begin({ as: 'events', eventTypes: { 8000: 101 } });
    asked('2', 400);
    pass(100);
    speak(3);
    finish();
    expect(listener.keys.map((one) => one.slice(0, 7))).toEqual(['event 2']);
    expect(listener.types).toBe('101… 8…');
  });
});

test('a plan that hears no tones any more ends the key that is heard', () => {
  begin({ tones: true, as: 'events', eventTypes: { 8000: 101 } });
  sing('4', 5);
  bench.applyOne(
    plan([stream({ a: side('internal', peerA, { digits: eventsToEvents }), b: side('external', peerB) })]),
  );
  speak(10);
  finish();
  expect(listener.keys.map((one) => one.slice(0, 7))).toEqual(['event 4']);
  expect(listener.types.endsWith('8…')).toBe(true);
});

test('a key of signalling waits until the one that passes is over', () => {
  begin(eventsToEvents);
  speak(2);
  const start = timestamp;
  for (let n = 1; n <= 10; n++) {
    const payload = new Uint8Array(4);
    writeEvent(payload, 0, 5, n === 10, n * 160);
    sendNext(rtp(101, start, payload, n === 1));
    timestamp += 160;
    if (n === 2) asked('6', 100);
    pass(20);
  }
  speak(20);
  finish();
  expect(listener.keys).toEqual(['event 5 200', 'event 6 100']);
  expect(listener.gaps).toEqual([]);
});

describe('as tones', () => {
  const toTones: DigitsPlan = { ...events, as: 'tones', law: 'PCMA' };

  test('events are sung for as long as they last', () => {
    begin(toTones);
    speak(5);
    press('3', { packets: 10 });
    speak(5);
    press('3', { packets: 5 });
    speak(5);
    finish();
    expect(listener.keys).toEqual(['tone 3 200', 'tone 3 100']);
    expect(listener.types).toBe('8…');
    expect(listener.gaps).toEqual([]);
    // 20 ms of sound each, in a row.
    const times = listener.packets.map(timestampOf);
    expect(times.slice(1).map((time, n) => (time - times[n]!) | 0)).toEqual(new Array(times.length - 1).fill(160));
  });

  test('packets that were lost are made up for', () => {
    begin(toTones);
    speak(3);
    press('6', { packets: 8, lose: [3, 4] });
    speak(3);
    finish();
    expect(listener.keys).toEqual(['tone 6 150']);
  });

  test('a key too short to be heard is sung for 60 ms', () => {
    begin(toTones);
    speak(3);
    press('6', { packets: 1 });
    speak(6);
    finish();
    expect(listener.keys).toEqual(['tone 6 50']);
    expect(listener.gaps).toEqual([]);
  });

  test('keys of signalling, while something is said and while nothing is', () => {
    begin({ as: 'tones', law: 'PCMA' });
    expect(asked('9', 100)).toBe(true);
    pass(400);
    speak(5);
    expect(asked('0', 100)).toBe(true);
    speak(20);
    expect(asked('*', 100)).toBe(true);
    pass(400);
    finish();
    expect(listener.keys).toEqual(['tone 9 100', 'tone 0 100', 'tone * 100']);
  });

  test('not without G.711', () => {
    begin({ as: 'tones' });
    expect(asked('9')).toBe(false);
    begin({ ...events, as: 'tones', law: 'PCMA' }, { a: { clockRates: { 111: 48_000 } } });
    send(rtp(111, timestamp, new Uint8Array(40)));
    sequence++;
    press('5');
    expect(listener.types).toBe('111');
  });

  test('nor the hook flash', () => {
    begin(toTones);
    speak(2);
    press('!');
    speak(2);
    finish();
    expect(listener.keys).toEqual([]);
    expect(listener.gaps).toEqual([]);
  });
});

test('tones pass as they are where tones are wanted', () => {
  begin({ as: 'tones', law: 'PCMA' });
  speak(3);
  sing('7', 10);
  speak(3);
  finish();
  expect(listener.keys).toEqual(['tone 7 200']);
  expect(listener.packets.map((packet) => packet.length)).toEqual(new Array(16).fill(172));
});

describe('told to signalling', () => {
  const toTold: DigitsPlan = { ...events, tones: true, as: 'told' };

  test('events, which do not go on; numbers close up, times stay', () => {
    begin(toTold);
    speak(3);
    press('5');
    press('!', { packets: 2 });
    speak(3);
    finish();
    expect(told).toEqual(['a 5 100', 'a ! 40']);
    expect(listener.types).toBe('8…');
    expect(listener.packets).toHaveLength(6);
    expect(listener.gaps).toEqual([]);
  });

  test('tones, which go on as silence', () => {
    begin(toTold);
    speak(5);
    sing('D', 10);
    speak(5);
    finish();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^a D (1[89]\d|2[012]\d)$/);
    expect(listener.keys).toEqual([]);
    expect(listener.packets).toHaveLength(20);
  });

  test('a tone after which the peer sends nothing any more', () => {
    begin(toTold);
    sing('D', 5);
    finish();
    expect(told).toEqual([expect.stringMatching(/^a D /)]);
  });

  test.each([
    ['its end was lost', 0, 80],
    ['two of its ends were lost', 1, 100],
  ])('an event of which %s', (_, ends, ms) => {
    begin(toTold);
    speak(3);
    press('5', { ends });
    speak(20);
    finish();
    expect(told).toEqual([`a 5 ${ms}`]);
    expect(listener.gaps).toEqual([]);
    expect(listener.packets.length).toBeGreaterThanOrEqual(17);
  });

  test('an event without an end, when nothing follows', () => {
    begin(toTold);
    press('5', { ends: 0 });
    expect(told).toEqual([]);
    finish();
    expect(told).toEqual(['a 5 80']);
  });
});

describe('told twice by the peer, made once', () => {
  beforeEach(() => begin(eventsToEvents));

  test('an event, then INFO', () => {
    speak(3);
    for (let n = 0; n < 2; n++) {
      press('5');
      expect(asked('5')).toBe(true);
      speak(20);
    }
    finish();
    expect(listener.keys).toEqual(['event 5 100', 'event 5 100']);
  });

  test('INFO, then an event', () => {
    speak(3);
    asked('5');
    speak(2);
    press('5');
    speak(20);
    finish();
    expect(listener.keys).toEqual(['event 5 100']);
    expect(listener.gaps).toEqual([]);
  });

  test('the tone of an event beside it does not go on', () => {
    speak(3);
    const tone = new DualTone(5);
    const start = timestamp;
    for (let n = 1; n <= 5; n++) {
      const payload = new Uint8Array(4);
      writeEvent(payload, 0, 5, n === 5, n * 160);
      sendNext(rtp(101, start, payload, n === 1));
      const sound = new Uint8Array(160);
      tone.write(sound, 0, 160, pcma);
      if (n < 5) sendNext(rtp(8, timestamp, sound));
      timestamp += 160;
      pass(20);
    }
    speak(5);
    finish();
    expect(listener.keys).toEqual(['event 5 100']);
    expect(listener.gaps).toEqual([]);
  });

  test('the same key twice by INFO is two', () => {
    speak(3);
    for (let n = 0; n < 2; n++) asked('5');
    speak(40);
    finish();
    expect(listener.keys).toEqual(['event 5 100', 'event 5 100']);
  });
});

test('not more than 32 keys wait', () => {
  begin({ as: 'events', eventTypes: { 8000: 101 } });
  const taken = Array.from({ length: 40 }, () => asked('1'));
  expect(taken.filter(Boolean)).toHaveLength(32);
  expect(bench.ask({ kind: 'press', session: 'nobody', from: 'a', key: '1', ms: 100 })).toMatchObject({
    kind: 'failed',
  });
  expect(bench.ask({ kind: 'press', session: 's', from: 'b', key: '1', ms: 100 })).toMatchObject({ taken: false });
});

describe('numbers', () => {
  test('a packet that is late or comes again after something went in its stead is let fall', () => {
    begin({ ...events, as: 'told' });
    speak(2);
    const late = rtp(8, timestamp, murmur);
    sequence = (sequence + 1) & 0xffff;
    timestamp += 160;
    press('5', { packets: 2 });
    send(late);
    const again = rtp(8, timestamp, murmur);
    speak(1);
    send(again);
    finish();
    // Of what was late a gap stays; what comes again is as it was.
    expect(listener.packets.map(sequenceOf)).toEqual([65_500, 65_501, 65_503, 65_503]);
  });

  test('a late packet before anything was changed goes on', () => {
    begin(eventsToEvents);
    const [first, second] = [rtp(8, timestamp, murmur, false, 10), rtp(8, timestamp + 160, murmur, false, 11)];
    send(second);
    send(first);
    expect(listener.packets.map(sequenceOf)).toEqual([11, 10]);
  });

  test('under SRTP every number is sealed once', () => {
    const key = { suite: 'AES_CM_128_HMAC_SHA1_80', inline: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd' };
    begin({ tones: true, ...events, as: 'told' }, { b: { srtp: { send: key, receive: key } } });
    speak(5);
    press('5');
    sing('6', 6);
    speak(5);
    // What went on as silence comes again as the tone that it was.
    const before = listener.packets.length;
    sequence -= 8;
    timestamp -= 8 * 160;
    sing('6', 3);
    expect(listener.packets).toHaveLength(before);
    const receiver = new SrtpReceiver(ciphers, readSdesKey(key)!);
    const opened = new Uint8Array(2048);
    for (const packet of listener.packets) {
      expect(receiver.openRtp(packet, packet.length, opened)).toBeGreaterThan(0);
      receiver.accept();
    }
    expect(listener.gaps).toEqual([]);
    expect(told).toHaveLength(2);
  });

  test('with SRTP on both sides a key of ours does not touch what comes meanwhile', () => {
    const key = { suite: 'AES_CM_128_HMAC_SHA1_80', inline: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd' };
    const srtp = { send: key, receive: key };
    begin({ as: 'events', eventTypes: { 8000: 101 } }, { a: { srtp }, b: { srtp } });
    const master = readSdesKey(key)!;
    const sender = new SrtpSender(ciphers, master);
    const speakSealed = (packets: number) => {
      for (let n = 0; n < packets; n++) {
        const plain = rtp(8, timestamp, murmur);
        const sealed = new Uint8Array(256);
        send(sealed.slice(0, sender.sealRtp(plain, plain.length, sealed)));
        sequence = (sequence + 1) & 0xffff;
        timestamp += 160;
        pass(20);
      }
    };
    asked('2', 400);
    pass(100);
    speakSealed(3);
    asked('3', 100);
    speakSealed(20);
    const receiver = new SrtpReceiver(ciphers, master);
    const opened = new Uint8Array(2048);
    const ears = new Listener();
    for (const packet of listener.packets) {
      const length = receiver.openRtp(packet, packet.length, opened);
      expect(length).toBeGreaterThan(0);
      receiver.accept();
      ears.add(opened.slice(0, length));
    }
    expect(ears.keys.map((one) => one.slice(0, 7))).toEqual(['event 2', 'event 3']);
    const said = ears.packets.filter((packet) => payloadTypeOf(packet) === 8);
    expect(said.length).toBeGreaterThan(10);
    for (const packet of said) expect(packet.slice(12)).toEqual(murmur);
  });

  test('a stream that moves to other ports keeps them', () => {
    begin({ ...events, as: 'told' });
    speak(3);
    press('5');
    speak(1);
    const { a } = bench.applyOne(
      plan([
        stream({
          a: side('internal', peerA, { digits: { ...events, as: 'told' } }),
          b: side('internal', '10.0.0.30:4000', { revision: 2 }),
        }),
      ]),
    );
    const [sent] = bench.receive(peerA, `10.0.0.1:${a.port}`, rtp(8, timestamp, murmur));
    expect(sequenceOf(sent!.data)).toBe((sequenceOf(listener.packets.at(-1)!) + 1) & 0xffff);
  });
});
