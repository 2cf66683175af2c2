import type { X509Certificate } from 'node:crypto';
import { formatHostPort, type HostPort } from '#kernel';
import { covers, isLoopback, isManifold, isName } from './addresses.ts';
import { checkCertificate, checkPasswordFile } from './check-certificates.ts';
import { type Context, type PlacedListener, says } from './check-context.ts';
import { compileHealthPlace, compileManagementPlace } from './compile-management-place.ts';
import type { Endpoint } from './leaves.ts';
import type { Path } from './problems.ts';
import type { ManagementEntry } from './schema-management.ts';

/** That who runs the program can be reached, and his password not be read on the way. */
export function checkManagement(context: Context, listeners: readonly PlacedListener[]): void {
  const { draft, report } = context;
  const entry = draft.management;
  const nodes = draft.nodes.map((node, index) => ({ node, path: ['nodes', index, 'management'] }));
  if (!entry) {
    for (const { node, path } of nodes)
      if (node?.management && !says(context, 'management'))
        report(
          'TDM-1216',
          path,
          'there is no `management`, so the API is at its Unix socket alone.',
          'Add `management`.',
        );
    return;
  }
  const { tls } = entry;
  const certificate = tls && checkCertificate(tls, ['management', 'tls'], context);
  const moved = nodes.filter(({ node }) => node?.management?.listen).flatMap(({ node }) => node!.listeners);
  const checks = { entry, certificate, context };
  checkListen(
    checks,
    entry.listen,
    ['management', 'listen'],
    listeners.filter(({ it }) => !moved.includes(it.name)),
  );
  checkUrl(checks, entry.url, ['management', 'url']);
  for (const { node, path } of nodes) {
    const { listen, url } = node?.management ?? {};
    const own = listeners.filter(({ it }) => node?.listeners.includes(it.name));
    if (listen) checkListen(checks, listen, [...path, 'listen'], own);
    checkUrl(checks, url, [...path, 'url']);
  }
  const { idle, lifetime } = entry.sessions;
  if (idle > lifetime)
    report(
      'TDM-1216',
      ['management', 'sessions', 'idle'],
      'a session ends by its `lifetime` before.',
      'Make `idle` the shorter one.',
    );
  checkOidc(entry, context);
}

interface Checks {
  readonly entry: ManagementEntry;
  readonly certificate: X509Certificate | undefined;
  readonly context: Context;
}

/** `listeners`: those of the same machine. */
function checkListen({ entry, context }: Checks, at: Endpoint, path: Path, listeners: readonly PlacedListener[]): void {
  const { report } = context;
  const { host, port } = compileManagementPlace({ listen: at }).listen!;
  if (isManifold(host)) report('TDM-1204', path, `${host} is not the address of one machine.`);
  else if (!isLoopback(host) && !entry.tls && !entry['behind-proxy'])
    report('TDM-1248', path, `passwords would go to ${host} in clear.`);
  checkPort({ host, port }, path, listeners, context);
}

/** That no listener of SIP has it. */
function checkPort(
  { host, port }: HostPort,
  path: Path,
  listeners: readonly PlacedListener[],
  { report }: Context,
): void {
  const other = listeners.find(
    ({ it }) =>
      it.transport !== 'udp' && it.bind.port === port && (covers(it.bind.host, host) || covers(host, it.bind.host)),
  );
  if (other)
    report(
      'TDM-1206',
      path,
      `listener "${other.it.name}" has ${other.it.transport} ${formatHostPort(other.it.bind)} already.`,
      'Give one of them another port.',
    );
}

/** That load balancers reach what they ask, and not the API. */
export function checkHealth(context: Context, listeners: readonly PlacedListener[]): void {
  const { draft, report } = context;
  if (!draft.health) return;
  const path = ['health', 'listen'];
  const { host, port } = compileHealthPlace(draft.health.listen);
  if (isManifold(host)) report('TDM-1204', path, `${host} is not the address of one machine.`);
  checkPort({ host, port }, path, listeners, context);
  const api = draft.management && compileManagementPlace({ listen: draft.management.listen }).listen!;
  if (api && api.port === port && (covers(api.host, host) || covers(host, api.host)))
    report(
      'TDM-1206',
      path,
      `the API has ${formatHostPort(api)} already.`,
      'Give one of them another port; the API tells both at its own as well.',
    );
}

function checkUrl({ entry, certificate, context }: Checks, url: string | undefined, path: Path): void {
  if (url === undefined) return;
  const { report } = context;
  const { tls, 'behind-proxy': proxies } = entry;
  const { protocol, hostname, pathname, search, hash } = new URL(url);
  if (pathname !== '/' || search !== '' || hash !== '')
    report('TDM-1249', path, 'there is more than a host in it.', `Write ${new URL(url).origin}.`);
  else if (protocol === 'https:' && !tls && !proxies)
    report('TDM-1249', path, 'nobody speaks HTTPS.', 'Give `tls`, or name the proxy that does in `behind-proxy`.');
  else if (protocol === 'http:' && tls) report('TDM-1249', path, '`tls` speaks HTTPS.', 'Write https.');
  // The file of each node may be another.
  else if (path[0] === 'management' && certificate && isName(hostname) && certificate.checkHost(hostname) === undefined)
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
  const nodes = draft.nodes.flatMap((node) => node ?? []);
  const isEverywhere = nodes.length > 0 && nodes.every(({ management }) => management?.url !== undefined);
  if (url === undefined && !isEverywhere)
    report('TDM-1250', path, 'there is no `url` for who has signed in to come back to.');
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
