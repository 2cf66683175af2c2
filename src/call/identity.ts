import type { Header, SipRequest } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets, toOctets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { rehosted } from './headers.ts';

/** Who calls, as one trunk is to hear it. */
export interface IdentityHeaders {
  /** The value of From, without its tag. */
  readonly from: Octets;
  readonly asserted: readonly Header[];
}

/**
 * The caller under the trunk's host. Where the trunk wants to see the account that pays, From names that one and the
 * caller stands in P-Asserted-Identity (RFC 3325); an anonymous caller stays anonymous in From either way (RFC 3323 4.1.1.3).
 */
export function identityHeaders({ identity }: Trunk, invite: SipRequest, local: HostPort): IdentityHeaders {
  const caller = rehosted(invite.get('from') ?? '', local) ?? `<sip:${bracketed(local.host)}>`;
  const asserted: Header[] = [];
  for (const value of invite.all('p-asserted-identity')) {
    // The asserted number crosses between trunks of one organisation, its host does not.
    const crossed = rehosted(value, local);
    if (crossed !== undefined) asserted.push(['P-Asserted-Identity', crossed]);
  }
  if (identity?.from !== 'identity') return { from: caller, asserted };
  const display = identity.display === undefined ? '' : `"${toOctets(identity.display).replace(/["\\]/g, '')}" `;
  const own = `${display}<sip:${identity.user}@${bracketed(local.host)}>`;
  if (caller.includes('anonymous@anonymous.invalid')) {
    return { from: caller, asserted: asserted.length > 0 ? asserted : [['P-Asserted-Identity', own]] };
  }
  return { from: own, asserted: asserted.length > 0 ? asserted : [['P-Asserted-Identity', caller]] };
}
