import { type Header, parseNameAddress, parseUri, type SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Sleeper } from '#sip/transaction';
import type { LegWire } from './leg-wire.ts';
import type { Line } from './line.ts';

/** A REFER of the other side, carried out at once; or a NOTIFY of how ours goes. */
export function transferred(
  line: Line,
  wire: LegWire,
  owner: Sleeper,
  request: SipRequest,
  now: Instant,
): { readonly status: number; readonly hangsUp?: boolean } {
  if (request.method === 'NOTIFY') {
    if (request.get('event')?.startsWith('refer') !== true) return { status: 489 };
    // RFC 5589 6: the transferor leaves by itself, unless it leaves that to Tandem.
    return { status: 200, hangsUp: request.body.startsWith('SIP/2.0 2') && line.dice.chance(0.5) };
  }
  if (!line.abilities.refers) return { status: 405 };
  const to = parseNameAddress(request.get('refer-to') ?? '');
  const uri = to && parseUri(to.uri);
  if (!uri || uri.host !== line.server.host) {
    line.complain(`a REFER to somewhere else: ${request.octets}`);
    return { status: 400 };
  }
  if (line.dice.chance(0.2)) return { status: line.dice.pick([603, 500]) };
  const replaces = /[?&]replaces=([^&]*)/i.exec(to.uri)?.[1];
  line.dial(uri.user ?? '', replaces === undefined ? undefined : decodeURIComponent(replaces));
  const headers: Header[] = [
    ['Contact', line.contact],
    ['Event', 'refer'],
    ['Subscription-State', 'terminated;reason=noresource'],
    ['Content-Type', 'message/sipfrag;version=2.0'],
  ];
  wire.request('NOTIFY', headers, 'SIP/2.0 200 OK\r\n', owner, now);
  return { status: 202 };
}
