import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameDecoder, type MediaRequest } from './index.ts';

const close = (id: number, session: string): MediaRequest => ({ id, kind: 'close', session });

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(frames.reduce((length, frame) => length + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    all.set(frame, at);
    at += frame.length;
  }
  return all;
}

describe('frames', () => {
  test('a length of four octets, then UTF-8', () => {
    const frame = encodeFrame({ id: 7, kind: 'close', session: 'é' });
    const body = new TextEncoder().encode('{"id":7,"kind":"close","session":"é"}');
    expect([...frame.subarray(0, 4)]).toEqual([0, 0, 0, body.length]);
    expect(frame.subarray(4)).toEqual(body);
  });

  test('come out whole and in order, however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 8 }),
        fc.array(fc.nat(60), { maxLength: 30 }),
        (names, cuts) => {
          const sent = names.map((name, id) => close(id, name));
          const stream = joined(sent.map(encodeFrame));
          const decoder = new FrameDecoder();
          const got: unknown[] = [];
          let at = 0;
          for (const cut of [...cuts, stream.length]) {
            const end = Math.min(stream.length, at + cut);
            expect(decoder.push(stream.subarray(at, end), (message) => got.push(message))).toBeUndefined();
            at = end;
          }
          expect(got).toEqual(sent);
        },
      ),
    );
  });

  test('a long body is cut from many chunks', () => {
    const sent = close(1, 'x'.repeat(300_000));
    const stream = encodeFrame(sent);
    const got: unknown[] = [];
    const decoder = new FrameDecoder();
    for (let at = 0; at < stream.length; at += 1000) decoder.push(stream.subarray(at, at + 1000), (m) => got.push(m));
    expect(got).toEqual([sent]);
  });

  test('over the limit: a fault before the body is kept, and for good', () => {
    const decoder = new FrameDecoder(10);
    const never = () => expect.unreachable();
    expect(decoder.push(Uint8Array.of(0, 0, 0, 11), never)).toBe('too-long');
    expect(decoder.push(encodeFrame(close(1, '')), never)).toBe('too-long');
  });

  test('what is not JSON is a fault, after the messages before it', () => {
    const got: unknown[] = [];
    const stream = joined([encodeFrame(close(1, 'a')), Uint8Array.of(0, 0, 0, 1, 0x7b)]);
    expect(new FrameDecoder().push(stream, (message) => got.push(message))).toBe('not-json');
    expect(got).toHaveLength(1);
  });

  test('any octets: never a throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const decoder = new FrameDecoder(100);
        for (const chunk of chunks) decoder.push(chunk, () => {});
      }),
    );
  });
});
