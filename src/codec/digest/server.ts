import { parseUri, quoted, type SipUri, unescapeUser } from '#codec/sip-message';
import { type Octets, type Random, type Sensitive, toOctets, toText } from '#kernel';
import { type Algorithm, type AlgorithmTraits, algorithmOf, sameSecretly } from './algorithms.ts';
import { type AuthParams, parseAuth } from './auth-value.ts';
import { NonceMint, type NonceScope } from './nonce.ts';
import { NonceCounts } from './nonce-counts.ts';
import { hashOfCredentials, hashOfSession, type Qop, requestDigest } from './request-digest.ts';

export interface DigestServerOptions {
  /** What nonces are signed with. Another for each clock: a nonce says when it was made. */
  readonly secret: Sensitive<string>;
  readonly random: Random;
  /** Ms that a nonce is good for. */
  readonly nonceLifetime: number;
  /** Nonces whose use is remembered; 10,000 unless given. */
  readonly nonces?: number;
}

/** A request that may carry Authorization (or Proxy-Authorization). */
export interface VerifiedRequest {
  /** Each of the field's values. */
  readonly values: readonly Octets[];
  readonly method: string;
  /** What the digest-uri may be: the Request-URI, and what else names us. See `sameResource`. */
  readonly uris: readonly Octets[];
  /** Host that it came from. */
  readonly source: string;
  /** Our realms. Credentials for others are for others. */
  readonly realms: readonly string[];
}

export interface Account {
  readonly password: Sensitive<string>;
  readonly algorithms: readonly Algorithm[];
}
/** Whose name it is; undefined: nobody's. */
export type AccountLookup = (username: string, realm: string) => Account | undefined;

export type Verdict =
  | { readonly kind: 'ok'; readonly username: string; readonly realm: string }
  | {
      /**
       * `absent`: nothing for our realms: challenge. `stale`, `replayed`: they know the password, the nonce is no longer good: challenge
       * with stale. `wrong`: challenge, and count. `malformed`: 400.
       */
      readonly kind: 'absent' | 'stale' | 'replayed' | 'wrong' | 'malformed';
      /** For people; no secret, no username. */
      readonly reason: string;
    };

type Failure = Exclude<Verdict, { kind: 'ok' }>;

/** Of several sets of credentials for us, the one that came furthest is told of. */
const progress = { absent: 0, malformed: 1, wrong: 2, replayed: 3, stale: 4 } as const;
/** Credentials for us that are looked at in one request. */
const maxTries = 4;

/**
 * Challenges requests and verifies what comes back (RFC 3261 22.4, RFC 7616, RFC 8760). Nonces are stateless; which of their counts
 * were used is kept in a bounded table. A fresh secret at each start keeps what was sent before from being sent again, at the price of a
 * challenge more for every peer.
 * Never ask it about ACK, which carries the INVITE's credentials again, nor about CANCEL (RFC 3261 22.1).
 */
export class DigestServer {
  readonly #mint: NonceMint;
  readonly #counts: NonceCounts;
  readonly #lifetime: number;

  constructor({ secret, random, nonceLifetime, nonces = 10_000 }: DigestServerOptions) {
    this.#mint = new NonceMint(secret, random);
    this.#counts = new NonceCounts(nonces, nonceLifetime);
    this.#lifetime = nonceLifetime;
  }

  /** Values of WWW-Authenticate (or Proxy-Authenticate), one an algorithm, in that order (RFC 8760 2.3). `now`: as in `verify`. */
  challenge(realm: string, algorithms: readonly Algorithm[], source: string, now: number, stale = false): Octets[] {
    const scope = { realm: toOctets(realm), source };
    const nonce = this.#mint.make(scope, now);
    return algorithms.map(
      (algorithm) =>
        `Digest realm=${quoted(scope.realm)}, nonce="${nonce}"${stale ? ', stale=true' : ''}, algorithm=${algorithm}, qop="auth"`,
    );
  }

  /** `now`: ms of a clock that is never set back, as the wall clock may be: what was forgotten would lie ahead, and all be stale. */
  verify(request: VerifiedRequest, account: AccountLookup, now: number): Verdict {
    let worst: Failure = { kind: 'absent', reason: 'no credentials' };
    let tries = 0;
    for (const value of request.values) {
      const parsed = parseAuth(value);
      // Of what cannot be read, nobody knows whose it was: it counts only where nothing else does.
      if (!parsed) worst = further(worst, malformed('credentials that cannot be read'));
      for (const { scheme, params } of parsed ?? []) {
        const realm = params.get('realm');
        const ours = realm !== undefined && request.realms.find((one) => toOctets(one) === realm);
        if (scheme !== 'digest' || ours === false || ours === undefined) continue;
        if (++tries > maxTries) return worst;
        const verdict = this.#check(params, ours, request, account, now);
        if (verdict.kind === 'ok') return verdict;
        worst = further(worst, verdict);
      }
    }
    return worst;
  }

  #check(params: AuthParams, realm: string, request: VerifiedRequest, account: AccountLookup, now: number): Verdict {
    const read = readCredentials(params);
    if (typeof read === 'string') return malformed(read);
    const { username, nonce, uri, algorithm, nc } = read;
    if (!request.uris.some((own) => sameResource(own, uri))) return wrong('the digest-uri names another resource');
    const name = toText(username);
    const holder = account(name, realm);
    // A name that nobody has costs the same time as one that somebody has, and gets the same answer.
    const password = holder ? toOctets(holder.password.reveal()) : '';
    const right = sameSecretly(read.response, expected(read, realm, password, request.method));
    if (!holder || !right) return wrong('username or password');
    if (!holder.algorithms.some((allowed) => allowed === algorithm.name))
      return wrong('an algorithm that was not offered');

