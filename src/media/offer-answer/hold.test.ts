import { describe, expect, test } from 'vitest';
import type { Direction } from '#codec/sdp';
import {
  answerFor,
  directionFrom,
  type HoldWords,
  meaningOf,
  permitted,
  receives,
  type Said,
  sends,
  told,
  wishOf,
} from './hold.ts';

const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const dialects: readonly (HoldWords | undefined)[] = [undefined, 'sendonly', 'inactive', 'zero-address'];
const everySaid: readonly Said[] = [false, true].flatMap((nowhere) =>
  directions.map((direction) => ({ direction, nowhere })),
);

/** "sendonly", "0.0.0.0" (with sendrecv), "0.0.0.0 sendonly". */
function word({ direction, nowhere }: Said): string {
  return nowhere ? (direction === 'sendrecv' ? '0.0.0.0' : `0.0.0.0 ${direction}`) : direction;
}
function said(text: string): Said {
  const nowhere = text.startsWith('0.0.0.0');
  return { nowhere, direction: ((nowhere ? text.slice(8) : text) || 'sendrecv') as Direction };
}

describe('the table of hold: what a side is told, by its own state and its words', () => {
  // One row for what its other side said; columns: the side's own wish where that matters, and its words.
  test.each([
    ['sendrecv', ['sendrecv'], ['sendrecv'], ['sendrecv']],
    ['sendonly', ['sendonly'], ['inactive'], ['0.0.0.0']],
    ['recvonly', ['recvonly'], ['sendrecv', 'inactive', 'sendrecv', 'inactive'], ['sendrecv']],
    ['inactive', ['sendonly'], ['inactive'], ['0.0.0.0']],
    ['0.0.0.0', ['sendonly'], ['inactive'], ['0.0.0.0']],
    ['0.0.0.0 sendonly', ['sendonly'], ['inactive'], ['0.0.0.0']],
    ['0.0.0.0 recvonly', ['sendonly'], ['inactive'], ['0.0.0.0']],
    ['0.0.0.0 inactive', ['sendonly'], ['inactive'], ['0.0.0.0']],
  ])('%s', (text, sendonly, inactive, zero) => {
    for (const [i, local] of directions.entries()) {
      const one = (words: HoldWords | undefined) => word(told(said(text), local, words));
      const of = (cells: readonly string[]) => cells[i] ?? cells[0];
      expect([one('sendonly'), one('inactive'), one('zero-address'), one(undefined)], local).toEqual([
        of(sendonly),
        of(inactive),
        of(zero),
        text,
      ]);
    }
  });

  test('what an answerer may say (RFC 3264 6.1)', () => {
    const table = directions.map((offered) => directions.map((wish) => permitted(wish, offered)));
    expect(table).toEqual([
      ['sendrecv', 'sendonly', 'recvonly', 'inactive'],
      ['recvonly', 'inactive', 'recvonly', 'inactive'],
      ['sendonly', 'sendonly', 'inactive', 'inactive'],
      ['inactive', 'inactive', 'inactive', 'inactive'],
    ]);
  });

  test('what 0.0.0.0 means', () => {
    expect(everySaid.map(meaningOf)).toEqual([...directions, 'sendonly', 'sendonly', 'inactive', 'inactive']);
  });
});

const plain = (direction: Direction): Said => ({ direction, nowhere: false });

/** Every combination of what one side said, what the other wishes, and the words that each knows. */
function* moments() {
  for (const offer of everySaid)
    for (const local of directions)
      for (const words of dialects) for (const back of dialects) yield { offer, local, words, back };
}

/** A side that answers rightly, by its own wish. */
const answers = (to: Said, wish: Direction): Said => ({ direction: permitted(wish, meaningOf(to)), nowhere: false });

function exchange({
  offer,
  local,
  words,
  back,
}: {
  offer: Said;
  local: Direction;
  words: HoldWords | undefined;
  back: HoldWords | undefined;
}) {
  const asked = told(offer, local, words);
  const wish = wishOf(answers(asked, local), asked, local);
  return { asked, wish, answer: answerFor(offer, answers(asked, local), wish, back) };
}

