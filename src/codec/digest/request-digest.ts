import type { Octets } from '#kernel';
import type { AlgorithmTraits } from './algorithms.ts';

export type Qop = 'auth' | 'auth-int';

/** H(A1) before a session binds it: the part that needs the password (RFC 7616 3.4.2). */
export function hashOfCredentials(
  { hash }: AlgorithmTraits,
  username: Octets,
  realm: Octets,
  password: Octets,
): string {
  return hash(`${username}:${realm}:${password}`);
}

/** H(A1) of an algorithm with `-sess`. */
export function hashOfSession({ hash }: AlgorithmTraits, credentials: string, nonce: Octets, cnonce: Octets): string {
  return hash(`${credentials}:${nonce}:${cnonce}`);
}

export interface DigestInput {
  /** H(A1). */
  readonly a1: string;
  readonly nonce: Octets;
  readonly method: string;
  /** The digest-uri as its header field says it. */
  readonly uri: Octets;
  /** Undefined: as in RFC 2069, where neither nc nor cnonce takes part. */
  readonly qop: Qop | undefined;
  /** Eight hexadecimal digits. */
  readonly nc: string;
  readonly cnonce: Octets;
  /** For `auth-int`. */
  readonly body: Octets;
}

/** The `response` (RFC 7616 3.4.1; RFC 2617 3.2.2.1 without qop). */
export function requestDigest({ hash }: AlgorithmTraits, input: DigestInput): string {
  const { a1, nonce, method, uri, qop, nc, cnonce, body } = input;
  const a2 = hash(qop === 'auth-int' ? `${method}:${uri}:${hash(body)}` : `${method}:${uri}`);
  return hash(qop === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`);
}