    const scope: NonceScope = { realm: toOctets(realm), source: request.source };
    const madeAt = this.#mint.madeAt(nonce, scope);
    // Not ours, or another host's: somebody who knows the password deserves a new one (RFC 7616 3.3, `stale`).
    if (madeAt === undefined) return { kind: 'stale', reason: 'the nonce is none of ours for this host' };
    if (now - madeAt > this.#lifetime) return { kind: 'stale', reason: 'the nonce is too old' };
    switch (this.#counts.use(nonce, madeAt, nc, now)) {
      case 'first':
        return { kind: 'ok', username: name, realm };
      case 'forgotten':
        return { kind: 'stale', reason: 'the nonce is older than what is remembered' };
      case 'again':
        return { kind: 'replayed', reason: nc === undefined ? 'the nonce was used' : 'the nonce count was used' };
    }
  }
}

interface Credentials {
  readonly username: Octets;
  readonly nonce: Octets;
  readonly uri: Octets;
  readonly response: string;
  readonly algorithm: AlgorithmTraits;
  readonly qop: Qop | undefined;
  /** As written; '' without qop. */
  readonly ncText: string;
  readonly nc: number | undefined;
  readonly cnonce: Octets;
}

/** What of an Authorization takes part in the digest; or what is wrong with it. */
function readCredentials(params: AuthParams): Credentials | string {
  const username = params.get('username') ?? extended(params.get('username*'));
  const nonce = params.get('nonce');
  const uri = params.get('uri');
  const response = params.get('response')?.toLowerCase();
  if (username === undefined || nonce === undefined || uri === undefined || response === undefined)
    return 'username, nonce, uri or response is missing';
  if (params.get('userhash')?.toLowerCase() === 'true') return 'a hashed username, which was not offered';
  const algorithm = algorithmOf(params.get('algorithm'));
  if (!algorithm) return 'an algorithm that we do not know';
  if (response.length !== algorithm.digits || !isHex(response)) return 'a response that is none of its algorithm';
  const cnonce = params.get('cnonce') ?? '';
  if (algorithm.session && cnonce === '') return 'no cnonce';
  const qop = params.get('qop')?.toLowerCase();
  // Who does not know qop leaves it out (RFC 2617 3.2.2): good once for each nonce, since nothing counts.
  if (qop === undefined || qop === '')
    return { username, nonce, uri, response, algorithm, qop: undefined, ncText: '', nc: undefined, cnonce };
  if (qop !== 'auth') return 'a qop that was not offered';
  const ncText = params.get('nc') ?? '';
  if (ncText.length !== 8 || !isHex(ncText) || cnonce === '') return 'no cnonce, or no nonce count of eight digits';
  const nc = Number.parseInt(ncText, 16);
  if (nc === 0) return 'a nonce count of zero';
  return { username, nonce, uri, response, algorithm, qop, ncText, nc, cnonce };
}

function expected(read: Credentials, realm: string, password: Octets, method: string): string {
  const { username, nonce, uri, algorithm, qop, ncText, cnonce } = read;
  const credentials = hashOfCredentials(algorithm, username, toOctets(realm), password);
  const a1 = algorithm.session ? hashOfSession(algorithm, credentials, nonce, cnonce) : credentials;
  return requestDigest(algorithm, { a1, nonce, method, uri, qop, nc: ncText, cnonce, body: '' });
}

/**
 * RFC 7616 3.4.6 wants the digest-uri to name what the request line names; RFC 3261 22.4 (6) leaves it to the server what it takes in
 * place of the Request-URI, which proxies rewrite. We want the scheme, user, host and port of one of ours: parameters and
 * headers, which elements on the way add and take, are not compared, nor is the case of the host.
 */
function sameResource(own: Octets, uri: Octets): boolean {
  if (own === uri) return true;
  const a = parseUri(own);
  const b = parseUri(uri);
  // Of other schemes the parts are not known, so nothing but the whole can be compared.
  if (!a || !b || (a.host === '' && a.scheme !== 'tel')) return false;
  return a.scheme === b.scheme && userOf(a) === userOf(b) && a.host === b.host && a.port === b.port;
}

function userOf({ user }: SipUri): Octets | undefined {
  return user === undefined ? undefined : unescapeUser(user);
}

/** RFC 8187 `ext-value` in UTF-8: UTF-8''J%C3%A4s. */
function extended(value: Octets | undefined): Octets | undefined {
  if (value === undefined || !value.toLowerCase().startsWith("utf-8'")) return undefined;
  const end = value.indexOf("'", 6);
  return end < 0 ? undefined : unescapeUser(value.slice(end + 1));
}

function isHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code >= 0x30 && code <= 0x39;
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66;
    if (!digit && !letter) return false;
  }
  return true;
}

function wrong(reason: string): Failure {
  return { kind: 'wrong', reason };
}

function malformed(reason: string): Failure {
  return { kind: 'malformed', reason };
}

function further(a: Failure, b: Failure): Failure {
  return progress[b.kind] > progress[a.kind] ? b : a;
}