describe('laws', () => {
  test('whatever words a side needs, its other side gets the answer that it would get without', () => {
    for (const moment of moments()) {
      const direct = answerFor(moment.offer, plain(moment.local), moment.local, moment.back);
      expect(exchange(moment).answer, JSON.stringify(moment)).toEqual(direct);
    }
  });

  test('a wish outlives whatever a side is told', () => {
    for (const moment of moments()) expect(exchange(moment).wish, JSON.stringify(moment)).toBe(moment.local);
  });

  test('nobody is asked to send to who does not hear, unless its words know no other hold of its own', () => {
    for (const { offer, local, words } of moments()) {
      if (words === undefined) continue;
      expect(receives(meaningOf(told(offer, local, words))), JSON.stringify({ offer, local, words })).toBe(
        // Both hold: told so in one word.
        receives(meaningOf(offer)) && !(words === 'inactive' && meaningOf(offer) === 'recvonly' && !receives(local)),
      );
    }
  });

  test('who takes a call back is told so, in any words and whatever the state', () => {
    for (const words of dialects)
      for (const local of directions) expect(told(said('sendrecv'), local, words)).toEqual(said('sendrecv'));
  });

  test('what is told is in words that the side knows: told again it stays', () => {
    for (const { offer, local, words } of moments()) {
      const once = told(offer, local, words);
      expect(told(once, local, words)).toEqual(once);
    }
  });

  test('an answer is one that the offer permits', () => {
    for (const { offer, back } of moments()) {
      for (const wish of directions) {
        for (const nowhere of [false, true]) {
          const { direction } = answerFor(offer, { direction: wish, nowhere }, wish, back);
          expect(permitted(direction, offer.direction)).toBe(direction);
        }
      }
    }
  });

  test('both hold at once: nothing flows, and whoever comes back first is still held by the other', () => {
    for (const words of dialects) {
      for (const back of dialects) {
        const first = exchange({ offer: said('sendonly'), local: 'sendrecv', words, back });
        expect(first.wish).toBe('sendrecv');
        // The held side holds as well, in its own words, to a side that holds.
        const offer = told(said('sendonly'), 'sendonly', words);
        const second = exchange({ offer, local: 'sendonly', words: back, back: words });
        expect([receives(meaningOf(offer)), receives(meaningOf(second.answer))]).toEqual([false, false]);
        // The first comes back: the other says that it holds, which is no more than before.
        const third = exchange({ offer: said('sendrecv'), local: 'sendonly', words, back });
        expect(receives(meaningOf(third.answer))).toBe(false);
      }
    }
  });

  test('a direction is what it says of both ways', () => {
    for (const direction of directions) expect(directionFrom(sends(direction), receives(direction))).toBe(direction);
  });
});

test.each([
  // offer, told, answer to that, wish before -> what the offerer sees; words of the answerer.
  ['sendonly', 'inactive', 'inactive', 'sendrecv', 'recvonly'],
  ['sendonly', 'inactive', 'inactive', 'sendonly', 'inactive'],
  ['inactive', 'inactive', 'inactive', 'sendrecv', 'inactive'],
  ['0.0.0.0', 'inactive', 'inactive', 'sendrecv', 'sendrecv'],
  ['sendonly', 'sendonly', 'sendrecv', 'sendrecv', 'recvonly'],
  ['sendonly', 'zero-address', 'sendrecv', 'sendrecv', 'recvonly'],
  ['sendonly', 'zero-address', 'inactive', 'sendrecv', 'inactive'],
  ['recvonly', 'inactive', 'sendrecv', 'sendrecv', 'sendonly'],
  ['sendrecv', 'inactive', 'inactive', 'sendrecv', 'inactive'],
])('offer %s, words %s, answered %s by one that wishes %s: %s', (offer, words, answer, local, seen) => {
  const asked = told(said(offer), local as Direction, words as HoldWords);
  const wish = wishOf(said(answer), asked, local as Direction);
  expect(word(answerFor(said(offer), said(answer), wish, undefined))).toBe(seen);
});

test('an answer is told in the words of the offerer', () => {
  const seen = (wish: Direction, words: HoldWords | undefined, offer = 'sendrecv') =>
    word(answerFor(said(offer), plain(wish), wish, words));
  expect(dialects.map((words) => seen('sendonly', words))).toEqual(['sendonly', 'sendonly', 'inactive', '0.0.0.0']);
  expect(dialects.map((words) => seen('inactive', words))).toEqual(['inactive', 'sendonly', 'inactive', '0.0.0.0']);
  expect(dialects.map((words) => seen('recvonly', words))).toEqual(['recvonly', 'recvonly', 'sendrecv', 'sendrecv']);
  // It said a direction itself.
  expect(dialects.map((words) => seen('sendrecv', words, 'sendonly'))).toEqual(Array(4).fill('recvonly'));
  // Held by the address of nowhere in the answer (RFC 4317 5.3).
  const nowhere = (text: string, words?: HoldWords) =>
    word(answerFor(said('sendrecv'), said(text), meaningOf(said(text)), words));
  expect([nowhere('0.0.0.0'), nowhere('0.0.0.0 sendonly')]).toEqual(['0.0.0.0', '0.0.0.0 sendonly']);
  expect([nowhere('0.0.0.0', 'inactive'), nowhere('0.0.0.0', 'sendonly')]).toEqual(['inactive', 'sendonly']);
});
