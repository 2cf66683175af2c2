import { isIpv4Address, isIpv6Address } from '#codec/sip-message';
import type { DnsAnswer, DnsQuestion, DnsRecord } from './dns.ts';
import { domainName } from './domain-name.ts';
import { locateLimits } from './limits.ts';
import { serviceTransports } from './services.ts';

/** What a server said; not that none did. */
export type Said = Exclude<DnsAnswer, { kind: 'failed' }>;

/** An answer as far as it makes sense for SIP: the records of the right type with valid names, bounded, the best first. */
export function cleanAnswer(question: DnsQuestion, answer: Said): Said {
  if (answer.kind === 'none') return answer;
  const records = answer.records
    .filter(({ type }) => type === question.type)
    .flatMap((record): DnsRecord[] => cleanRecord(record) ?? [])
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, locateLimits.records);
  if (records.length === 0) return { kind: 'none', reason: 'no-data', ttl: answer.ttl };
  return { kind: 'records', records, ttl: answer.ttl };
}

function cleanRecord(record: DnsRecord): DnsRecord[] | undefined {
  switch (record.type) {
    case 'A':
      return isIpv4Address(record.address) && record.address !== '0.0.0.0' ? [record] : undefined;
    case 'AAAA':
      return isIpv6Address(record.address) && record.address !== '::' ? [record] : undefined;
    case 'SRV': {
      if (isRoot(record.target)) return [{ ...record, target: '.' }];
      const target = domainName(record.target);
      return target !== undefined && record.port > 0 ? [{ ...record, target }] : undefined;
    }
    case 'NAPTR': {
      // RFC 3263 4.1: services of SIP lead to SRV records by flag "s". Others, as those of ENUM, are not ours.
      const replacement = domainName(record.replacement);
      const service = record.service.toLowerCase();
      const flags = record.flags.toLowerCase();
      if (replacement === undefined || flags !== 's' || !serviceTransports.has(service)) return undefined;
      return [{ ...record, flags, service, replacement }];
    }
  }
}

function rank(record: DnsRecord): number {
  switch (record.type) {
    case 'SRV':
      return record.priority;
    case 'NAPTR':
      return record.order * 0x1_0000 + record.preference;
    default:
      return 0;
  }
}

function isRoot(name: string): boolean {
  return name === '' || name === '.';
}
