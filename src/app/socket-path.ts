import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What fits in `sockaddr_un.sun_path` everywhere (104 on BSD, 108 on Linux), with its closing zero. */
const longest = 103;

/** The Unix socket at which a running program answers queries about itself (status-server.ts). */
export function statusSocket(dataDirectory: string): string {
  return socketPath(dataDirectory, 'tandem.sock');
}

/** The Unix socket of the API: our user alone may open it, and is who runs the program. */
export function apiSocket(dataDirectory: string): string {
  return socketPath(dataDirectory, 'api.sock');
}

/** The Unix socket at which the supervisor tells how the program is. */
export function healthSocket(dataDirectory: string): string {
  return socketPath(dataDirectory, 'health.sock');
}

/**
 * Where a Unix socket of this data directory lies: in it; or, where that path is too long for the system, in a directory of our
 * user's own below the temporary one, named after it. Everybody who asks gets the same answer.
 */
export function socketPath(dataDirectory: string, name: string): string {
  const directory = resolve(dataDirectory);
  const path = join(directory, name);
  if (Buffer.byteLength(path) <= longest) return path;
  const digest = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const substitute = join(tmpdir(), `tandem-${process.getuid?.() ?? 0}-${digest}`);
  mkdirSync(substitute, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(substitute);
  // Anybody may make directories there: it must be ours alone.
  if (process.getuid && (uid !== process.getuid() || (mode & 0o077) !== 0))
    throw new Error(`${substitute} belongs to somebody else: remove it, or choose a shorter records.path`);
  return join(substitute, name);
}
