import { expect, test } from 'vitest';
import { pcma, pcmu } from '#codec/g711';
import { sequenceOf, ssrcOf, timestampOf } from '#codec/rtp';
import { ToneListener, ToneSender } from './rtp.ts';
import { ToneSource } from './tone.ts';

const sender = (law = pcma, frequency = 620) =>
  new ToneSender(law, new ToneSource(frequency), { ssrc: 7, sequence: 0xfffe, timestamp: 0xffffff00 });

test('packets of 20 ms, numbered over the end of the range', () => {
  const source = sender();
  const packets = [source.next(), source.next(), source.next()];
  expect(packets.map((packet) => packet.length)).toEqual([172, 172, 172]);
  expect(packets.map(sequenceOf)).toEqual([0xfffe, 0xffff, 0]);
  expect(packets.map((packet) => timestampOf(packet) >>> 0)).toEqual([0xffffff00, 0xffffffa0, 0x40]);
  expect(packets.map(ssrcOf)).toEqual([7, 7, 7]);
  expect(packets.map((packet) => packet[1])).toEqual([8 | 0x80, 8, 8]);
  source.skip(10);
  const after = source.next();
  expect([sequenceOf(after), timestampOf(after) >>> 0, after[1]]).toEqual([1, 0x40 + 11 * 160, 8 | 0x80]);
});

test.each([pcmu, pcma])('what is sent by $name is heard, without loss or jitter', (law) => {
  const source = sender(law);
  const listener = new ToneListener(law, 620);
  for (let n = 0; n < 100; n++) listener.add(source.next(), 20 * n);
  expect(listener.tone).toMatchObject({ heard: true, heardMs: 2000 });
  expect(listener.reception).toMatchObject({ packets: 100, lost: 0, jitterMs: 0 });
});

test('what does not come is lost, and what comes unevenly has jitter', () => {
  const source = sender();
  const listener = new ToneListener(pcma, 620);
  for (let n = 0; n < 100; n++) {
    const packet = source.next();
    if (n % 10 !== 9) listener.add(packet, 20 * n + (n % 2) * 4);
  }
  expect(listener.reception).toMatchObject({ packets: 90, lost: 9 });
  expect(listener.reception.jitterMs).toBeGreaterThan(2);
  expect(listener.reception.jitterMs).toBeLessThan(4);
});

test('another law and no RTP at all are strange, and not heard', () => {
  const source = sender(pcmu);
  const listener = new ToneListener(pcma, 620);
  for (let n = 0; n < 100; n++) listener.add(source.next(), 20 * n);
  listener.add(new Uint8Array(3), 0);
  expect(listener).toMatchObject({ strange: 101, tone: { heardMs: 0 } });
});
