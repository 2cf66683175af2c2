import { type Header, quoted } from '#codec/sip-message';
import { detach, type Octets, type Random, type Sensitive, toOctets } from '#kernel';
import type { AlgorithmTraits } from './algorithms.ts';
import { parseAuth, parseAuthInfo } from './auth-value.ts';
import { type Challenge, challengeOf } from './challenge.ts';
import { hashOfCredentials, hashOfSession, type Qop, requestDigest } from './request-digest.ts';

/** `Trunk.credentials` has this shape. Names and passwords are text and go out as UTF-8. */
export interface DigestCredentials {
  /** The realm they are for; any unless given. */
  readonly realm?: string;
  readonly username: string;
  readonly password: Sensitive<string>;
}

/** What of a request takes part in the digest. */
export interface DigestRequest {
  readonly method: string;
  /** The Request-URI as it is sent. */
  readonly uri: Octets;
  readonly body: Octets;
}

/** The values of a 401's or 407's fields; a forking proxy puts both into one response (RFC 3261 16.7). */
export interface Challenges {
  /** Of WWW-Authenticate. */
  readonly www: readonly Octets[];
  /** Of Proxy-Authenticate. */
  readonly proxy: readonly Octets[];
}

/** What one request has shown to one realm so far. Plain data. */
interface Shown {
  readonly proxy: boolean;
  readonly realm: Octets;
  readonly nonce: Octets;
  /** Challenges answered. */
  readonly answers: number;
  /** Of them, those answered because an answer before was stale. */
  readonly stale: number;
}

/** What one request has tried: to be handed back with its next challenge. */
export type Tried = readonly Shown[];

export interface Authorised {
  readonly kind: 'authorised';
  /** Every Authorization and Proxy-Authorization that the request is to carry, in place of those it carried before. */
  readonly headers: readonly Header[];
  readonly tried: Tried;
}

export type RefusalReason =
  /** We have none for a realm that asks. */
  | 'no-credentials'
  /** What we have was not taken. */
  | 'refused'
  /** A realm asks in no way that we know: algorithm, qop or scheme. */
  | 'unsupported'
  /** No challenge that can be read. */
  | 'malformed';

export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** For people; names the realm, never a secret. */
  readonly text: string;
}

/** One realm that took us: what the next request to it needs. */
interface Session {
  readonly proxy: boolean;
  readonly realm: Octets;
  readonly username: Octets;
  readonly algorithm: AlgorithmTraits;
  readonly algorithmName: string | undefined;
  readonly opaque: Octets | undefined;
  readonly qop: Qop | undefined;
  /** Needs the password, so it is made once. */
  readonly credentials: string;
  nonce: Octets;
  /**
   * One for the life of the nonce: RFC 7616 3.4.2 and RFC 2617 3.2.2.2 differ in whether a `-sess` key follows a cnonce that
   * changes, and this satisfies both.
   */
  cnonce: Octets;
  a1: string;
  nc: number;
}

/** Realms whose nonces are kept. */
export const maxSessions = 8;
const maxNc = 0xffffffff;

/**
 * Answers the challenges of one trunk (RFC 3261 22.2, 22.3; RFC 7616; RFC 8760) and keeps the nonces, so that later requests
 * carry authorisation beforehand. A request is tried again once for a fresh nonce and once more for a stale one, never longer.
 */
export class DigestClient {
  readonly #credentials: readonly DigestCredentials[];
  readonly #random: Random;
  readonly #sessions = new Map<string, Session>();

  constructor(credentials: readonly DigestCredentials[], random: Random) {
    this.#credentials = credentials;
    this.#random = random;
  }

