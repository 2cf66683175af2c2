import type { Effect, Flow, Input } from '#engine/ports';
import { detach, type Octets } from '#kernel';

/** A message of a call. */
export interface CallMessage {
  readonly call: string;
  readonly sent: boolean;
  readonly flow: Flow;
  readonly octets: Octets;
}

export interface CallMessagesOptions {
  /** The Call-ID of a message. */
  readonly callIdOf: (octets: Octets) => Octets | undefined;
  readonly onMessage: (message: CallMessage) => void;
  /** Call-IDs that are remembered; of those beyond it the one that was silent for longest goes. */
  readonly most?: number;
}

/** Two or three of a call, for as many calls as can stand. */
const usualMost = 300_000;

/**
 * Knows of which call each message is: a turn of the engine that had to do with one call alone tells whose Call-IDs came and went in it. Messages of no
 * call (registrations, OPTIONS) have none.
 */
export class CallMessages {
  readonly #options: CallMessagesOptions;
  readonly #most: number;
  readonly #calls = new Map<Octets, string>();

  constructor(options: CallMessagesOptions) {
    this.#options = options;
    this.#most = options.most ?? usualMost;
  }

  /** A turn is over. `call`: the one that it had to do with; undefined: none, or several. */
  turn(input: Input, effects: readonly Effect[], call: string | undefined): void {
    if (input.kind === 'received') this.#message(false, input.flow, input.octets, call);
    for (const effect of effects) if (effect.kind === 'send') this.#message(true, effect.flow, effect.octets, call);
  }

  #message(sent: boolean, flow: Flow, octets: Octets, by: string | undefined): void {
    const { callIdOf, onMessage } = this.#options;
    const callId = callIdOf(octets);
    if (callId === undefined) return;
    const known = this.#calls.get(callId);
    const call = known ?? by;
    if (call === undefined) return;
    // The order of the map is that of the last word.
    if (known !== undefined) this.#calls.delete(callId);
    this.#calls.set(known === undefined ? detach(callId) : callId, call);
    if (this.#calls.size > this.#most) this.#calls.delete(this.#calls.keys().next().value!);
    onMessage({ call, sent, flow, octets });
  }
}
