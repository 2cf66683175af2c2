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
 * (RFC 3261 18.2.1), with `received` and `rport` when the client asked (RFC 3581 4). A `received` that the request
 * brought along is taken out: only we may say what we saw.
 */
export function stampedVia(via: Via, source: HostPort): string {
  const { raw, rport } = via;
  const received = rport || !sameHost(via.host, source.host) ? `;received=${source.host}` : '';
  if (!rport && via.received === undefined) return raw + received;
  // As nearly everybody writes it: the parameter alone, once, nothing quoted.
  const asked = raw.indexOf(';rport');
  const isAlone = asked >= 0 && (asked + 6 === raw.length || raw.charCodeAt(asked + 6) === 0x3b);
  if (isAlone && via.received === undefined && !raw.includes('"'))
    return `${raw.slice(0, asked)};rport=${source.port}${raw.slice(asked + 6)}${received}`;
  let out = '';
  let from = 0;
  let quoted = false;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code === 0x22) quoted = !quoted;
    else if (code === 0x5c && quoted) i++;
    else if (code === 0x3b && !quoted) {
      out += stampedPart(raw.slice(from, i), source.port);
      from = i;
    }
  }
  return out + stampedPart(raw.slice(from), source.port) + received;
}

/** What stands between two semicolons of a Via, the first included. */
function stampedPart(part: string, port: number): string {
  const equals = part.indexOf('=');
  const name = part
    .slice(1, equals < 0 ? undefined : equals)
    .trim()
    .toLowerCase();
  if (name === 'rport') return `;rport=${port}`;
  return name === 'received' ? '' : part;
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
