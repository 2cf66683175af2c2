import { createHash, randomBytes } from 'node:crypto';

/** 256 bits that nobody guesses, as text for URLs and header fields. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of one. It has all its bits: nobody finds it by trying, so no slow hash is wanted. */
export function hashOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}

/** What something is called in lists and URLs. */
export function newId(): string {
  return randomBytes(9).toString('base64url');
}
