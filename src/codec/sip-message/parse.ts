import type { Octets } from '#kernel';
import {
  callIdId,
  contactId,
  contentLengthId,
  cseqId,
  fromId,
  isSingle,
  maxForwardsId,
  toId,
  viaId,
} from './header-names.ts';
import { limits } from './limits.ts';
import { firstItem, splitList } from './lists.ts';
import {
  type CSeq,
  type Method,
  type ParseFault,
  type Parts,
  type SipMessage,
  SipRequest,
  SipResponse,
} from './message.ts';
import { type NameAddress, parseNameAddress } from './name-address.ts';
import { all, digitsWithin, equalsNoCase, isDigit, isToken, isVisible, skipSpace } from './octet-classes.ts';
import { Params } from './params.ts';
import { type Head, scanHead, slotOf, slotSize, valueAt } from './scan.ts';
import { parseUri, schemeEnd } from './uri.ts';
import { parseVia, salvageVia, type Via } from './via.ts';

const nobody: NameAddress = { displayName: '', uri: '', params: Params.none, tag: undefined };
const noCSeq: CSeq = { number: 0, method: '' };
const nowhere: Via = {
  transport: '',
  host: '',
  port: undefined,
  branch: undefined,
  rport: false,
  received: undefined,
  maddr: undefined,
  params: Params.none,
  raw: '',
};

/**
 * Reads one message: a datagram, or what StreamFramer cut. Total: whatever comes, a message or a fault is returned.
 * Checked at once is what routing and transactions stand on: start line, topmost Via, From, To, Call-ID, CSeq,
 * Max-Forwards, Content-Length, a request's Contact; all else when it is asked for.
 */
export function parseMessage(octets: Octets): SipMessage | ParseFault {
  const head = scanHead(octets);
  let reason = head.reason ?? (head.repeated ? conflict(octets, head) : undefined);
  let status = head.status ?? 400;

  const viaValue = fieldValue(octets, head, viaId);
  const viaItem = viaValue === undefined ? undefined : firstItem(viaValue);
  let via = viaItem === undefined ? undefined : parseVia(viaItem);
  if (via === undefined) {
    reason ??= viaItem === undefined ? 'no Via' : 'malformed Via';
    via = viaItem === undefined ? undefined : salvageVia(viaItem);
  }

  const callId = fieldValue(octets, head, callIdId);
  // Opaque to all, so what is visible passes: clients do use more than the grammar's `word`.
  if (callId === undefined || !all(isVisible, callId, 0, callId.length)) reason ??= 'no Call-ID or a malformed one';

  const cseqValue = fieldValue(octets, head, cseqId);
  const cseq = cseqValue === undefined ? undefined : parseCSeq(cseqValue);
  if (cseq === undefined) reason ??= 'no CSeq or a malformed one';

  const fromValue = fieldValue(octets, head, fromId);
  const from = fromValue === undefined ? undefined : parseNameAddress(fromValue);
  if (from === undefined) reason ??= 'no From or a malformed one';

  const toValue = fieldValue(octets, head, toId);
  const to = toValue === undefined ? undefined : parseNameAddress(toValue);
  if (to === undefined) reason ??= 'no To or a malformed one';

  // A datagram's body ends with it or where Content-Length says; a body that was cut short is no body (RFC 3261 18.3).
  const bodyAt = head.bodyAt < 0 ? octets.length : head.bodyAt;
  let bodyEnd = octets.length;
  const length = fieldValue(octets, head, contentLengthId);
  if (length !== undefined) {
    const stated = parseContentLength(length);
    if (stated < 0) reason ??= 'malformed Content-Length';
    else if (stated > octets.length - bodyAt) reason ??= 'the body is shorter than Content-Length';
    else bodyEnd = bodyAt + stated;
  }
  if (bodyEnd - bodyAt > limits.body && reason === undefined) {
    reason = 'the body is too long';
    status = 413;
  }

  const parts: Parts = {
    octets,
    slots: head.slots,
    folded: head.folded,
    body: octets.slice(bodyAt, bodyEnd),
    callId: callId ?? '',
    cseq: cseq ?? noCSeq,
    from: from ?? nobody,
    to: to ?? nobody,
    via: via ?? nowhere,
  };

  const start = head.lineStart;
  const end = head.lineEnd;
  if (equalsNoCase(octets, start, start + 4, 'sip/')) {
    const code = statusOf(octets, start, end);
    if (code < 0) reason ??= 'malformed status line';
    if (reason !== undefined) return { kind: 'fault', reason };
    return new SipResponse(parts, code, octets.slice(Math.min(start + 12, end), end));
  }

  const space = octets.indexOf(' ', start);
  const methodEnd = space < 0 || space > end ? end : space;
  const method = internMethod(octets, start, methodEnd);
  const version = octets.lastIndexOf(' ', end - 1) + 1;
  const uri = version - 1 > methodEnd ? octets.slice(methodEnd + 1, version - 1) : '';
  const versionFault = versionOf(octets, version, end);
  if (!all(isToken, method, 0, method.length)) reason ??= 'malformed request line';
  else if (versionFault === 505) {
    // Whatever else is wrong may be right in that version.
    reason = 'another version of SIP';
    status = 505;
  } else if (versionFault !== 0) reason ??= 'malformed request line';
  else if (!isRequestUri(uri)) reason ??= 'malformed Request-URI';
  else if (cseq !== undefined && cseq.method !== method) reason ??= "CSeq's method is not the request line's";

  let maxForwards: number | undefined;
  const hops = fieldValue(octets, head, maxForwardsId);
  if (hops !== undefined) {
    maxForwards = digitsWithin(hops, 0, hops.length, 255);
    if (maxForwards < 0) {
      reason ??= 'malformed Max-Forwards';
      maxForwards = undefined;
    }
  }
  if (reason === undefined && !contactsWell(octets, head)) reason = 'malformed Contact';

  const request = new SipRequest(parts, method, uri, maxForwards);
  if (reason === undefined) return request;
  if (via === undefined || method === 'ACK' || !all(isToken, method, 0, method.length))
    return { kind: 'fault', reason };
  return { kind: 'fault', reason, status, message: request };
}

