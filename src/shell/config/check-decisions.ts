import { isIP } from 'node:net';
import { readCertificate } from './check-certificates.ts';
import type { Context } from './check-context.ts';

/** Who outside is asked where calls go: that he is who he should be, and nobody on the way answers in his place. */
export function checkDecisions(context: Context): void {
  const { service } = context.draft.decisions ?? {};
  if (!service) return;
  const { url, trust = [] } = service;
  const path = ['decisions', 'service'];
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && trust.length > 0)
    context.report('TDM-1216', [...path, 'trust'], '`trust` is for `https`, and the service is asked by `http`.');
  else if (protocol === 'http:' && !isOurs(hostname))
    context.report('TDM-1322', [...path, 'url'], `${hostname} is asked in clear.`);
  for (const [at, root] of trust.entries())
    if (root !== 'system') readCertificate(root, [...path, 'trust', at], context);
}

/** This machine, or an address of a private network (RFC 1918, RFC 4193). */
function isOurs(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 0) return bare === 'localhost';
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/.test(bare);
}
