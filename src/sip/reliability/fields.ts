import type { SipRequest, SipResponse } from '#codec/sip-message';
import type { Octets } from '#kernel';

/** The option tag of RFC 3262. */
export const optionTag = '100rel';

/** Which reliable provisional response a PRACK acknowledges (RFC 3262 7.2). */
export interface Acknowledged {
  readonly rseq: number;
  /** CSeq of the request that was answered. */
  readonly cseq: number;
  readonly method: string;
}

/** RSeq of a provisional response that is sent reliably; undefined when it is not (RFC 3262 4). */
export function sequenceOf(response: SipResponse): number | undefined {
  if (response.status <= 100 || response.status >= 200 || !lists(response, 'require', optionTag)) return undefined;
  const { value, end } = readNumber(response.get('rseq') ?? '', 0);
  return end > 0 && value > 0 && end === (response.get('rseq') ?? '').length ? value : undefined;
}

/** The RAck of a PRACK; undefined when it has none that can be read. */
export function acknowledgedBy(prack: SipRequest): Acknowledged | undefined {
  const parts = (prack.get('rack') ?? '').split(' ').filter((part) => part !== '');
  const [first = '', second = '', method = ''] = parts;
  const rseq = readNumber(first, 0);
  const cseq = readNumber(second, 0);
  if (parts.length !== 3 || rseq.end !== first.length || cseq.end !== second.length) return undefined;
  return { rseq: rseq.value, cseq: cseq.value, method };
}

export function formatAcknowledged({ rseq, cseq, method }: Acknowledged): Octets {
  return `${rseq} ${cseq} ${method}`;
}

/** True when an option tag stands in a list field; they are told apart without regard to case (RFC 3261 7.3.1). */
export function lists(message: SipRequest | SipResponse, field: 'supported' | 'require', option: string): boolean {
  return message.all(field).some((one) => one.toLowerCase() === option);
}

/** Digits from `at` on, fewer than a number above 2^53 would need; `end` is `at` when there are none. */
function readNumber(text: Octets, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let end = at;
  for (; end < text.length && end < at + 10; end++) {
    const digit = text.charCodeAt(end) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return { value, end };
}
