import type { IdentityPolicy, Trunk } from '#policy/configuration';

/**
 * What holds of identities at a trunk whose configuration says nothing of them: what is ours, or stands in our house, is
 * believed; a provider is not.
 */
export function identityPolicy({ kind, callerIdentity }: Trunk): IdentityPolicy {
  return (
    callerIdentity ?? {
      trusted: kind !== 'itsp',
      header: 'p-asserted-identity',
      history: 'history-info',
      privacy: 'header',
    }
  );
}
