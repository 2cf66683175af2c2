import { formatHostPort } from '#kernel';
import { covers, isLoopback, isManifold, isName } from './addresses.ts';
import { checkCertificate, checkPasswordFile } from './check-certificates.ts';
import type { Context, PlacedListener } from './check-context.ts';
import { compileManagement } from './compile-management.ts';
import type { ManagementEntry } from './schema-management.ts';

/** That who runs the program can be reached, and his password not be read on the way. */
export function checkManagement(context: Context, listeners: readonly PlacedListener[]): void {
  const entry = context.draft.management;
  if (!entry) return;
  const { report, files } = context;
  const { listen } = compileManagement(entry, files);
  const path = ['management'];
  if (isManifold(listen.host))
    report('TDM-1204', [...path, 'listen'], `${listen.host} is not the address of one machine.`);
  else if (!isLoopback(listen.host) && !entry.tls && !entry['behind-proxy'])
    report('TDM-1248', [...path, 'listen'], `passwords would go to ${listen.host} in clear.`);
  const other = listeners.find(
    ({ it }) =>
      it.transport !== 'udp' &&
      it.bind.port === listen.port &&
      (covers(it.bind.host, listen.host) || covers(listen.host, it.bind.host)),
  );
  if (other)
    report(
      'TDM-1206',
      [...path, 'listen'],
      `listener "${other.it.name}" has ${other.it.transport} ${formatHostPort(other.it.bind)} already.`,
      'Give one of them another port.',
    );
  checkUrl(entry, context);
  const { idle, lifetime } = entry.sessions;
  if (idle > lifetime)
    report(
      'TDM-1216',
      [...path, 'sessions', 'idle'],
      'a session ends by its `lifetime` before.',
      'Make `idle` the shorter one.',
    );
  checkOidc(entry, context);
}

function checkUrl({ tls, url, 'behind-proxy': proxies }: ManagementEntry, context: Context): void {
  const { report } = context;
  const certificate = tls && checkCertificate(tls, ['management', 'tls'], context);
  if (url === undefined) return;
  const { protocol, hostname, pathname, search, hash } = new URL(url);
  const path = ['management', 'url'];
  if (pathname !== '/' || search !== '' || hash !== '')
    report('TDM-1249', path, 'there is more than a host in it.', `Write ${new URL(url).origin}.`);
  else if (protocol === 'https:' && !tls && !proxies)
    report('TDM-1249', path, 'nobody speaks HTTPS.', 'Give `tls`, or name the proxy that does in `behind-proxy`.');
  else if (protocol === 'http:' && tls) report('TDM-1249', path, '`tls` speaks HTTPS.', 'Write https.');
  else if (certificate && isName(hostname) && certificate.checkHost(hostname) === undefined)
    report(
      'TDM-1306',
      ['management', 'tls', 'certificate'],
      `it does not bear the name ${hostname}, which \`url\` tells.`,
    );
}

function checkOidc({ oidc, url }: ManagementEntry, context: Context): void {
  if (!oidc) return;
  const { draft, report } = context;
  const path = ['management', 'oidc'];
  if (url === undefined) report('TDM-1250', path, 'there is no `url` for who has signed in to come back to.');
  const { protocol, hostname } = new URL(oidc.issuer);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http:' && host !== 'localhost' && !isLoopback(host))
    report('TDM-1251', [...path, 'issuer'], `${hostname} would be asked in clear.`);
  const { 'client-secret': secret, 'client-secret-file': file } = oidc;
  if (secret !== undefined && file !== undefined)
    report(
      'TDM-1216',
      [...path, 'client-secret-file'],
      '`client-secret` gives the secret already.',
      'Remove one of them.',
    );
  else if (file !== undefined) checkPasswordFile(file, [...path, 'client-secret-file'], context);
  for (const [index, { sites = [] }] of oidc.roles.entries())
    for (const [at, site] of sites.entries())
      if (!draft.sites.some((one) => one?.name === site))
        report('TDM-1202', [...path, 'roles', index, 'sites', at], `there is no site "${site}".`);
}
