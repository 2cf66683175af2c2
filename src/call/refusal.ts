import type { EndReason } from '#cdr';
import { type Header, parseDeltaSeconds, type SipResponse } from '#codec/sip-message';
import type { Trunk } from '#policy/configuration';
import { type FailedAttempt, judge } from '#policy/failover';
import type { Evidence } from '#policy/health';
import type { Refusal } from './call-setup.ts';
import { byTandem, causeOf, reasonFields, retryAfter as soon, statusForCaller } from './causes.ts';
import type { TrunkTarget } from './services.ts';

/** Troubles of ours that pass. For any other, Retry-After would keep the caller from calling by us at all (RFC 3261 21.5.4). */
const ofOurs: ReadonlySet<EndReason> = new Set(['no-capacity', 'no-media-ports', 'media-lost', 'restarted', 'drained']);

/** Who was tried. */
interface Failing {
  readonly trunk: Trunk;
  readonly at: TrunkTarget;
}

/** An attempt that failed, and what the caller would be told of it. */
export interface Failure extends FailedAttempt {
  readonly refusal: Refusal;
}

/** There is nothing to relay its media by. */
export const withoutPorts: Refusal = { status: 503, cause: byTandem('no-media-ports', 503) };

/** What a final response means to a call, and to its trunk. */
export interface Judged {
  readonly failure: Failure;
  /** No other is to be tried. */
  readonly final: boolean;
  readonly evidence: Evidence;
  /** For the decision trace. */
  readonly said: string;
}

/** `source`: who calls. `insists`: whatever it says, others are tried. */
export function judged(attempt: Failing, response: SipResponse, source: Trunk, insists: boolean): Judged {
  const { trunk } = attempt;
  if (response.status === 403 && source.localOnly && asksNode(attempt)) return apart;
  const cause = causeOf('callee', response);
  const retryAfter = parseDeltaSeconds(response.get('retry-after'));
  const { verdict, status, rule, coolFor } = judge(trunk, {
    status: response.status,
    ...(cause.q850 ? { q850: cause.q850.cause } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
  const final = verdict === 'final' && !insists && !leavesOthers(attempt, response.status);
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
    said: `${response.status} ${response.phrase}${rule === '' ? '' : ` (${rule})`}: ${saidOf(final)}`,
  };
}

/** Another node has none of his devices where who calls may reach them (docs/location.md): as if that had been known here. */
const apart: Judged = {
  failure: { status: 403, answered: false, refusal: { status: 403, cause: byTandem('no-route', 403) } },
  final: false,
  evidence: { kind: 'call-progress' },
  said: 'left out: who calls may not be joined with his devices at another node',
};

function asksNode({ at: { node, together = [] } }: Failing): boolean {
  return node === true || together.some((one) => one.node);
}

/** Devices that he likes less have their turn yet (RFC 3261 16.6): what these say is final when it is for all (16.7 step 5). */
export function leavesOthers({ at }: Pick<Failing, 'at'>, status: number): boolean {
  return at.turn?.last === false && status < 600;
}

/** What comes of a failure, for the decision trace. */
export function saidOf(final: boolean): string {
  return final ? 'final' : 'the next is tried';
}

/** In which time it was not answered, for the decision trace. */
export function timeOf({ trunk, at }: Failing): string {
  return at.turn ? 'in its turn' : `within ${trunk.ringTimeout} ms`;
}

/** The header fields of a refusal. */
export function fieldsOf({ status, cause, headers = [] }: Refusal): readonly Header[] {
  return status === 503 && ofOurs.has(cause.reason) ? soon : headers;
}
