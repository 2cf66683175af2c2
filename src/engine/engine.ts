import type { Instant, Machine, Random } from '#kernel';
import type { Configuration } from '#policy/configuration';
import type { Effect, Input } from './ports/index.ts';

export interface EngineOptions {
  readonly configuration: Configuration;
  readonly random: Random;
}

/** (signature only; the body follows) */
export class Engine implements Machine<Input, Effect> {
  constructor(_options: EngineOptions) {}
  handle(_input: Input, _now: Instant): readonly Effect[] {
    return [];
  }
  nextDeadline(): number | undefined {
    return undefined;
  }
  /** Takes up the calls of a process that died: call id -> checkpointed state. Once, before any input. */
  restore(_states: Iterable<readonly [call: string, state: string]>, _now: Instant): readonly Effect[] {
    return [];
  }
  /** What stands, as plain data. */
  inspect(): Record<string, unknown> {
    return {};
  }
}
