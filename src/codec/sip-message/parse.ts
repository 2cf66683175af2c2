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
import { topLevelComma } from './lists.ts';
import {
  type CSeq,
  type Method,
  type ParseFault,
  type Parts,
  type SipMessage,
  SipRequest,
  SipResponse,
} from './message.ts';
import { type NameAddress, readNameAddress } from './name-address.ts';
import {
  all,
  classes,
  digitsWithin,
  equalsNoCase,
  isDigit,
  isToken,
  isVisible,
  skipSpace,
  trimEnd,
} from './octet-classes.ts';
import { Params } from './params.ts';
import { type Head, scanHead, slotOf, slotSize, valueAt } from './scan.ts';
import { readUri, type SipUri } from './uri.ts';
import { readVia, salvageVia, type Via } from './via.ts';

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
  const start = head.lineStart;
  const end = head.lineEnd;
  const isResponse = equalsNoCase(octets, start, start + 4, 'sip/');
  const methodEnd = isResponse ? start : tokenEnd(octets, start);
  const method = internMethod(octets, start, methodEnd);

  let reason = head.reason ?? (head.repeated ? conflict(octets, head) : undefined);
  let status = head.status ?? 400;

  let via = readField(octets, head, viaId, readTopVia);
  if (via === undefined) {
    reason ??= 'no Via or a malformed one';
    via = readField(octets, head, viaId, salvageVia);
  }
  const callId = readField(octets, head, callIdId, readCallId);
  if (callId === undefined) reason ??= 'no Call-ID or a malformed one';
  const cseq = readField(octets, head, cseqId, readCSeq);
  if (cseq === undefined) reason ??= 'no CSeq or a malformed one';
  const from = readField(octets, head, fromId, readNameAddress);
  if (from === undefined) reason ??= 'no From or a malformed one';
  const to = readField(octets, head, toId, readNameAddress);
  if (to === undefined) reason ??= 'no To or a malformed one';

  // A datagram's body ends with it or where Content-Length says; a body that was cut short is no body (RFC 3261 18.3).
  const bodyAt = head.bodyAt < 0 ? octets.length : head.bodyAt;
  let bodyEnd = octets.length;
  const stated = readField(octets, head, contentLengthId, readContentLength);
  if (stated !== undefined) {
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

  if (isResponse) {
    const code = statusOf(octets, start, end);
    if (code < 0) reason ??= 'malformed status line';
    if (reason !== undefined) return { kind: 'fault', reason };
    return new SipResponse(parts, code, octets.slice(Math.min(start + 12, end), end));
  }

  const uriStart = methodEnd + 1;
  const uriEnd = octets.indexOf(' ', uriStart);
  let target: SipUri | undefined;
  if (octets.charCodeAt(methodEnd) !== 0x20 || methodEnd === start || uriEnd <= uriStart || uriEnd > end)
    reason ??= 'malformed request line';
  else {
    target = readUri(octets, uriStart, uriEnd);
    const versionStatus = versionOf(octets, uriEnd + 1, end);
    if (versionStatus === 505) {
      // Whatever else is wrong may be right in that version.
      reason = 'another version of SIP';
      status = 505;
    } else if (versionStatus !== 0) reason ??= 'malformed request line';
    // Header fields have no place in a Request-URI (RFC 3261 19.1.1).
    else if (target === undefined || target.headers !== undefined) reason ??= 'malformed Request-URI';
    else if (cseq !== undefined && cseq.method !== method && reason === undefined) {
      reason = "CSeq's method is not the request line's";
      // Not Implemented says more of a method nobody here knows (RFC 4475 3.1.2.18).
      if (!(methods as readonly string[]).includes(method)) status = 501;
    }
  }

  let maxForwards = readField(octets, head, maxForwardsId, readMaxForwards);
  if (maxForwards === -1) {
    reason ??= 'malformed Max-Forwards';
    maxForwards = undefined;
  }
  if (reason === undefined && !contactsWell(octets, head)) reason = 'malformed Contact';

  const uri = target === undefined ? '' : octets.slice(uriStart, uriEnd);
  const request = new SipRequest(parts, method, uri, target, maxForwards);
  if (reason === undefined) return request;
  if (via === undefined || method === 'ACK' || method === '') return { kind: 'fault', reason };
  return { kind: 'fault', reason, status, message: request };
}

type Read<T> = (text: Octets, start: number, end: number) => T | undefined;

/** What `read` makes of the first field of that name: in place, unless it was folded. */
function readField<T>(octets: Octets, head: Head, id: number, read: Read<T>): T | undefined {
  const slot = slotOf(head.slots, id);
  if (slot < 0) return undefined;
  const start = head.slots[slot + 2]!;
  const end = head.slots[slot + 3]!;
  if (!head.folded) return read(octets, start, end);
  const value = valueAt(octets, start, end, true);
  return read(value, 0, value.length);
}

function readTopVia(text: Octets, start: number, end: number): Via | undefined {
  const comma = topLevelComma(text, start, end);
  return readVia(text, start, comma < 0 ? end : trimEnd(text, start, comma));
}

/** Opaque to all, so what is visible passes: clients do use more than the grammar's `word`. */
function readCallId(text: Octets, start: number, end: number): Octets | undefined {
  return all(isVisible, text, start, end) ? text.slice(start, end) : undefined;
}

/** 1*DIGIT LWS Method (RFC 3261 20.16, 8.1.1.5). */
function readCSeq(text: Octets, start: number, end: number): CSeq | undefined {
  let at = start;
  while (at < end && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
  const number = digitsWithin(text, start, at, 0x7fffffff);
  const method = skipSpace(text, at);
  if (number < 0 || method === at || !all(isToken, text, method, end)) return undefined;
  return { number, method: internMethod(text, method, end) };
}

/** The octets stated, or -1: digits only, and no number that wraps round in anybody's integer. */
export function readContentLength(text: Octets, start: number, end: number): number {
  return digitsWithin(text, start, end, 0x7fffffff);
}

/** 0..255 (RFC 3261 20.22), or -1. */
function readMaxForwards(text: Octets, start: number, end: number): number {
  return digitsWithin(text, start, end, 255);
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

/** Every Contact of a request is "*" or an address. */
function contactsWell(octets: Octets, head: Head): boolean {
  const { slots } = head;
  for (let slot = 0; slot < slots.length; slot += slotSize) {
    if (slots[slot] !== contactId) continue;
    let text = octets;
    let at = slots[slot + 2]!;
    let end = slots[slot + 3]!;
    if (head.folded) {
      text = valueAt(octets, at, end, true);
      at = 0;
      end = text.length;
    }
    if (end - at === 1 && text.charCodeAt(at) === 0x2a) continue;
    while (at < end) {
      const comma = topLevelComma(text, at, end);
      const stop = comma < 0 ? end : comma;
      if (readNameAddress(text, at, trimEnd(text, at, stop)) === undefined) return false;
      at = comma < 0 ? end : comma + 1;
    }
  }
  return true;
}

function tokenEnd(text: Octets, at: number): number {
  while ((classes[text.charCodeAt(at)]! & isToken) !== 0) at++;
  return at;
}
