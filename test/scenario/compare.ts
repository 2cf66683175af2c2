/** Holds a message that left to the line that a ladder has for it, and writes one as a line. */
import { SipRequest, type SipResponse } from '#codec/sip-message';
import { draftOf } from '#policy/manipulation';
import { readPart, valuesOf } from '../../src/policy/manipulation/part.ts';
import type { Message } from './message.ts';
import { readSdpNotation } from './notation.ts';
import type { Phone } from './phone.ts';
import { placeIn } from './place-told.ts';
import { bodyText } from './watched.ts';
import type { Seen } from './world.ts';

export type Sent = Extract<Seen, { kind: 'send' }> & {
  readonly message: SipRequest | SipResponse;
  readonly peer: string;
};

/** The tag of the called side in a message: To of what goes to the callee or answers the caller. */
function calledTag(phone: Phone, message: SipRequest | SipResponse): string | undefined {
  const towardsCaller = message instanceof SipRequest && phone.caller;
  return towardsCaller ? message.from.tag : message.to.tag;
}

/** RFC 3262 3: it asks for a PRACK. */
function isReliable(message: SipRequest | SipResponse): boolean {
  return !(message instanceof SipRequest) && message.get('rseq') !== undefined;
}

/** Why an expectation and a message are not the same; undefined when they are. Names the tags it sees for the first time. */
export function difference(
  expected: Message,
  { message, flow }: Sent,
  again: boolean,
  phone: Phone,
  late: boolean,
): string | undefined {
  const { what } = expected;
  if (what.kind === 'request') {
    if (!(message instanceof SipRequest) || message.method !== what.method) return 'another message';
    if (what.user !== undefined && message.target?.user !== what.user) return 'another Request-URI';
  } else if (message instanceof SipRequest || message.status !== what.status || message.cseq.method !== what.method) {
    return 'another message';
  } else if (what.phrase !== undefined && message.phrase !== what.phrase) {
    return `another phrase: ${message.phrase}`;
  }
  if (late) return 'it has left at another time';
  if (again !== expected.again) return again ? 'it is sent again' : 'it is not the same octets again';
  if (isReliable(message) !== expected.reliable)
    return expected.reliable ? 'it is not sent reliably' : 'it is sent reliably, which no line says';
  if (flow.transport !== (expected.transport ?? 'udp')) return 'another transport';
  if (expected.tag !== undefined) {
    const tag = calledTag(phone, message) ?? '';
    const known = phone.tags.get(expected.tag);
    const taken = [...phone.tags].find(([name, value]) => value === tag && name !== expected.tag);
    if (taken) return `its tag is "${taken[0]}"`;
    if (known !== undefined && known !== tag) return 'another tag';
    phone.tags.set(expected.tag, tag);
  }
  const body = expected.body;
  if (body) {
    if (message.contentType !== body.type || bodyText(message) !== body.text) return 'another body';
  } else {
    const sdp = message.body === '' ? undefined : readSdpNotation(message.body);
    if (sdp !== expected.sdp) return 'another session description';
  }
  if (placeIn(message) !== expected.place) return `another place: ${placeIn(message)}`;
  for (const name of ['Authorization', 'Proxy-Authorization']) {
    const isNamed = expected.headers.some((clause) => clause.name.toLowerCase() === name.toLowerCase());
    if (!isNamed && message.get(name.toLowerCase()) !== undefined) return `it carries ${name}, which no line says`;
  }
  for (const { name, value, present } of expected.headers) {
    if (name.includes('.')) {
      const [part] = partOf(message, name);
      if (present !== (part !== undefined) || (present && part !== value)) return `${name}: ${part}`;
      continue;
    }
    const seen = message.get(name.toLowerCase());
    const values = message.fields().filter((field) => field.name === name.toLowerCase());
    if (present !== (seen !== undefined)) return present ? `no ${name}` : `a ${name}`;
    if (!present || value === '' || seen === value) continue;
    const all = values.map((field) => field.value).join(', ');
    if (all !== value) return `${name}: ${all}`;
  }
  return undefined;
}

/** `From.user`: a part of a header field, as rules name it. */
function partOf(message: SipRequest | SipResponse, name: string): readonly string[] {
  const part = readPart(name);
  if ('wrong' in part) throw new Error(part.wrong);
  return valuesOf(part, draftOf(message));
}

/** A message as a line of a ladder. */
export function describe(label: string, { message, flow }: Sent, again: boolean, phone: Phone | undefined): string {
  const words = [label, '<-'];
  if (message instanceof SipRequest) {
    words.push(message.method);
    if (message.target?.user !== undefined && message.method === 'INVITE' && message.to.tag === undefined)
      words.push(/^[+\d*]/.test(message.target.user) ? message.target.user : `${message.target.user}@`);
  } else {
    words.push(String(message.status));
    if (message.cseq.method !== 'INVITE') words.push(message.cseq.method);
  }
  const tag = phone && calledTag(phone, message);
  const name = phone && [...phone.tags].find(([, value]) => value === tag)?.[0];
  if (name !== undefined) words.push(`tag=${name}`);
  if (message.contentType === 'application/sdp') words.push(`sdp(${readSdpNotation(message.body)})`);
  else if (message.contentType === 'message/sipfrag') words.push(`sipfrag(${message.body.slice(8, -2)})`);
  else if (message.body !== '') words.push(`body(${message.contentType} ${bodyText(message)})`);
  if (placeIn(message) !== undefined) words.push(`place(${placeIn(message)})`);
  if (flow.transport !== 'udp') words.push(`by ${flow.transport}`);
  if (isReliable(message)) words.push('reliable');
  if (again) words.push('again');
  for (const name of ['Authorization', 'Proxy-Authorization'])
    if (message.get(name.toLowerCase()) !== undefined) words.push(`with ${name}`);
  return words.join(' ');
}
