import type { SipRequest, Via } from '#codec/sip-message';
import { bracketed, type HostPort } from '#kernel';
import type { Flow } from './flow.ts';
import type { Socket } from './flow-table.ts';

/** RFC 3261 8.1.1.7: marks a branch that identifies its transaction alone. */
export const magicCookie = 'z9hG4bK';

/** Our Via for a request that leaves by this socket. `rport` asks for RFC 3581 treatment. */
export function formatVia(socket: Socket, branch: string): string {
  const { host, port } = socket.advertise;
  return `SIP/2.0/${socket.transport.toUpperCase()} ${bracketed(host)}:${port};branch=${branch};rport`;
}

/**
 * The topmost Via as a response must carry it: with `received` when the source is not what sent-by says
 * (RFC 3261 18.2.1), with `received` and `rport` when the client asked (RFC 3581 4).
 */
export function stampedVia(via: Via, source: HostPort): string {
  const raw = via.raw;
  if (via.rport) {
    const stamped = raw.replace(/;[ \t]*rport([ \t]*=[^;,]*)?(?=[;, \t]|$)/i, `;rport=${source.port}`);
    return via.received === source.host ? stamped : `${withoutReceived(stamped, via)};received=${source.host}`;
  }
  if (sameHost(via.host, source.host)) return raw;
  return `${withoutReceived(raw, via)};received=${source.host}`;
}

function withoutReceived(raw: string, via: Via): string {
  // A request must not arrive with one; a liar's is taken out rather than answered.
  return via.received === undefined ? raw : raw.replace(/;[ \t]*received[ \t]*=[^;,]*/gi, '');
}

function sameHost(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** Where a response goes when it can't use the request's connection (RFC 3261 18.2.2, RFC 3581 4). */
export function responseAddress(via: Via, source: HostPort): HostPort {
  // `maddr` is not followed: it would let a peer aim our responses at a third party.
  return { host: source.host, port: via.rport ? source.port : (via.port ?? 5060) };
}

/** The flow a response to this request leaves by. */
export function responseFlow(request: SipRequest, flow: Flow): Flow {
  if (flow.connection !== undefined) return flow;
  const to = responseAddress(request.via, flow.remote);
  return to.port === flow.remote.port ? flow : { transport: flow.transport, listener: flow.listener, remote: to };
}
