import type { Random } from '#kernel';

/** A registration granted for less cannot be kept up without a flood of REGISTERs. */
export const leastExpires = 10_000;
/** However long it was granted for, it is refreshed once a day. */
const longestRefresh = 86_400_000;
/** What is left of it at the refresh, where it is long enough: an unanswered REGISTER, another server, and some more. */
const margin = 60_000;
/** RFC 5626 4.5, for a refusal: nobody can hope that it passes soon, and some lock accounts that keep asking. */
const refusalDoublings = 3;

/** Any of from..to ms. */
export function within(random: Random, from: number, to: number): number {
  const span = Math.floor(to - from);
  return Math.floor(from) + (span > 0 ? random.integer(Math.min(span + 1, 2 ** 32)) : 0);
}

/**
 * Ms from the answer to the refresh: anywhere between half and nine tenths of what was granted, so that trunks that started
 * together drift apart, and a minute before the end where that leaves room.
 */
export function refreshAfter(granted: number, random: Random): number {
  const held = Math.min(granted, longestRefresh);
  const latest = held - margin >= held * 0.6 ? Math.min(held * 0.9, held - margin) : held * 0.9;
  return within(random, held / 2, latest);
}

interface Retry {
  readonly base: number;
  readonly most: number;
}

/** RFC 5626 4.5: half to all of base * 2^failures, `most` at most. `failures` counts from 1. */
export function backOff(retry: Retry, failures: number, random: Random): number {
  const upper = Math.max(1_000, Math.min(retry.most, retry.base * 2 ** Math.min(failures, 30)));
  return within(random, upper / 2, upper);
}

/** The same after a registrar's refusal: eight times as long, `most` at most. */
export function backOffRefused(retry: Retry, refusals: number, random: Random): number {
  return backOff(retry, refusals + refusalDoublings, random);
}

/**
 * When each of many registrations is to start, so that all together send `perSecond` first REGISTERs a second: ms after the
 * first, for the one at this place (0, 1, …).
 */
export function startAfter(place: number, perSecond: number, random: Random): number {
  const slot = 1_000 / perSecond;
  return within(random, place * slot, place * slot + slot - 1);
}
