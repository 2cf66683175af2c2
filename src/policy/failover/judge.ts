import type { ResponseRule, Trunk } from '#policy/configuration';
import { longestCooling } from '#policy/health';

/** `next`: another target may do better. `final`: the answer is about what was called, and holds wherever one asks. */
export type Verdict = 'next' | 'final';

/** What judging needs of a final response other than 2xx. */
export interface FinalResponse {
  readonly status: number;
  /** Cause of a Reason header with protocol Q.850 (RFC 3326). */
  readonly q850?: number | undefined;
  /** Seconds of its Retry-After. */
  readonly retryAfter?: number | undefined;
}

export interface Judgement {
  /** The status it is taken for. */
  readonly status: number;
  readonly verdict: Verdict;
  /** What decided, for the decision trace: "response rule 2: 486 with Q.850 34 is taken for 503"; '' where no rule fits. */
  readonly rule: string;
  /** Ms for which the target that said so is to be left alone. */
  readonly coolFor?: number;
}

/**
 * What a trunk's final response means: its first response rule that fits, else the status by itself. A Q.850 cause
 * decides in rules only: peers put 34 (no circuit), 38 (network out of order) or 41 (temporary failure) into answers of
 * which some mean the trunk and some the called line, and who takes a busy line for a busy trunk rings it twice.
 */
export function judge(trunk: Pick<Trunk, 'responses'>, response: FinalResponse): Judgement {
  const rules = trunk.responses;
  if (rules) {
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i]!;
      if (fits(rule, response)) return judgedBy(rule, i + 1, response);
    }
  }
  const { status } = response;
  return withCooling({ status, verdict: byStatus(status), rule: '' }, response);
}

function fits({ status, q850 }: ResponseRule, response: FinalResponse): boolean {
  if (status && (response.status < status.from || response.status > status.to)) return false;
  return q850 === undefined || q850 === response.q850;
}

function judgedBy(rule: ResponseRule, place: number, response: FinalResponse): Judgement {
  const status = rule.as ?? response.status;
  const verdict = rule.verdict ?? byStatus(status);
  const said = rule.q850 === undefined ? `${response.status}` : `${response.status} with Q.850 ${rule.q850}`;
  const taken = status === response.status ? undefined : `is taken for ${status}`;
  const told = rule.verdict === undefined ? undefined : rule.verdict === 'final' ? 'is final' : 'goes on to the next';
  const meaning = taken && told ? `${taken} and ${told}` : (taken ?? told ?? 'is taken as it is');
  return withCooling({ status, verdict, rule: `response rule ${place}: ${said} ${meaning}` }, response);
}

/**
 * RFC 3261 21.5.4: a 503 with Retry-After speaks of the server itself. Without the header, or in any other response
 * (20.33: there it may speak of the called party), it does not; nor does a 503 that a rule takes for something else.
 */
function withCooling(judgement: Judgement, { status, retryAfter }: FinalResponse): Judgement {
  if (status !== 503 || judgement.status !== 503 || retryAfter === undefined || retryAfter <= 0) return judgement;
  return { ...judgement, coolFor: Math.min(retryAfter * 1000, longestCooling) };
}

/**
 * Busy and decline are final, 6xx of whatever kind too (RFC 3261 21.6), and so is all that the called number itself
 * earned; redirections are not followed; troubles of the way go on.
 */
function byStatus(status: number): Verdict {
  if (status === 408) return 'next';
  // The trunk wants credentials that we have not: its trouble, not the number's.
  if (status === 401 || status === 407) return 'next';
  return status >= 500 && status < 600 ? 'next' : 'final';
}
