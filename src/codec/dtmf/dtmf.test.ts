import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  digitBodyOf,
  eventOf,
  eventOfTones,
  keyOf,
  readDigit,
  TwoWays,
  toneFrequencies,
  tonesOf,
  writeDigit,
} from './index.ts';

const keys = '0123456789*#ABCD!';

test('keys by event codes (RFC 4733 3.2) and by tones (ITU-T Q.23)', () => {
  expect([...keys].map(eventOf)).toEqual(Array.from({ length: 17 }, (_, n) => n));
  expect([...'abcd'].map(eventOf)).toEqual([12, 13, 14, 15]);
  for (const none of ['', 'E', '12', ' ']) expect(eventOf(none)).toBeUndefined();
  expect(keyOf(17)).toBeUndefined();
  expect(tonesOf(eventOf('5')!)).toEqual([770, 1336]);
  expect(tonesOf(eventOf('D')!)).toEqual([941, 1633]);
  expect(tonesOf(eventOf('!')!)).toBeUndefined();
  for (let event = 0; event < 16; event++) {
    const [low, high] = tonesOf(event)!;
    expect(eventOfTones(toneFrequencies.indexOf(low), toneFrequencies.indexOf(high) - 4)).toBe(event);
  }
});

describe('INFO that tells a key', () => {
  test.each([
    ['application/dtmf-relay', 'application/dtmf-relay'],
    ['Application/DTMF-Relay; charset=utf-8', 'application/dtmf-relay'],
    ['application/dtmf', 'application/dtmf'],
    ['application/dtmf-info', undefined],
    ['text/plain', undefined],
    [undefined, undefined],
  ])('%s', (type, kind) => expect(digitBodyOf(type)).toBe(kind));

  test.each([
    ['Signal=5\r\nDuration=160\r\n', '5', 160],
    ['Signal= 5\nDuration= 160', '5', 160],
    ['signal=*', '*', 250],
    ['Signal=#\r\nDuration=0', '#', 250],
    ['Signal=a\r\nDuration=x', 'A', 250],
    ['Signal=10\r\nDuration=100', '*', 100],
    ['Signal=11', '#', 250],
    ['Signal=16', '!', 250],
    ['Duration=100\r\nSignal=1', '1', 100],
    ['Signal=1\r\nDuration=99999', '1', 5000],
  ])('application/dtmf-relay %j', (body, key, ms) => {
    expect(readDigit('application/dtmf-relay', body)).toEqual({ key, ms });
  });

  test.each(['', 'Signal=', 'Signal=E', 'Signal=17', 'Signal=55', '5', 'Duration=100', `${'x'.repeat(300)}\nSignal=5`])(
    'none in application/dtmf-relay %j',
    (body) => expect(readDigit('application/dtmf-relay', body)).toBeUndefined(),
  );

  test.each([
    ['5', '5'],
    [' #\r\n', '#'],
    ['11', '#'],
    ['55', undefined],
    ['', undefined],
  ])('application/dtmf %j', (body, key) => expect(readDigit('application/dtmf', body)?.key).toBe(key));

  test('what is written is read, whatever comes is borne', () => {
    const key = fc.constantFrom(...keys);
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 5000 }), (one, ms) => {
        expect(readDigit('application/dtmf-relay', writeDigit('application/dtmf-relay', { key: one, ms }))).toEqual({
          key: one,
          ms,
        });
        expect(readDigit('application/dtmf', writeDigit('application/dtmf', { key: one, ms }))?.key).toBe(one);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (body) => void readDigit('application/dtmf-relay', body)));
  });
});

describe('a key that a peer tells by two ways', () => {
  /** "m5@0 s5@100": by media or signalling, the key, when. */
  const news = (told: string) => {
    const ways = new TwoWays();
    return told
      .split(' ')
      .filter((text) => {
        const [, way, key, at] = /^([ms])(.)@(\d+)$/.exec(text)!;
        return !ways.repeats(key!, way === 'm' ? 'media' : 'signalling', Number(at) - 100, Number(at));
      })
      .join(' ');
  };

  test.each([
    ['m5@0 s5@100', 'm5@0'],
    ['s5@0 m5@100', 's5@0'],
    ['m5@0 m5@200', 'm5@0 m5@200'],
    ['m5@0 s5@50 m5@300 s5@350', 'm5@0 m5@300'],
    ['m5@0 m5@200 s5@300 s5@500', 'm5@0 m5@200'],
    ['m5@0 s6@100', 'm5@0 s6@100'],
    ['m5@0 s5@2000', 'm5@0 s5@2000'],
  ])('%s: %s', (told, expected) => expect(news(told)).toBe(expected));
});
