import type { SrtpCiphers } from '#codec/srtp';
import { NodeCiphers } from './node.ts';
import { loadOpenSsl, OpenSslCiphers } from './openssl.ts';

export interface NamedCiphers extends SrtpCiphers {
  readonly name: string;
}

/**
 * The fastest ciphers that this host has: OpenSSL itself on Linux, Node's own elsewhere.
 * `wanted` ("openssl", "node") overrides; throws when it cannot be had.
 */
export function chooseSrtpCiphers(wanted: string | undefined): NamedCiphers {
  const node = new NodeCiphers();
  if (wanted === 'node') return node;
  const ssl = loadOpenSsl();
  if (wanted === 'openssl') {
    if ('missing' in ssl) throw new Error(`SRTP ciphers openssl: ${ssl.missing}`);
    return new OpenSslCiphers(ssl);
  }
  if (wanted !== undefined && wanted !== '') throw new Error(`SRTP ciphers ${wanted}: not one of openssl, node`);
  if ('missing' in ssl) return node;
  const openssl = new OpenSslCiphers(ssl);
  return agree(node, openssl) ? openssl : node;
}

/** Whether both make the same of the same: a Node built otherwise than we know shall cost speed, not speech. */
function agree(one: SrtpCiphers, other: SrtpCiphers): boolean {
  return [16, 32].every((keyLength) => {
    const key = Uint8Array.from({ length: keyLength }, (_, i) => i);
    return Buffer.compare(sample(one, key), sample(other, key)) === 0;
  });
}

function sample(ciphers: SrtpCiphers, key: Uint8Array): Uint8Array {
  const { work } = ciphers;
  work.fill(7, 0, 112);
  const blocks = ciphers.aes(key);
  blocks.encrypt(32);
  blocks.end();
  const sealer = ciphers.gcmSealer(key);
  sealer.seal(0, 12, 20, 32, 40);
  sealer.end();
  return work.slice(0, 112);
}
