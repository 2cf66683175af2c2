import type { WireAddress } from '#codec/pcapng';
import { KeyMask } from './key-mask.ts';
import type { SessionCapture } from './session-capture.ts';

/** What is copied of one peer of one stream. */
export class SideCapture {
  readonly session: SessionCapture;
  /** By direction; undefined: keys are in the copy. */
  readonly #came: KeyMask | undefined;
  readonly #went: KeyMask | undefined;

  constructor(session: SessionCapture) {
    this.session = session;
    if (session.plan.keys) return;
    this.#came = new KeyMask();
    this.#went = new KeyMask();
  }

  /** Payload types of telephone-event with the peer. */
  apply(events: readonly number[]): void {
    this.#came?.apply(events);
    this.#went?.apply(events);
  }

  /** In clear, as the peer sent it. */
  came(from: WireAddress, to: WireAddress, packet: Uint8Array, length: number): void {
    this.session.add(from, to, packet, length, this.#came);
  }

  /** In clear, as the peer is sent it. */
  went(from: WireAddress, to: WireAddress, packet: Uint8Array, length: number): void {
    this.session.add(from, to, packet, length, this.#went);
  }

  /** What is no RTP: a fax. */
  other(from: WireAddress, to: WireAddress, packet: Uint8Array, length: number): void {
    this.session.add(from, to, packet, length, undefined);
  }
}
