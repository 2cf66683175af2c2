import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { Api } from './api.ts';

/** Both src/api and dist/api lie two levels below the package; `npm run build` puts the console there. */
const built = fileURLToPath(new URL('../../dist/console', import.meta.url));

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
}

/** Whether somebody's browser asks for a page of the console. */
export function isPage(method: string, url: string, accept: string | undefined): boolean {
  return method === 'GET' && !url.startsWith('/api/') && (accept ?? '').includes('text/html') && existsSync(built);
}
