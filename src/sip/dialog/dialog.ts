import {
  type NameAddress,
  parseNameAddress,
  parseUri,
  type SipRequest,
  type SipResponse,
  type SipUri,
} from '#codec/sip-message';
import { detach, type HostPort, type Octets } from '#kernel';

/**
 * A peer-to-peer relationship between two user agents (RFC 3261 12), as plain data: what a checkpoint keeps.
 * Long-lived strings are detached from the messages they came in.
 */
export interface Dialog {
  readonly callId: Octets;
  readonly localTag: Octets;
  readonly remoteTag: Octets;
  /** From/To field values for requests of ours, tags included. */
  readonly local: Octets;
  readonly remote: Octets;
  /** The peer's Contact URI: the Request-URI of our requests. */
  remoteTarget: Octets;
  /** Route values in the order they are to be written. */
  routeSet: readonly Octets[];
  /** CSeq of our last request in the dialog. */
  localCSeq: number;
  /** CSeq of the peer's last request; undefined before its first. */
  remoteCSeq: number | undefined;
}

/** RFC 3261 12.1.1: the dialog that our response with `localTag` creates. */
export function dialogOfServer(invite: SipRequest, localTag: string): Dialog {
  const came = invite.asCame ?? invite;
  return {
    callId: detach(invite.callId),
    localTag,
    remoteTag: detach(invite.from.tag ?? ''),
    local: withTag(came.get('to') ?? '', localTag),
    remote: detach(came.get('from') ?? ''),
    remoteTarget: detach(targetOf(invite.contact) ?? invite.from.uri),
    routeSet: routesOf(invite),
    localCSeq: 0,
    remoteCSeq: invite.cseq.number,
  };
}

/** RFC 3261 12.1.2: the dialog that this response to our INVITE creates. */
export function dialogOfClient(response: SipResponse, inviteUri: Octets): Dialog {
  return {
    callId: detach(response.callId),
    localTag: detach(response.from.tag ?? ''),
    remoteTag: detach(response.to.tag ?? ''),
    local: detach(response.get('from') ?? ''),
    remote: detach(response.get('to') ?? ''),
    // A response without a Contact is broken; the address we called is the best guess left.
    remoteTarget: detach(targetOf(response.contact) ?? inviteUri),
    routeSet: routesOf(response).reverse(),
    localCSeq: response.cseq.number,
    remoteCSeq: undefined,
  };
}

/** RFC 6665 4.4.1: the dialog that a NOTIFY creates, which came before the 2xx to our SUBSCRIBE or from another fork of it. */
export function dialogOfNotify(notify: SipRequest, localTag: string, localCSeq: number): Dialog {
  return {
    callId: detach(notify.callId),
    localTag,
    remoteTag: detach(notify.from.tag ?? ''),
    local: detach(notify.get('to') ?? ''),
    remote: detach(notify.get('from') ?? ''),
    remoteTarget: detach(targetOf(notify.contact) ?? notify.from.uri),
    routeSet: routesOf(notify),
    localCSeq,
    remoteCSeq: notify.cseq.number,
  };
}

/** RFC 3261 12.2: a message of the dialog that may move the peer's Contact. */
export function refreshTarget(dialog: Dialog, message: SipRequest | SipResponse): boolean {
  const target = targetOf(message.contact);
  if (target === undefined || target === dialog.remoteTarget) return false;
  dialog.remoteTarget = detach(target);
  return true;
}

/** RFC 3261 13.2.2.4: a 2xx confirms an early dialog; target and routes are as it says, all else goes on. */
export function confirmBy(dialog: Dialog, response: SipResponse): void {
  dialog.routeSet = routesOf(response).reverse();
  const target = targetOf(response.contact);
  if (target !== undefined) dialog.remoteTarget = detach(target);
}

/** What is no address can't be a hop, and would spoil the requests that bear it. */
function routesOf(message: SipRequest | SipResponse): Octets[] {
  return message
    .all('record-route')
    .filter((route) => parseUri(parseNameAddress(route)?.uri ?? '') !== undefined)
    .map(detach);
}

/** RFC 3261 12.2.2: false when the request is older than one the peer sent before (answer 500). */
export function inOrder(dialog: Dialog, request: SipRequest): boolean {
  return dialog.remoteCSeq === undefined || request.cseq.number > dialog.remoteCSeq;
}

/** RFC 3261 12.2.1.1: Request-URI and Route of a request in this dialog, with strict routers served. */
export function routingOf(dialog: Dialog): { readonly uri: Octets; readonly routes: readonly Octets[] } {
  const { routeSet, remoteTarget } = dialog;
  const first = routeSet[0];
  if (first === undefined) return { uri: remoteTarget, routes: [] };
  const uri = parseNameAddress(first)?.uri ?? first;
  if (parseUri(uri)?.params.has('lr')) return { uri: remoteTarget, routes: routeSet };
  return { uri, routes: [...routeSet.slice(1), `<${remoteTarget}>`] };
}

/** The URI whose host is the next hop of a request in this dialog: the first route's, else the target's. */
export function nextHopUri(dialog: Dialog): SipUri | undefined {
  const first = dialog.routeSet[0];
  return parseUri(first === undefined ? dialog.remoteTarget : (parseNameAddress(first)?.uri ?? first));
}

/** Host and port of a SIP URI that holds an IP literal; undefined when a name would have to be resolved. `secure`: for TLS. */
export function literalAddress(uri: SipUri | undefined, secure = false): HostPort | undefined {
  if (!uri || (uri.scheme !== 'sip' && uri.scheme !== 'sips') || !isLiteral(uri.host)) return undefined;
  return { host: uri.host, port: uri.port ?? (secure || uri.scheme === 'sips' ? 5061 : 5060) };
}

/** A Contact's URI, when it can stand in a request line. */
function targetOf(contact: NameAddress | undefined): Octets | undefined {
  return contact && parseUri(contact.uri) ? contact.uri : undefined;
}

function isLiteral(host: string): boolean {
  if (host.includes(':')) return true;
  let dots = 0;
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i);
    if (code === 46) dots++;
    else if (code < 48 || code > 57) return false;
  }
  return dots === 3;
}

function withTag(to: Octets, tag: string): Octets {
  return detach(`${to};tag=${tag}`);
}
