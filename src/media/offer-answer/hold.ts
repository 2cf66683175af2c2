import type { Direction } from '#codec/sdp';

/** What a description says of who sends: its direction, and whether it listens at the address of nowhere (c=0.0.0.0). */
export interface Said {
  readonly direction: Direction;
  readonly nowhere: boolean;
}

/**
 * The words in which a side wants to hear that it is held: the direction `sendonly` (RFC 3264 8.4), `inactive` and nothing
 * else, or the address of nowhere (RFC 2543).
 */
export type HoldWords = 'sendonly' | 'inactive' | 'zero-address';

export const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'recvonly';

export function directionFrom(send: boolean, receive: boolean): Direction {
  return send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive';
}

/** What it comes to: who listens nowhere receives nothing (RFC 3264 8.4). */
export function meaningOf({ direction, nowhere }: Said): Direction {
  return directionFrom(sends(direction), !nowhere && receives(direction));
}

/** What an answerer with this wish may say to an offered direction (RFC 3264 6.1): nobody sends whom the other does not hear. */
export function permitted(wish: Direction, offered: Direction): Direction {
  return directionFrom(sends(wish) && receives(offered), receives(wish) && sends(offered));
}

/**
 * What a side is told that its other side said, in the words that it knows; unless it has words of its own, what was said.
 * `local` is what the side itself wishes. A wish to receive alone, where it has no word, is told as no hold at all: what the
 * side then sends is wanted, and nothing comes; but who holds already hears that both do.
 */
export function told(said: Said, local: Direction, words: HoldWords | undefined): Said {
  if (words === undefined) return said;
  switch (meaningOf(said)) {
    case 'sendrecv':
      return plainly('sendrecv');
    case 'recvonly':
      if (words === 'sendonly') return plainly('recvonly');
      return plainly(words === 'inactive' && !receives(local) ? 'inactive' : 'sendrecv');
    case 'sendonly':
    case 'inactive':
      return words === 'zero-address' ? { direction: 'sendrecv', nowhere: true } : plainly(words);
  }
}

const plainly = (direction: Direction): Said => ({ direction, nowhere: false });

/**
 * The wish of a side that answered what it was told. Where that left it no choice, the answer says nothing of its wish, and
 * what it was before (`local`) stands.
 */
export function wishOf(answer: Said, asked: Said, local: Direction): Direction {
  const question = meaningOf(asked);
  const meaning = meaningOf(answer);
  return directionFrom(
    receives(question) ? sends(meaning) : sends(local),
    sends(question) ? receives(meaning) : receives(local),
  );
}

/**
 * The answer that an offerer is to see: the answerer's wish within what the offer permits, in the offerer's words; without
 * such, the address of nowhere where the answer has it. An offerer that said a direction itself knows the answers to it.
 */
export function answerFor(offer: Said, answer: Said, wish: Direction, words: HoldWords | undefined): Said {
  if (words === undefined && answer.nowhere)
    return { direction: permitted(answer.direction, offer.direction), nowhere: true };
  const direction = permitted(wish, offer.direction);
  if (words === undefined || offer.direction !== 'sendrecv') return plainly(direction);
  return told(plainly(direction), 'sendrecv', words);
}
