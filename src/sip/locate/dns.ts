/** A question to the DNS, as RFC 3263 asks them. */
export interface DnsQuestion {
  readonly type: 'NAPTR' | 'SRV' | 'A' | 'AAAA';
  /** Lower case, without the root's dot. */
  readonly name: string;
}

export interface NaptrRecord {
  readonly type: 'NAPTR';
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  /** A substitution (RFC 3402 3.2); ENUM lives by it, SIP's own records have none. */
  readonly regexp?: string;
  readonly replacement: string;
}

export interface SrvRecord {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export interface AddressRecord {
  readonly type: 'A' | 'AAAA';
  /** IP literal in canonical form. */
  readonly address: string;
}

export type DnsRecord = NaptrRecord | SrvRecord | AddressRecord;

/** `ttl` in ms. */
export type DnsAnswer =
  | { readonly kind: 'records'; readonly records: readonly DnsRecord[]; readonly ttl: number }
  /** There is no such name, or it has nothing of this type (RFC 2308). */
  | { readonly kind: 'none'; readonly reason: 'no-such-name' | 'no-data'; readonly ttl: number }
  /** No server answered, or none knew. */
  | { readonly kind: 'failed'; readonly reason: string };
