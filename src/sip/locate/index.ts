export type { AddressRecord, DnsAnswer, DnsQuestion, DnsRecord, NaptrRecord, SrvRecord } from './dns.ts';
export type { DnsEntryView } from './dns-entry.ts';
export type { Found, Located, LocateRequest, LocateWaiter } from './located.ts';
export { Locator, type LocatorOptions } from './locator.ts';
export { defaultPorts } from './services.ts';
