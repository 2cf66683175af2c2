import { classes, isToken } from './octet-classes.ts';

/**
 * The header fields we know by number, so that a message is scanned without a string made per name. Of the first group a
 * message may carry one only (RFC 3261 7.3.1); a second that says something else is refused, since two elements
 * could each believe another one.
 */
const single = [
  'Call-ID',
  'CSeq',
  'From',
  'To',
  'Max-Forwards',
  'Content-Length',
  'Content-Type',
  'Content-Disposition',
  'Event',
  'Expires',
  'Min-Expires',
  'Min-SE',
  'RAck',
  'Refer-To',
  'Referred-By',
  'Replaces',
  'RSeq',
  'Session-Expires',
] as const;

/** Comma-separated lists: `all()` splits them. */
const lists = [
  'Via',
  'Contact',
  'Route',
  'Record-Route',
  'Accept',
  'Accept-Contact',
  'Accept-Encoding',
  'Accept-Language',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Call-Info',
  'Content-Encoding',
  'Content-Language',
  'Diversion',
  'Error-Info',
  'Geolocation',
  'History-Info',
  'In-Reply-To',
  'P-Asserted-Identity',
  'P-Preferred-Identity',
  'Path',
  'Proxy-Require',
  'Reason',
  'Recv-Info',
  'Reject-Contact',
  'Request-Disposition',
  'Require',
  'Resource-Priority',
  'Security-Client',
  'Security-Server',
  'Security-Verify',
  'Service-Route',
  'Supported',
  'Unsupported',
  'Warning',
] as const;

/** Taken whole, however often they come: their commas may be part of the value (dates, challenges). */
const whole = [
  'Authentication-Info',
  'Authorization',
  'Date',
  'Flow-Timer',
  'Geolocation-Error',
  'Geolocation-Routing',
  'Identity',
  'Identity-Info',
  'Info-Package',
  'Join',
  'MIME-Version',
  'Organization',
  'P-Access-Network-Info',
  'P-Charging-Vector',
  'P-Early-Media',
  'Priority',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Remote-Party-ID',
  'Reply-To',
  'Retry-After',
  'Server',
  'SIP-ETag',
  'SIP-If-Match',
  'Session-ID',
  'Subject',
  'Subscription-State',
  'Target-Dialog',
  'Timestamp',
  'User-Agent',
  'User-to-User',
  'WWW-Authenticate',
] as const;

/** RFC 3261 7.3.3 and the registry of later ones. */
const compact: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  n: 'Identity-Info',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

/** A known name's number; 0 stands for every other name. */
export type HeaderId = number;

const spellings: string[] = ['', ...single, ...lists, ...whole];
const lowers: string[] = spellings.map((spelling) => spelling.toLowerCase());
const ids = new Map<string, HeaderId>(lowers.map((lower, id) => [lower, id]));
for (const [letter, spelling] of Object.entries(compact)) ids.set(letter, ids.get(spelling.toLowerCase())!);
ids.delete('');

/** The number of a name in lower case, full or compact. */
export const headerId = (lower: string): HeaderId => ids.get(lower) ?? 0;
export const lowerName = (id: HeaderId): string => lowers[id]!;
export const isSingle = (id: HeaderId): boolean => id > 0 && id <= single.length;
export const isList = (id: HeaderId): boolean => id > single.length && id <= single.length + lists.length;

export const callIdId = headerId('call-id');
export const cseqId = headerId('cseq');
export const fromId = headerId('from');
export const toId = headerId('to');
export const viaId = headerId('via');
export const contactId = headerId('contact');
export const maxForwardsId = headerId('max-forwards');
export const contentLengthId = headerId('content-length');
export const contentTypeId = headerId('content-type');

/**
 * An automaton that reads a name octet by octet, blind to the case of letters: `state = nameSteps[state | class]`, then
 * `nameIds[state >> 5]`. State 0 is that of all other names. Scanning a name and knowing it is one pass without a string.
 */
export const nameStart = 1 << 5;
/** 0: no octet of a name. 1: one that none of ours has. */
export const nameClasses = new Uint8Array(256);
const steps: number[] = new Array(64).fill(0);
const ends: HeaderId[] = [0, 0];

for (let code = 0; code < 256; code++) if ((classes[code]! & isToken) !== 0) nameClasses[code] = 1;
for (let letter = 0; letter < 26; letter++) nameClasses[0x41 + letter] = nameClasses[0x61 + letter] = 2 + letter;
nameClasses[0x2d] = 28;

for (const [lower, id] of ids) {
  let state = nameStart;
  for (let i = 0; i < lower.length; i++) {
    const slot = state | nameClasses[lower.charCodeAt(i)]!;
    if (steps[slot] === 0) {
      steps[slot] = ends.length << 5;
      ends.push(0);
      for (let fresh = 0; fresh < 32; fresh++) steps.push(0);
    }
    state = steps[slot]!;
  }
  ends[state >> 5] = id;
}
export const nameSteps = Uint16Array.from(steps);
export const nameIds = Uint8Array.from(ends);

/** A name in any case, full or compact, as the lower-case full name: "f" and "FROM" are "from". */
export function headerName(anyCase: string): string {
  let id = ids.get(anyCase);
  if (id !== undefined) return lowers[id]!;
  const lower = anyCase.toLowerCase();
  id = ids.get(lower);
  return id === undefined ? lower : lowers[id]!;
}

/** A message may carry one such field only. Any case, full or compact; the same of `isListField`. */
export const isSingleField = (name: string): boolean => isSingle(headerId(headerName(name)));

/** Its value is a comma-separated list. */
export const isListField = (name: string): boolean => isList(headerId(headerName(name)));
