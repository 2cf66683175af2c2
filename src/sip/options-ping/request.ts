import type { Header } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets, type Random } from '#kernel';
import type { FlowTransport } from '#sip/flow';
import type { OutgoingRequest } from '#sip/transaction';

/** What an OPTIONS says. */
export interface OptionsFacts {
  /** Request-URI and To: "sip:" and the trunk's domain, or the target's host and port. */
  readonly uri: Octets;
  /** Host of From: the trunk's domain, or ours. */
  readonly domain: string;
  /** Where the socket that it leaves by is reached; `host` may be a DNS name, which some peers insist on. */
  readonly contact: HostPort & { readonly transport: FlowTransport };
  /** Route values, topmost first: a registration's Service-Route (RFC 3608). */
  readonly routes?: readonly Octets[];
  /** Value of Allow: what we take, by which some peers decide how they transfer calls. */
  readonly allow: Octets;
  readonly userAgent?: string;
}

/** An OPTIONS outside any dialog (RFC 3261 11.1): nobody in particular asks, so no user stands in From or Contact. */
export function optionsRequest(facts: OptionsFacts, random: Random): OutgoingRequest {
  const { transport, host, port } = facts.contact;
  const headers: Header[] = [
    ['Max-Forwards', '70'],
    ['Contact', `<sip:${bracketed(host)}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>`],
    ['Accept', 'application/sdp'],
    ['Allow', facts.allow],
  ];
  if (facts.userAgent !== undefined) headers.push(['User-Agent', facts.userAgent]);
  return {
    method: 'OPTIONS',
    uri: facts.uri,
    from: `<sip:${bracketed(facts.domain)}>;tag=${random.token(64)}`,
    to: `<${facts.uri}>`,
    callId: random.token(128),
    cseq: 1,
    routes: facts.routes ?? [],
    headers,
    body: '',
  };
}