  /** Authorisation for a new request with the nonces at hand; no headers when there are none. */
  beforehand(request: DigestRequest): Authorised {
    const tried: Shown[] = [];
    for (const { proxy, realm, nonce } of this.#sessions.values())
      tried.push({ proxy, realm, nonce, answers: 0, stale: 0 });
    return this.#authorised(request, tried);
  }

  /**
   * The answer to a 401 or 407. `tried` is what the refused request was sent with: from `beforehand`, from the answer before, or
   * empty. Every realm that asks must be satisfied, or none is (RFC 8760 2.4).
   */
  answer(challenges: Challenges, request: DigestRequest, tried: Tried): Authorised | Refused {
    const asked = readChallenges(challenges);
    if ('kind' in asked) return asked;
    const shown = new Map(tried.map((before) => [keyOf(before.proxy, before.realm), before]));
    for (const [key, { proxy, offers }] of asked) {
      const { realm } = offers[0]!;
      const challenge = strongest(offers);
      if (!challenge) return refused('unsupported', `${inText(realm)} offers no algorithm or qop that we know`);
      const before = shown.get(key);
      if (before && !mayTryAgain(before, challenge, offers)) {
        if (this.#sessions.get(key)?.nonce === before.nonce) this.#sessions.delete(key);
        return refused('refused', `${inText(realm)} does not take our credentials`);
      }
      if (!before && shown.size >= maxSessions)
        return refused('unsupported', `more than ${maxSessions} realms ask in turn`);
      if (!this.#begin(key, proxy, challenge))
        return refused('no-credentials', `there are no credentials for ${inText(realm)}`);
      shown.set(key, {
        proxy,
        realm: detach(realm),
        nonce: detach(challenge.nonce),
        answers: (before?.answers ?? 0) + 1,
        stale: (before?.stale ?? 0) + (before && before.answers > 0 ? 1 : 0),
      });
    }
    return this.#authorised(request, [...shown.values()]);
  }

  /** Takes the next nonce out of the Authentication-Info and Proxy-Authentication-Info of a response, if it says one. */
  onInfo(info: { readonly www?: Octets | undefined; readonly proxy?: Octets | undefined }, tried: Tried): void {
    for (const proxy of [false, true]) {
      const value = proxy ? info.proxy : info.www;
      const params = value === undefined ? undefined : parseAuthInfo(value);
      const next = params?.get('nextnonce');
      if (!next) continue;
      // It does not name its realm: it is that of the cnonce, or the only one there is.
      const cnonce = params!.get('cnonce');
      const candidates = tried
        .filter((shown) => shown.proxy === proxy)
        .map((shown) => this.#sessions.get(keyOf(proxy, shown.realm)))
        .filter((session) => session !== undefined && (cnonce === undefined || session.cnonce === cnonce));
      if (candidates.length === 1 && candidates[0]!.nonce !== next) this.#renew(candidates[0]!, next);
    }
  }

  /** For people: no secret, and nothing to reckon one from. */
  inspect(): readonly { readonly realm: string; readonly proxy: boolean; readonly algorithm: string; nc: number }[] {
    return [...this.#sessions.values()].map(({ realm, proxy, algorithm, nc }) => ({
      realm,
      proxy,
      algorithm: algorithm.name,
      nc,
    }));
  }

  /** Makes the session that answers the challenge; false without credentials. A nonce known already is counted on. */
  #begin(key: string, proxy: boolean, challenge: Challenge): boolean {
    const { realm, nonce, opaque, algorithm, algorithmName, qop } = challenge;
    const credentials = this.#credentialsFor(realm);
    if (!credentials || !algorithm || qop === 'unknown') return false;
    const before = this.#sessions.get(key);
    if (before?.nonce === nonce && before.algorithm === algorithm && before.qop === qop && before.opaque === opaque)
      return true;
    const username = toOctets(credentials.username);
    const same = before?.algorithm.hash === algorithm.hash;
    const session: Session = {
      proxy,
      realm: detach(realm),
      username,
      algorithm,
      algorithmName: algorithmName === undefined ? undefined : detach(algorithmName),
      opaque: opaque === undefined ? undefined : detach(opaque),
      qop,
      credentials: same
        ? before.credentials
        : hashOfCredentials(algorithm, username, realm, toOctets(credentials.password.reveal())),
      nonce: '',
      cnonce: '',
      a1: '',
      nc: 0,
    };
    this.#renew(session, nonce);
    this.#sessions.delete(key);
    if (this.#sessions.size >= maxSessions) this.#sessions.delete(this.#sessions.keys().next().value!);
    this.#sessions.set(key, session);
    return true;
  }

  #renew(session: Session, nonce: Octets): void {
    const { algorithm, credentials } = session;
    session.nonce = detach(nonce);
    session.cnonce = this.#random.token(128);
    session.a1 = algorithm.session ? hashOfSession(algorithm, credentials, nonce, session.cnonce) : credentials;
    session.nc = 0;
  }

  #credentialsFor(realm: Octets): DigestCredentials | undefined {
    return (
      this.#credentials.find((one) => one.realm !== undefined && toOctets(one.realm) === realm) ??
      this.#credentials.find((one) => one.realm === undefined)
    );
  }

