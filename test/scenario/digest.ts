/** Digest as ladders need it, reckoned by node:crypto and not by ours: challenges, what answers them, and what is wrong with that. */
import { createHash } from 'node:crypto';
import type { SipRequest } from '#codec/sip-message';
import type { Trunk } from '#policy/configuration';

/** What a `realm=…` of a response asks for. */
export interface Asked {
  readonly realm: string;
  readonly nonce: string | undefined;
  readonly stale: boolean;
  readonly algorithm: string;
}

/** What `authorized` and `password=…` answer a challenge of ours with. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

const hashes: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/** All challenges of a ladder's parties, and the counts that came back. */
export class Digests {
  readonly #accounts: readonly Account[];
  /** Nonce -> its realm and the last nonce count. */
  readonly #nonces = new Map<string, { readonly realm: string; readonly algorithm: string; count: number }>();
  #made = 0;

  constructor(trunks: readonly Trunk[]) {
    this.#accounts = trunks.flatMap(({ credentials = [] }) =>
      credentials.map(({ username, password }) => ({ username, password: password.reveal() })),
    );
  }

  /** The value of WWW-Authenticate or Proxy-Authenticate. */
  challenge({ realm, nonce, stale, algorithm }: Asked): string {
    const made = nonce ?? `nonce-${++this.#made}`;
    if (!this.#nonces.has(made)) this.#nonces.set(made, { realm, algorithm, count: 0 });
    return `Digest realm="${realm}", nonce="${made}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`;
  }

  /** What is wrong with the credentials of a request of ours; undefined when they are right, or there are none. */
  offence(request: SipRequest): string | undefined {
    // An ACK repeats those of its INVITE (RFC 3261 22.1): held to them by the phone.
    if (request.method === 'ACK') return undefined;
    for (const value of [...request.all('authorization'), ...request.all('proxy-authorization')]) {
      const { username = '', realm, nonce = '', uri, nc = '', cnonce = '', qop, response } = paramsOf(value);
      const known = this.#nonces.get(nonce);
      if (!known || known.realm !== realm) return `credentials for a challenge that nobody made: ${value}`;
      if (uri !== request.uri) return `credentials for ${uri} in a request to ${request.uri}`;
      if (Number.parseInt(nc, 16) !== known.count + 1) return `nonce count ${nc} after ${known.count}`;
      known.count++;
      const password = this.#accounts.find((account) => account.username === username)?.password;
      if (password === undefined) return `nobody is called ${username}`;
      const right = digest(known.algorithm, {
        username,
        realm,
        password,
        method: request.method,
        uri,
        nonce,
        nc,
        cnonce,
      });
      if (qop !== 'auth' || response !== right) return `a digest that is not right: ${value}`;
    }
    return undefined;
  }
}

/** The value of Authorization that answers the first of these challenges that we can. */
export function authorization(challenges: readonly string[], method: string, uri: string, account: Account): string {
  const value = challenges.find((one) => hashes[paramsOf(one).algorithm ?? 'MD5'] !== undefined);
  if (value === undefined) throw new Error('there is no challenge to answer');
  const { realm = '', nonce = '', algorithm = 'MD5' } = paramsOf(value);
  const [nc, cnonce] = ['00000001', 'ladder'];
  const response = digest(algorithm, { ...account, realm, method, uri, nonce, nc, cnonce });
  return `Digest username="${account.username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="${cnonce}", response="${response}"`;
}

/** RFC 7616 3.4.1, qop=auth. */
function digest(
  algorithm: string,
  of: Account & Record<'realm' | 'method' | 'uri' | 'nonce' | 'nc' | 'cnonce', string>,
): string {
  const hash = (text: string) => createHash(hashes[algorithm]!).update(text, 'latin1').digest('hex');
  const a1 = hash(`${of.username}:${of.realm}:${of.password}`);
  return hash(`${a1}:${of.nonce}:${of.nc}:${of.cnonce}:auth:${hash(`${of.method}:${of.uri}`)}`);
}

function paramsOf(value: string): Record<string, string> {
  return Object.fromEntries(
    [...value.matchAll(/([a-z]+)=(?:"([^"]*)"|([^,\s]*))/gi)].map(([, name, quoted, bare]) => [name!, quoted ?? bare!]),
  );
}
