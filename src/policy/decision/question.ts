/** What a decision service is told of a call (docs/routing.md). */
export interface DecisionQuestion {
  readonly version: 1;
  /** Its id, as records have it. */
  readonly call: string;
  /** The trunk that it came by, or the user who calls. */
  readonly source: string;
  readonly kind: 'trunk' | 'user';
  /** '' when nobody is named. */
  readonly caller: string;
  /** As it was dialled, or came. */
  readonly dialled: string;
  /** As routing knows it. */
  readonly number: string;
  readonly site?: string;
  readonly policy?: string;
  readonly usages?: readonly string[];
  /** ISO 8601. */
  readonly at: string;
  /** What becomes of it unless the service says otherwise. */
  readonly routes: {
    readonly route?: string;
    readonly refuse?: number;
    readonly trunks: readonly string[];
  };
}

/** What came of asking. */
export type DecisionOutcome =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };
