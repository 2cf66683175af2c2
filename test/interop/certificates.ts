import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority, Issued } from '../support/certificates.ts';

export { Authority } from '../support/certificates.ts';

/** The paths of a certificate, with its chain, and of its key. */
export interface PemFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Writes NAME.pem and NAME.key. */
export function writePair(directory: string, name: string, { certificate, key }: Issued): PemFiles {
  const files = { certificate: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key, { mode: 0o600 });
  return files;
}

/** Writes the authority's own certificate. */
export function writeRoot(directory: string, name: string, { pem }: Authority): string {
  const file = join(directory, `${name}.pem`);
  writeFileSync(file, pem);
  return file;
}
