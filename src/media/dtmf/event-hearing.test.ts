import { describe, expect, test } from 'vitest';
import { writeEvent } from '#codec/dtmf';
import { EventHearing } from './event-hearing.ts';

/** "5@1000+160", "5@1000+800!": event, timestamp, duration, end. */
function heard(packets: string, { end = false } = {}): string[] {
  const told: string[] = [];
  const hearing = new EventHearing({
    began: (event) => void told.push(`${event} begins`),
    ended: (event, duration) => void told.push(`${event} ends ${duration}`),
  });
  for (const [n, text] of packets.split(' ').entries()) {
    const [, event, timestamp, duration, isEnd] = /^(\d+)@(\d+)\+(\d+)(!?)$/.exec(text)!;
    const payload = new Uint8Array(4);
    writeEvent(payload, 0, Number(event), isEnd === '!', Number(duration));
    hearing.add(payload, 0, 4, Number(timestamp) | 0, n * 20);
  }
  if (end) hearing.end();
  return told;
}

describe('an event is told once (RFC 4733 2.5)', () => {
  test.each([
    ['with all its packets', '5@1000+160 5@1000+320 5@1000+320! 5@1000+320! 5@1000+320!', ['5 begins', '5 ends 320']],
    ['of which the end alone came', '5@1000+800!', ['5 begins', '5 ends 800']],
    ['whose beginning was lost', '5@1000+480 5@1000+800!', ['5 begins', '5 ends 800']],
    ['a packet that comes late', '5@1000+320 5@1000+160 5@1000+480!', ['5 begins', '5 ends 480']],
    ['that goes on after its end was told', '5@1000+320! 5@1000+480', ['5 begins', '5 ends 320']],
    [
      'whose end was lost, as the next tells',
      '5@1000+160 5@1000+320 6@3000+160 6@3000+320!',
      ['5 begins', '5 ends 320', '6 begins', '6 ends 320'],
    ],
    [
      'whose end was lost, and it is pressed again',
      '5@1000+160 5@1000+320 5@3000+160 5@3000+160!',
      ['5 begins', '5 ends 320', '5 begins', '5 ends 160'],
    ],
    [
      'the end of the one before comes after the next has begun',
      '5@1000+320! 6@3000+160 5@1000+320! 6@3000+320!',
      ['5 begins', '5 ends 320', '6 begins', '6 ends 320'],
    ],
    [
      'another under the same timestamp',
      '5@1000+160! 6@1000+160!',
      ['5 begins', '5 ends 160', '6 begins', '6 ends 160'],
    ],
    [
      'across the wrap of timestamps',
      '1@4294967200+160 1@4294967200+320 2@100+160!',
      ['1 begins', '1 ends 320', '2 begins', '2 ends 160'],
    ],
  ])('%s', (_, packets, expected) => expect(heard(packets)).toEqual(expected));
});

describe('a long event (RFC 4733 2.5.1.3)', () => {
  test('in segments: each begins where the one before was full', () => {
    expect(heard('5@0+65000 5@0+65535 5@65535+160 5@65535+480!')).toEqual(['5 begins', `5 ends ${65_535 + 480}`]);
  });

  test('in segments of which the full one was lost', () => {
    expect(heard('5@0+65000 5@65535+160 5@65535+480!')).toEqual(['5 begins', `5 ends ${65_535 + 480}`]);
  });

  test('whose duration begins anew under one timestamp', () => {
    expect(heard('5@0+65000 5@0+65500 5@0+100 5@0+420!')).toEqual(['5 begins', `5 ends ${65_536 + 420}`]);
  });

  test('pressed again right after is another one', () => {
    expect(heard('5@0+800! 5@900+160 5@900+160!')).toEqual(['5 begins', '5 ends 800', '5 begins', '5 ends 160']);
  });
});

test('another source has timestamps of its own (RFC 3550 5.1): those before the last of the one before are not late', () => {
  const told: string[] = [];
  const hearing = new EventHearing({
    began: (event) => void told.push(`${event} begins`),
    ended: (event, duration) => void told.push(`${event} ends ${duration}`),
  });
  const payload = new Uint8Array(4);
  const add = (event: number, timestamp: number, isEnd: boolean) => {
    writeEvent(payload, 0, event, isEnd, 160);
    hearing.add(payload, 0, 4, timestamp, 0);
  };
  add(1, 90_000, false);
  hearing.newSource();
  add(2, 100, true);
  add(3, 50, true); // of this source it is late
  expect(told).toEqual(['1 begins', '1 ends 160', '2 begins', '2 ends 160']);
});

test('what never ended is ended by who waits no longer', () => {
  expect(heard('9@0+160 9@0+320', { end: true })).toEqual(['9 begins', '9 ends 320']);
});

test('a payload that is too short tells nothing', () => {
  const told: number[] = [];
  const hearing = new EventHearing({ began: (event) => void told.push(event), ended: () => {} });
  hearing.add(new Uint8Array(3), 0, 3, 0, 0);
  expect(told).toEqual([]);
});
