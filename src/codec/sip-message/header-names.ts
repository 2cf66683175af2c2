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

// An open-addressed table from the hash that the scan accumulates to the id; spelling and compact form both stand in it.
const size = 512;
const entries: { readonly text: string; readonly lower: string; readonly id: HeaderId }[][] = Array.from(
  { length: size },
  () => [],
);
/** One step of the hash over a name's octets, blind to the case of letters. */
export const hashStep = (hash: number, code: number): number => (Math.imul(hash, 31) + (code | 0x20)) | 0;

for (const [lower, id] of ids) {
  let hash = 0;
  for (let i = 0; i < lower.length; i++) hash = hashStep(hash, lower.charCodeAt(i));
  const text = lower.length > 1 ? spellings[id]! : lower.toUpperCase();
  entries[hash & (size - 1)]!.push({ text, lower, id });
}

/** The id of the name octets[start, end) whose hash is known; 0 when it is none of ours. Allocates nothing. */
export function headerIdAt(octets: string, start: number, end: number, hash: number): HeaderId {
  const bucket = entries[hash & (size - 1)]!;
  for (let i = 0; i < bucket.length; i++) {
    const entry = bucket[i]!;
    if (entry.text.length !== end - start) continue;
    if (octets.startsWith(entry.text, start)) return entry.id;
    let at = 0;
    while (at < entry.lower.length) {
      let code = octets.charCodeAt(start + at);
      if (code >= 0x41 && code <= 0x5a) code |= 0x20;
      if (code !== entry.lower.charCodeAt(at)) break;
      at++;
    }
    if (at === entry.lower.length) return entry.id;
  }
  return 0;
}

/** A name in any case, full or compact, as the lower-case full name: "f" and "FROM" are "from". */
export function headerName(anyCase: string): string {
  let id = ids.get(anyCase);
  if (id !== undefined) return lowers[id]!;
  const lower = anyCase.toLowerCase();
  id = ids.get(lower);
  return id === undefined ? lower : lowers[id]!;
}