  #authorised(request: DigestRequest, tried: Tried): Authorised {
    const headers: Header[] = [];
    const sent: Shown[] = [];
    for (const shown of tried) {
      const key = keyOf(shown.proxy, shown.realm);
      const session = this.#sessions.get(key);
      if (session === undefined || session.nc === maxNc) {
        // Pushed out by other realms, or used up. What it was shown is kept, so that it is not shown for ever.
        this.#sessions.delete(key);
        sent.push(shown);
        continue;
      }
      headers.push([session.proxy ? 'Proxy-Authorization' : 'Authorization', authorization(session, request)]);
      // The nonce may have changed since, by another request of the trunk.
      sent.push(shown.nonce === session.nonce ? shown : { ...shown, nonce: session.nonce });
    }
    return { kind: 'authorised', headers, tried: sent };
  }
}

/** Counts the nonce on and writes the header field's value (RFC 3261 20.7, RFC 7616 3.4). */
function authorization(session: Session, { method, uri, body }: DigestRequest): Octets {
  const { realm, username, algorithm, algorithmName, opaque, qop, nonce, cnonce, a1 } = session;
  const nc = (++session.nc).toString(16).padStart(8, '0');
  const response = requestDigest(algorithm, { a1, nonce, method, uri, qop, nc, cnonce, body });
  let value = `Digest username=${quoted(username)}, realm=${quoted(realm)}, nonce=${quoted(nonce)}, uri=${quoted(uri)}, response="${response}"`;
  if (algorithmName !== undefined) value += `, algorithm=${algorithmName}`;
  if (opaque !== undefined) value += `, opaque=${quoted(opaque)}`;
  if (qop !== undefined) value += `, qop=${qop}, nc=${nc}, cnonce="${cnonce}"`;
  // RFC 2617 forbids a cnonce without qop, but no session key can be made without one.
  else if (algorithm.session) value += `, cnonce="${cnonce}"`;
  return value;
}

interface Asked {
  readonly proxy: boolean;
  /** Of one realm, in order; at least one. */
  readonly offers: Challenge[];
}

function readChallenges({ www, proxy }: Challenges): Map<string, Asked> | Refused {
  const asked = new Map<string, Asked>();
  let other: string | undefined;
  for (const [isProxy, values] of [
    [false, www],
    [true, proxy],
  ] as const) {
    for (const value of values) {
      for (const { scheme, params } of parseAuth(value) ?? []) {
        if (scheme !== 'digest') {
          other ??= scheme;
          continue;
        }
        const challenge = challengeOf(params);
        if (!challenge) continue;
        const key = keyOf(isProxy, challenge.realm);
        const same = asked.get(key);
        if (same) same.offers.push(challenge);
        else if (asked.size < maxSessions) asked.set(key, { proxy: isProxy, offers: [challenge] });
        else return refused('unsupported', `more than ${maxSessions} realms ask at once`);
      }
    }
  }
  if (asked.size > 0) return asked;
  if (other !== undefined) return refused('unsupported', `the scheme ${inText(other)} is not Digest`);
  return refused('malformed', www.length + proxy.length === 0 ? 'nothing is asked for' : 'no challenge can be read');
}

/** The strongest that we know, the first of equals: RFC 8760 2.4 prefers the topmost unless local policy says else, and ours does. */
function strongest(offers: readonly Challenge[]): Challenge | undefined {
  let best: Challenge | undefined;
  for (const offer of offers) {
    if (!offer.algorithm || offer.qop === 'unknown') continue;
    if (!best || offer.algorithm.strength > best.algorithm!.strength) best = offer;
  }
  return best;
}

/** RFC 3261 22.2, 22.3: an answer that was refused is not given again, unless its nonce alone was too old. */
function mayTryAgain(before: Shown, challenge: Challenge, offers: readonly Challenge[]): boolean {
  if (offers.some(({ nonce }) => nonce === before.nonce)) return false;
  return before.answers === 0 || (challenge.stale && before.stale === 0);
}

function keyOf(proxy: boolean, realm: Octets): string {
  return `${proxy ? 'proxy' : 'www'} ${realm}`;
}

function refused(reason: RefusalReason, text: string): Refused {
  return { kind: 'refused', reason, text };
}

function inText(realm: Octets): string {
  return `"${realm.length > 64 ? `${realm.slice(0, 64)}…` : realm}"`;
}
