export type { AddressRecord, DnsAnswer, DnsQuestion, DnsRecord, NaptrRecord, SrvRecord } from './dns.ts';
