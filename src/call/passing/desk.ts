import type { Instant, Octets } from '#kernel';
import type { CallServices } from '../services.ts';
import type { WatchAnswer, Watcher } from '../watching/watcher.ts';
import type { Pace } from './pace.ts';
import type { Publications } from './publications.ts';
import type { Seats } from './seats.ts';

/** What requests and subscriptions that pass have in common: the engine's services, and their limits. */
export interface PassingDesk {
  readonly services: CallServices;
  readonly pace: Pace;
  readonly seats: Seats;
  readonly publications: Publications;
  readonly watching: {
    tells(event: Octets | undefined): boolean;
    asked(watcher: Watcher, user: string, now: Instant): WatchAnswer;
  };
  /** A subscription stands, or does no more. */
  began(subscription: { readonly id: string }): void;
  ended(subscription: { readonly id: string }): void;
  /** What became of a request: counted, and told in the log. `status`: what its sender was answered. */
  told(what: Told): void;
}

export interface Told {
  readonly method: string;
  readonly from: string;
  /** The trunk that answered; absent when none did. */
  readonly to?: string;
  readonly status: number;
  /** What was tried, and why not. */
  readonly trace: readonly string[];
}
