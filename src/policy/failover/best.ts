/** One attempt that failed: the status it is taken for (`Judgement.status`), and whether anybody gave it. */
export interface FailedAttempt {
  readonly status: number;
  /** False: nothing came back, and the status is of our own making. */
  readonly answered: boolean;
}

/**
 * The failure that the caller is told of when several attempts failed: the one that says most of what was called, and
 * among equals the last. It is RFC 3261 16.7 step 6 with one turn: lowest class first would let a 408 of a trunk that
 * is dead hide what another one said. A 503 is told only when nobody said anything better.
 *
 * May be folded: `bestOf([bestOf([a, b]), c])` is `bestOf([a, b, c])`. Undefined for no attempts.
 */
export function bestOf<Attempt extends FailedAttempt>(attempts: readonly Attempt[]): Attempt | undefined {
  let best: Attempt | undefined;
  let most = -1;
  for (const attempt of attempts) {
    const weight = weightOf(attempt);
    if (weight < most) continue;
    best = attempt;
    most = weight;
  }
  return best;
}

function weightOf({ status, answered }: FailedAttempt): number {
  if (!answered) return 0;
  if (status >= 600) return 8;
  if (status >= 500) return 2;
  if (status < 400) return 3;
  switch (status) {
    case 408:
      return 1; // Somebody's silence, told by somebody else.
    case 401:
    case 407:
      return 2; // Between us and the trunk.
    case 486:
      return 7; // The phone was found, and in use.
    case 480:
      return 6; // The number exists.
    case 404:
    case 410:
    case 484:
    case 485:
      return 5; // It does not, there.
    default:
      return 4; // Of the request, or of who may call.
  }
}
