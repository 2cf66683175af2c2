import { expect, test } from 'vitest';
import { pcma } from '#codec/g711';
import { payloadTypeOf, sequenceOf, timestampOf } from '#codec/rtp';
import { digitPackets } from './digits.ts';
import { amplitudeOf, LevelMeter } from './level.ts';
import { ToneListener, ToneSender } from './rtp.ts';
import { ToneSource } from './tone.ts';

const sender = () =>
  new ToneSender(pcma, new ToneSource(1020), { ssrc: 1, sequence: 65_530, timestamp: 2 ** 32 - 500 });

test('a digit as RFC 4733 2.5 has it: its duration grows, its end comes three times', () => {
  expect(digitPackets('#')!.map((payload) => [...payload])).toEqual([
    [11, 10, 0, 160],
    [11, 10, 1, 64],
    [11, 10, 1, 224],
    [11, 10, 2, 128],
    [11, 10, 3, 32],
    [11, 0x8a, 3, 32],
    [11, 0x8a, 3, 32],
    [11, 0x8a, 3, 32],
  ]);
});

test.each(['', 'x', '12', ' '])('%j is no digit', (text) => {
  expect(digitPackets(text)).toBeUndefined();
});

test('digits keep the timestamp of their beginning and the marker on it; the tone goes on after them', () => {
  const from = sender();
  from.next();
  from.dial('1', 101);
  expect(from.dialling).toBe(240);
  const packets = Array.from({ length: 13 }, () => from.next());
  const digits = packets.slice(0, 8);
  expect(digits.map(payloadTypeOf)).toEqual(new Array(8).fill(101));
  expect(new Set(digits.map(timestampOf)).size).toBe(1);
  expect(digits.map((packet) => packet[1]! >> 7)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  expect(packets.map(sequenceOf)).toEqual([65_531, 65_532, 65_533, 65_534, 65_535, 0, 1, 2, 3, 4, 5, 6, 7]);
  const next = packets[8]!;
  expect([payloadTypeOf(next), next[1]! >> 7]).toEqual([8, 1]);
  expect((timestampOf(next) - timestampOf(digits[0]!)) | 0).toBe(8 * 160);
});

test('what is dialled is heard, the same digit twice as two, and none counts as lost', () => {
  const from = sender();
  const to = new ToneListener(pcma, 1020, 101);
  from.dial('1234*#AD00', 101);
  for (let n = 0; n < 200; n++) to.add(from.next(), n * 20);
  expect(to.digits!.heard).toBe('1234*#AD00');
  expect(to).toMatchObject({ strange: 0, tone: { heard: true }, reception: { lost: 0, packets: 200 } });
});

test('without digits in the session they are strange', () => {
  const from = sender();
  const to = new ToneListener(pcma, 1020);
  from.dial('1', 101);
  for (let n = 0; n < 12; n++) to.add(from.next(), n * 20);
  expect(to.strange).toBe(8);
});

test.each([3, -10, -30])('a tone of %i dBm0 is measured as such', (level) => {
  const source = new ToneSource(1020, amplitudeOf(level));
  const meter = new LevelMeter();
  for (let n = 0; n < 8000; n++) meter.add(pcma.linear[pcma.code(source.next())]!);
  expect(meter.level).toBeCloseTo(level, 0);
  expect(meter.soundMs).toBe(1000);
});

test('silence has no level', () => {
  const meter = new LevelMeter();
  for (let n = 0; n < 8000; n++) meter.add(pcma.linear[pcma.code(0)]!);
  expect(meter).toMatchObject({ level: undefined, soundMs: 0 });
});
