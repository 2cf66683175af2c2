import {
  formatField,
  formatFields,
  type Header,
  phrases,
  requestOf,
  responseOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '#codec/sip-message';
import type { HostPort, Octets } from '#kernel';
import { stampedVia } from '#sip/flow';

/** A request as the transaction user hands it over: all but Via, which the transaction layer puts on top. */
export interface OutgoingRequest {
  readonly method: string;
  readonly uri: Octets;
  /** Field values, tags included. */
  readonly from: Octets;
  readonly to: Octets;
  readonly callId: Octets;
  readonly cseq: number;
  /** Route values, topmost first. */
  readonly routes: readonly Octets[];
  /** Everything else (Max-Forwards, Contact, Content-Type, …), in order. */
  readonly headers: readonly Header[];
  readonly body: Octets;
  /** Whose word it is on what is sent to this peer, and heard from it; the request has had it already. */
  readonly rewriter?: Rewriter | undefined;
}

/** Changes what goes to one peer and comes from it, by whatever rules. Total: what cannot be changed comes back as it is. */
export interface Rewriter {
  /** Before its credentials, which are reckoned over what is sent. */
  request(request: OutgoingRequest): OutgoingRequest;
  response(response: OutgoingResponse, request: SipRequest): OutgoingResponse;
  received<Message extends SipMessage>(message: Message): Message;
}

/** A response as the transaction user hands it over: the rest is copied from the request (RFC 3261 8.2.6.2). */
export interface OutgoingResponse {
  readonly status: number;
  readonly phrase?: Octets | undefined;
  /** Our tag, put on To when the request had none. */
  readonly toTag?: string;
  readonly headers?: readonly Header[];
  readonly body?: Octets;
}

export function formatOutgoing(request: OutgoingRequest, via: string): Octets {
  const { method, uri, from, to, callId, cseq, routes, headers, body } = request;
  let fields = formatField('Via', via);
  for (const route of routes) fields += formatField('Route', route);
  fields += formatField('From', from) + formatField('To', to) + formatField('Call-ID', callId);
  fields += formatField('CSeq', `${cseq} ${method}`);
  return requestOf(method, uri, fields + formatFields(headers), body);
}

/** Octets that `formatOutgoing` can make of it at most, without making them. */
export function mostOctets(request: OutgoingRequest, via: string): number {
  const { method, uri, from, to, callId, routes, headers, body } = request;
  // Names, colons and ends of lines, CSeq's number, the version, Content-Length.
  let most = 100 + 2 * method.length + uri.length + via.length + from.length + to.length + callId.length + body.length;
  for (const route of routes) most += route.length + 'Route: \r\n'.length;
  for (const [name, value] of headers) most += name.length + value.length + ': \r\n'.length;
  return most;
}

/** ACK to a final response other than 2xx: the INVITE's Via, Request-URI and Route, the response's To (17.1.1.3). */
export function formatAck(invite: OutgoingRequest, via: string, response: SipResponse): Octets {
  const to = response.get('to') ?? invite.to;
  return formatOutgoing(derived({ ...invite, method: 'ACK', to, headers: [['Max-Forwards', '70']], body: '' }), via);
}

/** CANCEL of a pending INVITE: same Via, Request-URI, Call-ID, From, To, CSeq number and Route (9.1). */
export function cancelOf(invite: OutgoingRequest, reason?: Octets): OutgoingRequest {
  const headers: Header[] = [['Max-Forwards', '70']];
  if (reason !== undefined) headers.push(['Reason', reason]);
  return derived({ ...invite, method: 'CANCEL', headers, body: '' });
}

function derived(request: OutgoingRequest): OutgoingRequest {
  return request.rewriter?.request(request) ?? request;
}

/** A response with the fields that come from the request. `source` is where the request came from. */
export function formatOutgoingResponse(request: SipRequest, source: HostPort, response: OutgoingResponse): Octets {
  const { status, phrase = phrases[status] ?? '', toTag, headers, body = '' } = response;
  let fields = formatField('Via', stampedVia(request.via, source));
  const vias = request.all('via');
  for (let i = 1; i < vias.length; i++) fields += formatField('Via', vias[i]!);
  if (status > 100 && status < 300 && request.method === 'INVITE') {
    for (const route of request.all('record-route')) fields += formatField('Record-Route', route);
  }
  fields += formatField('From', request.get('from') ?? '');
  const to = request.get('to') ?? '';
  fields += formatField('To', toTag === undefined || request.to.tag !== undefined ? to : `${to};tag=${toTag}`);
  fields += formatField('Call-ID', request.callId) + formatField('CSeq', request.get('cseq') ?? '');
  if (status === 100) {
    const timestamp = request.get('timestamp'); // 8.2.6.1
    if (timestamp !== undefined) fields += formatField('Timestamp', timestamp);
  }
  return responseOf(status, phrase, headers ? fields + formatFields(headers) : fields, body);
}
