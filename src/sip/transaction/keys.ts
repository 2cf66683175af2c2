import type { SipRequest, SipResponse } from '#codec/sip-message';
import { magicCookie } from '#sip/flow';

/** RFC 3261 17.2.3: what tells server transactions apart. ACK has its INVITE's key; `method` overrides for CANCEL. */
export function serverKey(request: SipRequest, method: string = request.method): string {
  const { via } = request;
  const what = method === 'ACK' ? 'INVITE' : method;
  if (via.branch?.startsWith(magicCookie)) return `${via.branch} ${via.host.toLowerCase()}:${via.port ?? 5060} ${what}`;
  // RFC 2543 clients: no To tag in it, since the ACK has one that the INVITE had not.
  return `2543 ${request.callId} ${request.cseq.number} ${request.from.tag ?? ''} ${request.uri} ${via.raw} ${what}`;
}

/** That of the INVITE that a response answers; undefined for an RFC 2543 client's, which the response alone does not tell. */
export function answeredKey({ via }: SipResponse): string | undefined {
  if (!via.branch?.startsWith(magicCookie)) return undefined;
  return `${via.branch} ${via.host.toLowerCase()}:${via.port ?? 5060} INVITE`;
}

/** RFC 3261 17.1.3: our branch alone, which only a CANCEL shares with its INVITE (9.1). */
export function clientKey(branch: string, method: string): string {
  return method === 'CANCEL' ? `${branch} CANCEL` : branch;
}

export function responseKey(response: SipResponse): string {
  return clientKey(response.via.branch ?? '', response.cseq.method);
}

/** RFC 3261 8.2.2.2: equal for copies of one request that came by different paths. */
export function mergeKey(request: SipRequest): string {
  return `${request.from.tag ?? ''} ${request.callId} ${request.cseq.number} ${request.method}`;
}
