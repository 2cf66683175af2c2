import type { Certificate } from './certificate.ts';
import { day, weakness } from './chain.ts';

/** What is told of one certificate, or of one set of roots. */
export interface Inspection {
  /** `listener lan/tls`, `trunk acme`. */
  readonly users: readonly string[];
  readonly kind: 'certificate' | 'trust';
  readonly files: readonly string[];
  readonly names: readonly string[];
  readonly issuer: string | undefined;
  /** ISO 8601; of trust, the root that ends first. */
  readonly notAfter: string | undefined;
  readonly daysLeft: number | undefined;
  readonly warnings: readonly string[];
  /** ISO 8601; when what is in force was read. */
  readonly loaded: string | undefined;
  /** Why the files as they are now are not in force. */
  readonly problem: string | undefined;
}

const dayLength = 86_400_000;
export const serverUsage = '1.3.6.1.5.5.7.3.1';
export const clientUsage = '1.3.6.1.5.5.7.3.2';
export const anyUsage = '2.5.29.37.0';

export function daysLeft({ x509 }: Certificate, wall: number): number {
  return Math.floor((x509.validToDate.getTime() - wall) / dayLength);
}

/** What is, or soon will be, wrong with a certificate of ours. `chain` begins with it. */
export function certificateWarnings(
  chain: readonly Certificate[],
  wall: number,
  roles: { readonly server: boolean; readonly client: boolean },
): readonly string[] {
  const leaf = chain[0]!;
  const warnings = [...ageWarnings('the certificate', leaf, wall)];
  for (const issuer of chain.slice(1)) warnings.push(...ageWarnings(`"${issuer.subject}" of its chain`, issuer, wall));
  const weak = weakness(leaf.x509);
  if (weak !== undefined) warnings.push(`the certificate ${weak}`);
  const { usages, identity } = leaf;
  const lacks = (usage: string) => usages !== undefined && !usages.includes(usage) && !usages.includes(anyUsage);
  if (roles.server && lacks(serverUsage)) warnings.push('the certificate is not for TLS servers (serverAuth)');
  if (roles.client && lacks(clientUsage))
    warnings.push('the certificate is not for TLS clients (clientAuth): peers that check it refuse our connections');
  if (identity.names.length + identity.addresses.length === 0) warnings.push('the certificate bears no name');
  const top = chain.at(-1)!;
  if (chain.length === 1 && top.x509.subject === top.x509.issuer) warnings.push('the certificate is self-signed');
  return warnings;
}

/** What is, or soon will be, wrong with roots that peers are trusted by. */
export function trustWarnings(roots: readonly Certificate[], wall: number): readonly string[] {
  return roots.flatMap((root) => ageWarnings(`the root "${root.subject}"`, root, wall));
}

export function ageWarnings(what: string, certificate: Certificate, wall: number): readonly string[] {
  const { validFromDate, validToDate } = certificate.x509;
  if (wall < validFromDate.getTime()) return [`${what} is not valid before ${day(validFromDate)}`];
  if (wall > validToDate.getTime()) return [`${what} expired on ${day(validToDate)}`];
  const left = daysLeft(certificate, wall);
  // The figure goes down from day to day and the words must not: who is told once is not told again each day.
  if (left < 7) return [`${what} expires within 7 days, on ${day(validToDate)}`];
  return left < 30 ? [`${what} expires within 30 days, on ${day(validToDate)}`] : [];
}
