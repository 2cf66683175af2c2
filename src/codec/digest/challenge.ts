import type { Octets } from '#kernel';
import { type AlgorithmTraits, algorithmOf } from './algorithms.ts';
import type { AuthParams } from './auth-value.ts';
import type { Qop } from './request-digest.ts';

/** A Digest challenge as far as we use it (RFC 7616 3.3). */
export interface Challenge {
  readonly realm: Octets;
  readonly nonce: Octets;
  readonly opaque: Octets | undefined;
  readonly stale: boolean;
  /** As it was spelled, to be said again; undefined: not said. */
  readonly algorithmName: string | undefined;
  /** Undefined: one that we do not know. */
  readonly algorithm: AlgorithmTraits | undefined;
  /** What we choose; undefined: nothing was offered (RFC 2069); `unknown`: nothing that we know. */
  readonly qop: Qop | 'unknown' | undefined;
}

/** Undefined when realm or nonce is missing. */
export function challengeOf(params: AuthParams): Challenge | undefined {
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  if (realm === undefined || nonce === undefined || nonce === '') return undefined;
  const algorithmName = params.get('algorithm');
  return {
    realm,
    nonce,
    opaque: params.get('opaque'),
    stale: params.get('stale')?.toLowerCase() === 'true',
    algorithmName,
    algorithm: algorithmOf(algorithmName),
    qop: chosenQop(params.get('qop')),
  };
}

/** `auth-int` breaks where something on the way touches the body, so it is taken only where nothing else is offered. */
function chosenQop(offered: Octets | undefined): Challenge['qop'] {
  if (offered === undefined) return undefined;
  const options = offered
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
  if (options.includes('auth')) return 'auth';
  if (options.includes('auth-int')) return 'auth-int';
  return options.every((option) => option === '') ? undefined : 'unknown';
}
