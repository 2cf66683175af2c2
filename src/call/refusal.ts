import type { EndReason } from '#cdr';
import { type Header, parseDeltaSeconds, type SipResponse } from '#codec/sip-message';
import type { Trunk } from '#policy/configuration';
import { type FailedAttempt, judge } from '#policy/failover';
import type { Evidence } from '#policy/health';
import type { Refusal } from './call-setup.ts';
import { causeOf, reasonFields, retryAfter as soon, statusForCaller } from './causes.ts';

/** Troubles of ours that pass. For any other, Retry-After would keep the caller from calling by us at all (RFC 3261 21.5.4). */
const ofOurs: ReadonlySet<EndReason> = new Set(['no-capacity', 'no-media-ports', 'media-lost', 'restarted', 'drained']);

/** An attempt that failed, and what the caller would be told of it. */
export interface Failure extends FailedAttempt {
  readonly refusal: Refusal;
}

/** What a final response means to a call, and to its trunk. */
export interface Judged {
  readonly failure: Failure;
  /** No other is to be tried. */
  readonly final: boolean;
  readonly evidence: Evidence;
  /** For the decision trace. */
  readonly said: string;
}

export function judged(trunk: Trunk, response: SipResponse, insists: boolean): Judged {
  const cause = causeOf('callee', response);
  const retryAfter = parseDeltaSeconds(response.get('retry-after'));
  const { verdict, status, rule, coolFor } = judge(trunk, {
    status: response.status,
    ...(cause.q850 ? { q850: cause.q850.cause } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
  const final = verdict === 'final' && !insists;
  const toCaller = statusForCaller(status);
  const phrase = toCaller === response.status ? response.phrase : undefined;
  const refusal = { status: toCaller, phrase, headers: reasonFields(response), cause };
  return {
    failure: { status, answered: true, refusal },
    final,
    evidence:
      coolFor === undefined
        ? { kind: 'call-progress' }
        : { kind: 'cooling', forMs: coolFor, detail: `${response.status} with Retry-After ${retryAfter}` },
    said: `${response.status} ${response.phrase}${rule === '' ? '' : ` (${rule})`}: ${final ? 'final' : 'the next is tried'}`,
  };
}

/** The header fields of a refusal. */
export function fieldsOf({ status, cause, headers = [] }: Refusal): readonly Header[] {
  return status === 503 && ofOurs.has(cause.reason) ? soon : headers;
}
