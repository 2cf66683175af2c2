import type { ManagementConfiguration } from '#engine/ports';
import { usualManagementPort } from './compile-management-place.ts';
import type { Files } from './files.ts';
import { passwordOf } from './passwords.ts';
import type { ManagementEntry } from './schema-management.ts';

/** From `management` to what the management process uses. */
export function compileManagement(entry: ManagementEntry, files: Files): ManagementConfiguration {
  const { listen, tls, 'behind-proxy': behindProxy, url, metrics, sessions, tokens, audit, oidc } = entry;
  return {
    listen: { host: listen.host, port: listen.port ?? usualManagementPort },
    ...(tls && { tls }),
    ...(behindProxy && { behindProxy }),
    ...(url !== undefined && { url: new URL(url).origin }),
    ...(metrics && { metrics }),
    sessions,
    tokens,
    audit,
    ...(oidc && { oidc: compileOidc(oidc, files) }),
  };
}

function compileOidc(
  entry: NonNullable<ManagementEntry['oidc']>,
  files: Files,
): NonNullable<ManagementConfiguration['oidc']> {
  const { issuer, 'client-id': clientId, 'client-secret': password, 'client-secret-file': file } = entry;
  const isSecret = password !== undefined || file !== undefined;
  return {
    issuer,
    clientId,
    ...(isSecret && { clientSecret: passwordOf({ password, 'password-file': file }, files) }),
    claim: entry.claim,
    scopes: entry.scopes,
    roles: entry.roles.map(({ value, role, sites }) => ({ value, role, ...(sites && { sites }) })),
  };
}
