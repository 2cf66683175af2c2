import type { LiveDialog } from '#codec/presence';
import type { Instant, Octets } from '#kernel';
import { Lookout } from './lookout.ts';
import type { LookoutDesk, UserState } from './people.ts';

/** Subscriptions of ours at other nodes (docs/limits.md). */
const most = 20_000;

/** What other nodes see of users who are watched here: their calls pass the nodes of their devices, and those where a mobile trunk ends. */
export class Lookouts {
  readonly #desk: LookoutDesk;
  /** "event user" -> by node. */
  readonly #of = new Map<string, Map<string, Lookout>>();
  #count = 0;

  constructor(desk: LookoutDesk) {
    this.#desk = desk;
  }

  /** Somebody watches him by a package: each node that may know of him is asked, and no other any more. */
  want(user: string, event: Octets, now: Instant): void {
    const nodes = this.#desk.people.nodesOf(user, now);
    const key = keyOf(user, event);
    const known = this.#of.get(key) ?? new Map<string, Lookout>();
    for (const [node, lookout] of known) if (!nodes.includes(node)) this.#end(known, lookout, now);
    for (const node of nodes) {
      if (known.has(node) || this.#count >= most) continue;
      this.#count++;
      known.set(node, new Lookout(this.#desk, node, user, event, now));
    }
    if (known.size > 0) this.#of.set(key, known);
    else this.#of.delete(key);
  }

  /** Nobody does any more. */
  leave(user: string, event: Octets, now: Instant): void {
    const known = this.#of.get(keyOf(user, event));
    if (!known) return;
    for (const lookout of [...known.values()]) this.#end(known, lookout, now);
    this.#of.delete(keyOf(user, event));
  }

  #end(known: Map<string, Lookout>, lookout: Lookout, now: Instant): void {
    known.delete(lookout.node);
    this.#count--;
    lookout.over(now);
  }

  /** A node lives again, or no more. */
  turned(node: string, now: Instant): void {
    for (const known of [...this.#of.values()]) known.get(node)?.turned(now);
  }

  /** Some node has been asked, and has not said anything yet. */
  awaits(user: string, event: Octets): boolean {
    return [...(this.#of.get(keyOf(user, event))?.values() ?? [])].some(({ isSettled }) => !isSettled);
  }

  /** What is to be seen here, and from there. */
  widened(state: UserState, user: string, event: Octets): UserState {
    const known = this.#of.get(keyOf(user, event));
    if (!known) return state;
    let { isThere, talks } = state;
    const dialogs = new Map<string, LiveDialog>(state.dialogs);
    for (const { state: far } of known.values()) {
      isThere ||= far.isThere;
      talks ||= far.talks;
      for (const [id, one] of far.dialogs) dialogs.set(id, one);
    }
    return { isThere, talks, dialogs };
  }

  inspect(): readonly Record<string, unknown>[] {
    return [...this.#of.values()].flatMap((known) => [...known.values()].map((one) => one.inspect()));
  }
}

function keyOf(user: string, event: Octets): string {
  return `${event} ${user}`;
}
