/** One rule tried and what came of it: a line of the decision trace. */
export interface RuleOutcome {
  readonly rule: string;
  readonly outcome: string;
}
