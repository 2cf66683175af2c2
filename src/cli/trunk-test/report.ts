/** `skipped`: it was not asked for, or what it needs is missing. */
export type StepVerdict = 'passed' | 'warning' | 'failed' | 'skipped';

/** What came of one step. */
export interface StepOutcome {
  readonly verdict: StepVerdict;
  /** In one line. */
  readonly summary: string;
  readonly sent?: readonly string[];
  readonly came?: readonly string[];
  /** What the reader can do about it. */
  readonly todo?: readonly string[];
}

export interface Step extends Required<StepOutcome> {
  readonly name: string;
  /** Unix ms. */
  readonly at: number;
  readonly tookMs: number;
}

export interface TestReport {
  readonly trunk: string;
  /** Of this test: `tandem 0.1.0`. */
  readonly by: string;
  /** Unix ms. */
  readonly startedAt: number;
  readonly tookMs: number;
  /** A program runs by the file: OPTIONS, REGISTER and the call went through it. */
  readonly running: boolean;
  readonly number?: string;
  readonly steps: readonly Step[];
  /** No step has failed. */
  readonly ok: boolean;
  readonly verdict: string;
}

export const passed = (summary: string, more: Partial<StepOutcome> = {}): StepOutcome => ({
  verdict: 'passed',
  summary,
  ...more,
});
export const warning = (summary: string, more: Partial<StepOutcome> = {}): StepOutcome => ({
  verdict: 'warning',
  summary,
  ...more,
});
export const failed = (summary: string, more: Partial<StepOutcome> = {}): StepOutcome => ({
  verdict: 'failed',
  summary,
  ...more,
});
export const skipped = (summary: string, more: Partial<StepOutcome> = {}): StepOutcome => ({
  verdict: 'skipped',
  summary,
  ...more,
});

/** The worst of several: a trunk is as good as the one of its targets that works, so one that works makes a failure a warning. */
export function together(verdicts: readonly StepVerdict[]): StepVerdict {
  const failures = verdicts.filter((verdict) => verdict === 'failed').length;
  if (failures > 0) return failures === verdicts.length ? 'failed' : 'warning';
  return verdicts.includes('warning') ? 'warning' : 'passed';
}

/** Why a step was left out that only a running program can do. */
export const noProgram = 'no program runs';

/** The closing line. */
export function verdictOf(trunk: string, steps: readonly Step[]): { ok: boolean; verdict: string } {
  const count = (verdict: StepVerdict) => steps.filter((step) => step.verdict === verdict).length;
  const bad = steps.filter((step) => step.verdict === 'failed');
  if (bad.length > 0) {
    const first = bad[0]!;
    const more =
      bad.length > 1
        ? `; ${bad
            .slice(1)
            .map(({ name }) => name)
            .join(', ')} failed too`
        : '';
    return { ok: false, verdict: `${trunk} does not work: ${first.name}: ${first.summary}${more}` };
  }
  const warnings = count('warning');
  const doubts = warnings === 0 ? '' : `, ${warnings} with a warning`;
  const called = steps.some((step) => step.name === 'Call' && step.verdict !== 'skipped');
  const idle = steps.filter((step) => step.verdict === 'skipped' && step.summary === noProgram).map(({ name }) => name);
  const untried =
    idle.length > 0 ? `; not tried, as no program runs: ${idle.join(', ')}` : called ? '' : '; no call was made';
  const good = count('passed') + warnings;
  return { ok: true, verdict: `${trunk} works: ${good} ${good === 1 ? 'step' : 'steps'} passed${doubts}${untried}` };
}
