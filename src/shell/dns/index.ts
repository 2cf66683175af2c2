export { DnsResolver, type DnsResolverOptions } from './resolver.ts';
