import type { Effect, Input } from '#engine/ports';
import { assert, type Instant, type Machine } from '#kernel';

/** Carries effects out. Each may bring new inputs at once: they wait for the end of the turn. */
export interface Hands {
  /** Keeps what the turn's `checkpoint` and `forget` said; before any other effect of it. */
  keep(changes: readonly KeptChange[]): void;
  act(effect: ActedEffect): void;
}
export type KeptChange = Extract<Effect, { kind: 'checkpoint' | 'forget' }>;
export type ActedEffect = Exclude<Effect, KeptChange>;

interface Wakeable {
  set(deadline: number | undefined): void;
}

export interface TurnsOptions {
  readonly machine: Machine<Input, Effect>;
  readonly hands: Hands;
  readonly alarm: Wakeable;
  readonly now: () => Instant;
  /** Inputs that may wait, which they do only while effects are carried out; more of `received` are let fall. */
  readonly limit?: number;
  readonly onOverload?: () => void;
}

/**
 * The signalling process's heart: one input, its effects, the next input. Nothing re-enters the machine, and what a call needs to outlive the
 * process is kept before anybody else hears of it.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #limit: number;
  #inbox: Input[] = [];
  /** No turn may begin: one is under way, or we have not started. */
  #busy = true;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#limit = options.limit ?? 10_000;
  }

  /** Carries out what taking up kept calls asks for, then what came meanwhile. */
  start(effects: readonly Effect[]): void {
    this.#carryOut(effects);
    this.#drain();
  }

  post(input: Input): void {
    if (!this.#busy) {
      this.#busy = true;
      this.#turn(input);
      if (this.#inbox.length > 0) this.#drain();
      else this.#rest();
      return;
    }
    if (this.#inbox.length >= this.#limit && input.kind === 'received') this.#options.onOverload?.();
    else this.#inbox.push(input);
  }

  #drain(): void {
    while (this.#inbox.length > 0) {
      const batch = this.#inbox;
      this.#inbox = [];
      for (const input of batch) this.#turn(input);
    }
    this.#rest();
  }

  #rest(): void {
    this.#busy = false;
    this.#options.alarm.set(this.#options.machine.nextDeadline());
  }

  #turn(input: Input): void {
    const { machine, now } = this.#options;
    const instant = now();
    this.#carryOut(machine.handle(input, instant));
    if (input.kind !== 'wake') return;
    const deadline = machine.nextDeadline();
    assert(deadline === undefined || deadline > instant.mono, 'time must progress: a deadline was left behind');
  }

  #carryOut(effects: readonly Effect[]): void {
    const { hands } = this.#options;
    let kept: KeptChange[] | undefined;
    for (const effect of effects) {
      if (effect.kind !== 'checkpoint' && effect.kind !== 'forget') continue;
      kept ??= [];
      kept.push(effect);
    }
    if (kept) hands.keep(kept);
    for (const effect of effects) {
      if (effect.kind !== 'checkpoint' && effect.kind !== 'forget') hands.act(effect);
    }
  }
}
