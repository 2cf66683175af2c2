import type { EndCause, EndReason } from '#cdr';
import { type Header, phrases, type SipResponse } from '#codec/sip-message';

function reasonOf(status: number): EndReason {
  switch (status) {
    case 486:
    case 600:
    case 603:
      return 'busy';
    case 408:
      return 'no-progress';
    case 482:
    case 483:
      return 'loop';
    default:
      return 'rejected';
  }
}

/** The status for the caller: what the far side said, unless it would mislead or invite a useless answer. */
export function statusForCaller(status: number): number {
  // A challenge is between us and the trunk; a redirection names addresses of the far side.
  if (status === 401 || status === 407) return 503;
  if (status < 400) return 480;
  // These speak of our request, not of the caller's.
  if (status === 400 || status === 420 || status === 421 || status === 481 || status === 482 || status === 493)
    return 500;
  return status;
}

/** A challenge or a redirection inside a dialog would show the other side: neither can be acted on here. */
export function passedStatus(status: number): number {
  return (status >= 300 && status < 400) || status === 401 || status === 407 ? 500 : status;
}

/** End cause from a final response, its Reason kept raw (RFC 3326). */
export function causeOf(by: EndCause['by'], response: SipResponse): EndCause {
  return { by, reason: reasonOf(response.status), sip: sipOf(response), ...reasonHeader(response.get('reason')) };
}

function sipOf(response: SipResponse): { status: number; phrase: string } {
  return { status: response.status, phrase: response.phrase || (phrases[response.status] ?? '') };
}

/** Reason values of one response that go on, and octets of one. */
const mostReasons = 4;
const longestReason = 256;

/** Why, as the far side says it, for the other side (RFC 3326, RFC 6432). */
export function reasonFields(response: SipResponse): readonly Header[] {
  const values = response.all('reason').filter(({ length }) => length <= longestReason);
  return values.slice(0, mostReasons).map((value) => ['Reason', value]);
}

/** Troubles of ours that pass. */
export const retryAfter: readonly Header[] = [['Retry-After', '5']];

/** The parts of a Reason header that a cause keeps: raw, and its Q.850 cause when it has one. */
export function reasonHeader(value: string | undefined): Pick<EndCause, 'q850' | 'reasonHeader'> {
  if (value === undefined) return {};
  const protocol = value.slice(0, value.indexOf(';') < 0 ? value.length : value.indexOf(';')).trim();
  const cause = /;\s*cause\s*=\s*(\d{1,3})/i.exec(value)?.[1];
  if (protocol.toUpperCase() !== 'Q.850' || cause === undefined) return { reasonHeader: value };
  const text = /;\s*text\s*=\s*"([^"]*)"/i.exec(value)?.[1];
  return { reasonHeader: value, q850: text === undefined ? { cause: Number(cause) } : { cause: Number(cause), text } };
}

/** A Reason value that says with which final status something has ended (RFC 3326). */
export function sipReason(status: number): string {
  const text = phrases[status];
  return `SIP;cause=${status}${text === undefined ? '' : `;text="${text}"`}`;
}

/** An end of our own making; `status` is what the caller was told, when it was told one. */
export function byTandem(reason: EndReason, status: number | undefined): EndCause {
  const cause: EndCause = { by: 'tandem', reason };
  return status === undefined ? cause : { ...cause, sip: { status, phrase: phrases[status] ?? '' } };
}

/** What who calls is told where a call ends before its answer, whatever its state. */
export function terminated(reason: EndReason): { readonly status: number; readonly cause: EndCause } {
  // 480: that one call is not wanted says nothing about us, as 503 would, nor about who was called, as 603.
  const status = reason === 'operator' ? 480 : 503;
  return { status, cause: byTandem(reason, status) };
}
