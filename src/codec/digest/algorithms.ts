import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Octets } from '#kernel';

/** H of RFC 7616 3.4 and KD's hash. */
type HashName = 'MD5' | 'SHA-256' | 'SHA-512-256';
/** The `algorithm` values that we know (RFC 7616 6.1), as the registry spells them. */
export type Algorithm = HashName | `${HashName}-sess`;

export interface AlgorithmTraits {
  readonly name: Algorithm;
  /** Hexadecimal digits of a response. */
  readonly digits: number;
  /** A1 is bound to the nonce and the client's nonce (RFC 7616 3.4.2). */
  readonly session: boolean;
  /** Greater is stronger. */
  readonly strength: number;
  /** Lower-case hexadecimal. */
  readonly hash: (octets: Octets) => string;
}

const hashes = [
  { name: 'MD5', digits: 32, hash: (octets: Octets) => bytesToHex(md5(bytesOf(octets))) },
  { name: 'SHA-256', digits: 64, hash: (octets: Octets) => bytesToHex(sha256(bytesOf(octets))) },
  { name: 'SHA-512-256', digits: 64, hash: (octets: Octets) => bytesToHex(sha512_256(bytesOf(octets))) },
] as const;

const known = new Map<string, AlgorithmTraits>(
  hashes.flatMap(({ name, digits, hash }, strength) =>
    ([name, `${name}-sess`] as const).map((full): [string, AlgorithmTraits] => [
      full.toLowerCase(),
      { name: full, digits, session: full !== name, strength, hash },
    ]),
  ),
);

/** An algorithm by its name in any case; without a name it is MD5 (RFC 2617 3.2.1). Undefined: we do not know it. */
export function algorithmOf(name: string | undefined): AlgorithmTraits | undefined {
  return known.get(name === undefined ? 'md5' : name.toLowerCase());
}

/** The bytes that octets stand for. */
export function bytesOf(octets: Octets): Uint8Array {
  const bytes = new Uint8Array(octets.length);
  for (let i = 0; i < octets.length; i++) bytes[i] = octets.charCodeAt(i);
  return bytes;
}

/** Both are the same, found out in a time that does not tell where they differ. */
export function sameSecretly(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
