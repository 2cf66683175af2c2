import type { CallRecord } from '#engine/ports';
import type { Agenda } from './agenda.ts';
import type { Dice } from './dice.ts';
import type { Mix } from './mix.ts';

/** The records' disk: durable after a while, acknowledged a little later; a crash loses what is under way, or only its acknowledgement. */
export class RecordNode {
  readonly durable = new Map<string, CallRecord>();
  readonly #agenda: Agenda;
  readonly #dice: Dice;
  readonly #slow: boolean;
  /** Raised with every death of the signalling process, whose thread this is. */
  #life = 0;

  constructor(agenda: Agenda, dice: Dice, mix: Mix) {
    this.#agenda = agenda;
    this.#dice = dice;
    this.#slow = mix.faults.has('slow-store');
  }

  write(record: CallRecord, onDurable: (call: string) => void): void {
    const life = this.#life;
    const delay = this.#slow ? this.#dice.between(50, 8_000) : this.#dice.between(1, 30);
    this.#agenda.in(delay, () => {
      if (life !== this.#life && this.#dice.chance(0.5)) return;
      this.durable.set(record.call, record);
      this.#agenda.in(1, () => life === this.#life && onDurable(record.call));
    });
  }

  died(): void {
    this.#life++;
  }
}