function fieldValue(octets: Octets, head: Head, id: number): Octets | undefined {
  const slot = slotOf(head.slots, id);
  return slot < 0 ? undefined : valueAt(octets, head.slots[slot + 2]!, head.slots[slot + 3]!, head.folded);
}

/** A reason, when a field that may stand once stands twice with different values. */
function conflict(octets: Octets, head: Head): string | undefined {
  const { slots, folded } = head;
  for (let slot = 0; slot < slots.length; slot += slotSize) {
    const id = slots[slot]!;
    if (!isSingle(id)) continue;
    const first = slotOf(slots, id);
    if (first === slot) continue;
    const one = valueAt(octets, slots[first + 2]!, slots[first + 3]!, folded);
    if (one !== valueAt(octets, slots[slot + 2]!, slots[slot + 3]!, folded))
      return 'a header field twice with different values';
  }
  return undefined;
}

/** 1*DIGIT LWS Method (RFC 3261 20.16, 8.1.1.5). */
function parseCSeq(value: Octets): CSeq | undefined {
  let end = 0;
  while (value.charCodeAt(end) >= 0x30 && value.charCodeAt(end) <= 0x39) end++;
  const number = digitsWithin(value, 0, end, 0x7fffffff);
  const method = skipSpace(value, end);
  if (number < 0 || method === end || !all(isToken, value, method, value.length)) return undefined;
  return { number, method: internMethod(value, method, value.length) };
}

/** The octets stated, or -1: digits only, and no number that wraps round in anybody's integer. */
export function parseContentLength(value: Octets): number {
  return digitsWithin(value, 0, value.length, 0x7fffffff);
}

/** The common methods as constants: compared by identity, and no tie to the message's memory. */
const methods = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'UPDATE',
  'INFO',
  'REFER',
  'SUBSCRIBE',
  'NOTIFY',
  'MESSAGE',
  'PUBLISH',
] as const;
const byFirst: Method[][] = Array.from({ length: 128 }, () => []);
for (const method of methods) byFirst[method.charCodeAt(0)]!.push(method);

function internMethod(text: Octets, start: number, end: number): Method {
  const candidates = byFirst[text.charCodeAt(start)];
  if (candidates !== undefined) {
    for (const method of candidates) if (method.length === end - start && text.startsWith(method, start)) return method;
  }
  return text.slice(start, end);
}

/** The status of "SIP/2.0 code phrase", or -1. The phrase, and by habit of some the space before it, may be missing. */
function statusOf(octets: Octets, start: number, end: number): number {
  if (!equalsNoCase(octets, start, start + 8, 'sip/2.0 ')) return -1;
  const stop = start + 11;
  if (stop > end || (stop < end && octets.charCodeAt(stop) !== 0x20)) return -1;
  const code = digitsWithin(octets, start + 8, stop, 699);
  return code < 100 ? -1 : code;
}

/** 0 when it is "SIP/2.0", 505 when it is another version of SIP, 400 when it is none. */
function versionOf(octets: Octets, start: number, end: number): 0 | 505 | 400 {
  if (equalsNoCase(octets, start, end, 'sip/2.0')) return 0;
  if (!equalsNoCase(octets, start, start + 4, 'sip/')) return 400;
  const dot = octets.indexOf('.', start);
  return dot < end && all(isDigit, octets, start + 4, dot) && all(isDigit, octets, dot + 1, end) ? 505 : 400;
}

/** A Request-URI is no list, no bracketed address, and a SIP one has no header fields in it (RFC 3261 19.1.1, 25.1). */
function isRequestUri(uri: Octets): boolean {
  const colon = schemeEnd(uri);
  if (colon < 0 || !all(isVisible, uri, colon + 1, uri.length)) return false;
  if (colon === 3 || colon === 4) {
    const parsed = parseUri(uri);
    return parsed !== undefined && parsed.headers === undefined;
  }
  return !uri.includes('<') && !uri.includes('>') && !uri.includes('"');
}

/** Every Contact of a request is "*" or an address. */
function contactsWell(octets: Octets, head: Head): boolean {
  const { slots } = head;
  for (let slot = 0; slot < slots.length; slot += slotSize) {
    if (slots[slot] !== contactId) continue;
    const value = valueAt(octets, slots[slot + 2]!, slots[slot + 3]!, head.folded);
    if (value === '*') continue;
    if (!value.includes(',')) {
      if (parseNameAddress(value) === undefined) return false;
      continue;
    }
    const items: Octets[] = [];
    splitList(value, items);
    for (const item of items) if (parseNameAddress(item) === undefined) return false;
  }
  return true;
}
