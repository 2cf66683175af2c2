import { SocketAddress } from 'node:net';
import { type Answer, type DecodedPacket, decode, encode, RECURSION_DESIRED, type StringAnswer } from 'dns-packet';
import type { DnsAnswer, DnsQuestion, DnsRecord } from '#engine/ports';

/** What fits into one datagram nearly everywhere: the size that is offered by EDNS (RFC 6891 6.2.5). */
const datagramSize = 1232;
/** Records of one reply, all sections: more would be work for nothing. */
const maxRecords = 512;
/** Aliases in one reply. */
const maxAliases = 8;

/** What a server replied. */
export type Reply =
  | { readonly kind: 'said'; readonly answer: Exclude<DnsAnswer, { kind: 'failed' }> }
  /** The name is an alias, and the server leaves it to us to ask for the other. `ttl` in ms. */
  | { readonly kind: 'alias'; readonly name: string; readonly ttl: number }
  /** It did not fit: ask by TCP. */
  | { readonly kind: 'truncated' }
  /** Nothing that helps. `plain`: it may be EDNS that it does not know (RFC 6891 7). */
  | { readonly kind: 'failed'; readonly reason: string; readonly plain: boolean };

export function encodeQuery(id: number, { type, name }: DnsQuestion, edns: boolean): Buffer {
  const options: Answer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: datagramSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name, class: 'IN' }],
    additionals: edns ? [options] : [],
  });
}

/** Reads what came from the server that was asked. Undefined: it is not the reply to this question. Never throws. */
export function readReply(data: Buffer, id: number, question: DnsQuestion): Reply | undefined {
  if (data.length < 12 || data.readUInt16BE(0) !== id) return undefined;
  const flags = data.readUInt16BE(2);
  const isQueryResponse = (flags & 0xf800) === 0x8000;
  if (!isQueryResponse) return undefined;
  const code = flags & 0x0f;
  const isTruncated = (flags & 0x0200) !== 0;
  const counts = [4, 6, 8, 10].map((at) => data.readUInt16BE(at));
  if (counts.reduce((sum, count) => sum + count) > maxRecords) return failed('too many records');
  // Servers that cannot read a query do not repeat its question.
  if (counts[0] === 0 && code !== 0) return failed(codeName(code), isPlain(code));
  let packet: DecodedPacket;
  try {
    packet = decode(data);
  } catch {
    return isTruncated ? { kind: 'truncated' } : failed('malformed reply');
  }
  if (!isAbout(packet, question)) return undefined;
  if (isTruncated) return { kind: 'truncated' };
  const extended = packet.additionals?.find((answer) => answer.type === 'OPT')?.extendedRcode ?? 0;
  if (extended !== 0) return failed(`RCODE ${extended * 16 + code}`, true);
  if (code !== 0 && code !== nameError) return failed(codeName(code), isPlain(code));
  return readAnswer(packet, question, code === nameError);
}

function readAnswer(packet: DecodedPacket, question: DnsQuestion, isNameError: boolean): Reply {
  let name = question.name;
  let ttl = Number.POSITIVE_INFINITY;
  for (let aliases = 0; aliases <= maxAliases; aliases++) {
    const owned = (packet.answers ?? []).filter((answer) => lower(answer.name) === name && isInternet(answer));
    const records = owned.filter(({ type }) => type === question.type);
    if (records.length > 0) {
      for (const record of records) ttl = Math.min(ttl, ttlOf(record));
      return { kind: 'said', answer: { kind: 'records', records: records.flatMap(recordOf), ttl } };
    }
    const alias = owned.find(isAlias);
    if (!alias) return readNothing(packet, question, name, ttl, isNameError);
    ttl = Math.min(ttl, ttlOf(alias));
    name = lower(alias.data);
    if (!isSendable(name)) return failed('malformed alias');
  }
  return failed('too many aliases');
}

/** RFC 2308 2: no such name, no such record, or a server that knows nothing of it. */
function readNothing(
  packet: DecodedPacket,
  question: DnsQuestion,
  name: string,
  aliasTtl: number,
  isNameError: boolean,
): Reply {
  const authorities = packet.authorities ?? [];
  const soa = authorities.find((answer) => answer.type === 'SOA');
  // Section 5: how long is the lesser of the two; without a SOA record it is not to be kept.
  const ttl = soa ? Math.min(aliasTtl, ttlOf(soa), (soa.data.minimum ?? 0) * 1000) : 0;
  if (isNameError) return { kind: 'said', answer: { kind: 'none', reason: 'no-such-name', ttl } };
  if (!soa && name !== question.name) return { kind: 'alias', name, ttl: aliasTtl };
  if (!soa && authorities.some(({ type }) => type === 'NS')) return failed('it refers to others: it does not recurse');
  return { kind: 'said', answer: { kind: 'none', reason: 'no-data', ttl } };
}

function isAbout({ questions }: DecodedPacket, { type, name }: DnsQuestion): boolean {
  const [asked, ...others] = questions ?? [];
  return (
    asked !== undefined &&
    others.length === 0 &&
    asked.type === type &&
    asked.class === 'IN' &&
    lower(asked.name) === name
  );
}

function recordOf(answer: Answer): DnsRecord[] {
  switch (answer.type) {
    case 'A':
      return [{ type: 'A', address: answer.data }];
    case 'AAAA':
      // As everybody else writes it: addresses are compared as text.
      return [{ type: 'AAAA', address: new SocketAddress({ address: answer.data, family: 'ipv6' }).address }];
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = answer.data;
      return [{ type: 'SRV', priority, weight, port, target: lower(target) }];
    }
    case 'NAPTR': {
      const { order, preference, flags, services, regexp, replacement } = answer.data;
      const naptr = {
        type: 'NAPTR',
        order,
        preference,
        flags,
        service: services,
        replacement: lower(replacement),
      } as const;
      return [regexp === '' ? naptr : { ...naptr, regexp }];
    }
    default:
      return [];
  }
}

const nameError = 3;
const codes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

function codeName(code: number): string {
  return codes[code] ?? `RCODE ${code}`;
}

function isPlain(code: number): boolean {
  return code === 1 || code === 4;
}

function isAlias(answer: Answer): answer is StringAnswer {
  return answer.type === 'CNAME';
}

/** Printable and not too long: it may have to be asked for. */
function isSendable(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return name.length <= 253;
}

function isInternet(answer: Answer): boolean {
  return 'class' in answer && answer.class === 'IN';
}

/** Ms. One of 2^31 s or more counts as 0 (RFC 2181 8). */
function ttlOf(answer: Answer): number {
  const seconds = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
  return seconds > 0x7fff_ffff ? 0 : seconds * 1000;
}

function lower(name: string): string {
  return name.toLowerCase();
}

function failed(reason: string, plain = false): Reply {
  return { kind: 'failed', reason, plain };
}
