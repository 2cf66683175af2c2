import type { Call, CallHandle, MediaOrder, MediaWaiter } from '#call';
import type { MediaNotification, MediaRequest, MediaResponse } from '#codec/media-control';
import type { Instant } from '#kernel';
import { captureLost, captureOver } from './captures.ts';
import { MediaLedger } from './media-ledger.ts';

/** Whose calls they are. */
interface MediaDeskUser {
  readonly calls: ReadonlyMap<string, Call>;
  /** Runs a call's machine under guard. */
  within(call: CallHandle | undefined, now: Instant, act: () => void): void;
  send(request: MediaRequest): void;
}

/** What the media process is asked and tells, and the call that each is of. */
export class MediaDesk {
  readonly #user: MediaDeskUser;
  readonly #ledger: MediaLedger;

  constructor(user: MediaDeskUser) {
    this.#user = user;
    this.#ledger = new MediaLedger((request) => user.send(request));
  }

  /** Requests whose answers somebody waits for. */
  get size(): number {
    return this.#ledger.size;
  }

  order(order: MediaOrder, waiter: MediaWaiter | undefined): number {
    return this.#ledger.order(order, waiter);
  }

  hear(message: MediaResponse | MediaNotification, now: Instant): void {
    const { calls } = this.#user;
    switch (message.kind) {
      case 'hello':
        // Which sessions does it have? It may be another process than the one we spoke to before.
        this.order({ kind: 'list' }, undefined);
        return;
      case 'silent':
      case 'heard': {
        const call = calls.get(message.session);
        if (call) this.#user.within(call, now, () => call.mediaNoticed(message, now));
        return;
      }
      case 'pressed': {
        const call = calls.get(message.session);
        if (call) this.#user.within(call, now, () => call.pressed(message, now));
        return;
      }
      case 'captured': {
        const call = calls.get(message.session);
        if (call) this.#user.within(call, now, () => captureOver(call, message, now));
        return;
      }
      case 'list':
        return this.#listed(message.id, new Set(message.sessions), now);
      default: {
        const waiter = this.#ledger.settle(message.id);
        if (waiter) return this.#user.within(waiter.call, now, () => waiter.onMedia(message, now));
        if (message.kind === 'applied' && !calls.has(message.session)) this.#close(message.session);
      }
    }
  }

  /** All sessions that the process has: what it does not have is lost, what nobody knows is closed. */
  #listed(id: number, sessions: ReadonlySet<string>, now: Instant): void {
    const { calls, within } = this.#user;
    for (const call of [...calls.values()]) {
      if (call.mediaOrder >= id) continue;
      within(call, now, () => {
        if (sessions.has(call.id)) return call.mediaThere();
        captureLost(call, now);
        call.mediaGone(now);
      });
    }
    for (const waiter of this.#ledger.unansweredBefore(id))
      within(waiter.call, now, () => waiter.onMediaUnanswered(now));
    // Nobody's, or of an ended call that waits for its record only.
    for (const session of sessions) if (!calls.get(session)?.media) this.#close(session);
  }

  #close(session: string): void {
    this.order({ kind: 'close', session }, undefined);
  }
}
