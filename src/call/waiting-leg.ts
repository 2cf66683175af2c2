import type { SipResponse } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { CallLeg, LegOwner } from './call-leg.ts';
import { MediaBridge } from './media-bridge.ts';
import { freshSession, type SideSession } from './media-state.ts';
import type { AnsweredCall } from './turn.ts';

/**
 * What the turns of a leg need that waits alone in a call: nobody is at the other end, and its media is what it was told in
 * the call that it comes from, where its session has ended. So its refreshes are answered, and ours go out.
 */
export class WaitingLeg implements AnsweredCall {
  readonly media: MediaBridge | undefined;
  readonly isForHelp = false;
  readonly #call: AnsweredCall & LegOwner;

  constructor(call: AnsweredCall & LegOwner, session: SideSession | undefined) {
    this.#call = call;
    if (session) {
      const state = { streams: [], a: { ...session, layout: [] }, b: freshSession('0') };
      this.media = new MediaBridge(call.id, state, call.services.random);
    }
  }

  /** What it was told last. */
  get session(): SideSession | undefined {
    return this.media?.state.a;
  }

  get id(): string {
    return this.#call.id;
  }

  get services(): AnsweredCall['services'] {
    return this.#call.services;
  }

  otherLeg(): undefined {}
  orderMedia(): void {}
  anchor(): void {}

  mediaMoved(): boolean {
    return false;
  }

  checkpoint(): void {
    this.#call.checkpoint();
  }

  decide(rule: string, outcome: string): void {
    this.#call.decide(rule, outcome);
  }

  dialogLost(leg: CallLeg, response: SipResponse, now: Instant): void {
    this.#call.dialogLost(leg, response, now);
  }

  unanswered(leg: CallLeg, reason: string, now: Instant): void {
    this.#call.unanswered(leg, reason, now);
  }

  terminate(reason: Parameters<AnsweredCall['terminate']>[0], now: Instant): void {
    this.#call.terminate(reason, now);
  }
}
