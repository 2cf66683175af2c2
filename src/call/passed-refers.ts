import { escapeUser, type Header, type SipRequest } from '#codec/sip-message';
import { bracketed, type Instant, type Octets } from '#kernel';
import type { ServerTransaction } from '#sip/transaction';
import { formatReplaces, readRefer } from '#sip/transfer';
import type { CallLeg } from './call-leg.ts';
import { callerOf } from './identity/index.ts';
import { RelayedRequest } from './relayed-request.ts';
import { legNamed, mayReplace } from './replacement.ts';
import type { Party } from './services.ts';

/** REFERs of one call whose notices can be told apart. */
const most = 8;

/**
 * REFERs that go on to the other leg, and the notices of what comes of them. Whom they name is to be called by way of us: a
 * dialog of ours that is to be replaced keeps its name, and the INVITE with it comes back to us (RFC 3891).
 */
export class PassedRefers {
  /** CSeq of the REFER that we sent -> of the one that came: it is what notices go by (RFC 3515 2.4.6). */
  #numbers: Map<string, number> | undefined;

  refer(from: CallLeg, to: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const refer = readRefer(request);
    if ('status' in refer)
      return void from.call.services.transactions.respond(server, { ...refer, headers: [] }, now.mono);
    const { host, port } = to.listener.advertise;
    const place = `${bracketed(host)}:${port}`;
    const named = refer.replaces && legNamed(from.call.services, refer.replaces);
    const dialog = named && mayReplace(named, from.trunk) ? named.alias() : refer.replaces;
    const replaces = dialog ? `?Replaces=${escapeHeader(formatReplaces(dialog))}` : '';
    const uri =
      refer.to.scheme === 'tel' ? refer.uri : `sip:${refer.to.user === undefined ? '' : `${refer.to.user}@`}${place}`;
    const headers: Header[] = [['Refer-To', `<${uri}${replaces}>`]];
    const by = callerOf(refer.referredBy ?? '');
    if (by !== '') headers.push(['Referred-By', `<sip:${by}@${place}>`]);
    RelayedRequest.relay(server, request, from, to, now, undefined, headers);
    this.#numbers ??= new Map();
    if (this.#numbers.size >= most) this.#numbers.delete(this.#numbers.keys().next().value!);
    this.#numbers.set(`${to.side} ${to.dialog.localCSeq}`, request.cseq.number);
  }

  /** A NOTIFY of a REFER. */
  notify(from: CallLeg, to: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const id = /;\s*id=(\d+)/.exec(request.get('event') ?? '')?.[1];
    const number = id === undefined ? undefined : this.#numbers?.get(`${from.side} ${id}`);
    const event = number === undefined ? 'refer' : `refer;id=${number}`;
    RelayedRequest.relay(server, request, from, to, now, undefined, [['Event', event]]);
  }
}

/** In a header of a URI more is to be escaped than in its user part (RFC 3261 25.1, hvalue). */
function escapeHeader(value: Octets): Octets {
  return escapeUser(value).replaceAll(/[;=&,]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Whether a NOTIFY tells of a REFER. */
export function isOfRefer(request: SipRequest): boolean {
  return /^\s*refer\s*(;|$)/i.test(request.get('event') ?? '');
}
