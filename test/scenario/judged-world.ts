import type { Input } from '#engine/ports';
import { OfferAnswerTruth } from '../../src/sim/checks/offer-answer.ts';
import { readSent } from './phone.ts';
import { type Seen, World } from './world.ts';

/** A world in which each message of ours has to be the offer or answer that is due in its dialog. */
export class JudgedWorld extends World {
  readonly #truth = new OfferAnswerTruth();
  readonly #judged = new WeakSet<Seen>();

  override give(input: Input): void {
    // While the world is being made.
    if (!(#truth in this)) return super.give(input);
    this.judge();
    if (input.kind === 'received') this.#truth.received(readSent(input.octets), this.elapsed);
    super.give(input);
    this.judge();
  }

  /** What has left since the last look. */
  judge(): void {
    for (const seen of this.seen) {
      if (seen.kind !== 'send' || this.#judged.has(seen)) continue;
      this.#judged.add(seen);
      const offence = this.#truth.sent(readSent(seen.octets), this.elapsed);
      if (offence !== undefined) throw new Error(`${offence}\n${seen.octets}`);
    }
  }
}
