import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import { pageRules } from './access/page-rules.ts';
import type { Api } from './api.ts';

/** Both src/api and dist/api lie two levels below the package; `npm run build` puts the console there. */
const built = fileURLToPath(new URL('../../dist/console', import.meta.url));
/** Where the front door says by what its own style elements are known (CSP 3, 'nonce-…'). */
const placeOfNonce = '{nonce}';
const policy = 'content-security-policy';

/** The console's files, for anybody: what it shows it has from the API. Its pages are its own, so that each unknown path is its front door. */
export async function consoleFiles(app: Api): Promise<void> {
  if (!existsSync(built)) return;
  await app.register(files, {
    root: built,
    // The names of what is in assets say what is in them: it never changes.
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  // The front door is never the same twice: what style it makes while it runs is known by a word that nobody can guess.
  app.addHook('onSend', async (_request, reply, payload) => {
    if (!String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
    (payload as { destroy?(): void } | null)?.destroy?.();
    const nonce = randomBytes(16).toString('base64');
    const text = page.replace(placeOfNonce, nonce);
    reply.removeHeader('etag').removeHeader('last-modified');
    reply.headers({
      [policy]: `${pageRules[policy]}; style-src 'self' 'nonce-${nonce}'`,
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(text),
    });
    return text;
  });
}

/** Whether somebody's browser asks for a page of the console. */
export function isPage(method: string, url: string, accept: string | undefined): boolean {
  return method === 'GET' && !url.startsWith('/api/') && (accept ?? '').includes('text/html') && existsSync(built);
}
