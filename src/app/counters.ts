import { type DropReason, dropReasons } from '#engine/ports';

/** What the signalling process counts, since it began. */
export class Counters {
  received = 0;
  sent = 0;
  undeliverable = 0;
  refusedConnections = 0;
  recordsLost = 0;
  readonly drops: Record<DropReason, number>;

  constructor() {
    this.drops = Object.fromEntries(Object.keys(dropReasons).map((reason) => [reason, 0])) as Record<
      DropReason,
      number
    >;
  }
}
