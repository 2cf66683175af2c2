import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { bearsName } from '#engine/ports';
import { type Certificate, readCertificates } from './certificate.ts';
import { day, weakness } from './chain.ts';
import { ageWarnings, anyUsage, clientUsage, serverUsage } from './inspection.ts';
import { Trust } from './trust.ts';

/** What is wrong with something that is to be put in place. `error`: it cannot be used; `doubt`: it can, where somebody says that it is meant. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'doubt' | 'warning';
  readonly message: string;
  /** What to do; empty where the message says so itself. */
  readonly cure: string;
}
export type FindingCode =
  | 'no-certificate'
  | 'no-key'
  | 'key-locked'
  | 'key-mismatch'
  | 'expired'
  | 'not-yet-valid'
  | 'weak'
  | 'authority'
  | 'unusual-key'
  | 'refused'
  | 'chain-incomplete'
  | 'chain-weak'
  | 'chain-order'
  | 'names'
  | 'wildcard'
  | 'usage'
  | 'no-authority'
  | 'private-key'
  | 'self-signed'
  | 'expires-soon';

/** A key that we have. */
export interface KnownKey {
  /** Of whom: an id for who asks. */
  readonly of: string;
  readonly pem: string;
}

export interface PairOffer {
  /** PEM: the certificate and its chain, in any order; the key may stand among them. */
  readonly chain: string;
  readonly key?: string | undefined;
  /** Of an encrypted key. */
  readonly passphrase?: string | undefined;
}

export interface PairUse {
  readonly roles: { readonly server: boolean; readonly client: boolean };
  /** What those who connect look for in it. */
  readonly names: readonly string[];
  /** RFC 5922: peers over SIP do not believe `*.`. */
  readonly sip: boolean;
}

/** `certificatePem`, `keyPem`: as they are to be written. `keyOf`: whose of the known keys it is; undefined: it was given. */
export interface JudgedPair {
  readonly findings: readonly Finding[];
  readonly pair?: {
    readonly chain: readonly Certificate[];
    readonly certificatePem: string;
    readonly keyPem: string;
    readonly keyOf: string | undefined;
  };
}

const usualCurves = ['prime256v1', 'secp384r1', 'secp521r1'];

let system: Trust | undefined;

/** Everything about a certificate and its key that can be said before it is in use: errors first. */
export function judgePair(offer: PairOffer, known: readonly KnownKey[], use: PairUse, wall: number): JudgedPair {
  const findings: Finding[] = [];
  const find = (code: FindingCode, severity: Finding['severity'], message: string, cure = '') =>
    void findings.push({ code, severity, message, cure });
  const all = certificatesIn(offer.chain, find, 32);
  const given = keyIn(offer, find);
  if (!all || findings.length > 0) return { findings };

  const secret = given ?? keyAmong(known, all);
  if (!secret) {
    find(
      'no-key',
      'error',
      `No key is at hand for ${nameOf(all[0]!)}: none was sent, no request made here is for it, and the key in place is another.`,
      'Send its private key along, or ask your authority to issue it for a request that was made here.',
    );
    return { findings };
  }
  const leaf = all.find(({ x509 }) => x509.checkPrivateKey(secret.key));
  if (!leaf) {
    find(
      'key-mismatch',
      'error',
      `The key is not that of ${nameOf(all[0]!)}.`,
      'Send the key that its request was made with; of a request made here leave the key out: it is on the server.',
    );
    return { findings };
  }
  const { chain, rest } = inOrder(leaf, all);
  if (rest.length > 0)
    find(
      'chain-order',
      'warning',
      `Left out, for nothing of the chain was issued by it: ${rest.map(nameOf).join('; ')}.`,
    );
  else if (chain.some((one, at) => one !== all[at]))
    find('chain-order', 'warning', 'The certificates were not in order, the own one first: they are put so.');
  judgeLeaf(leaf, use, wall, find);
  judgeChain(chain, wall, find);

  const certificatePem = chain.map(({ x509 }) => x509.toString()).join('');
  const keyPem = secret.key.export({ type: 'pkcs8', format: 'pem' }) as string;
  if (!findings.some(({ severity }) => severity === 'error')) {
    try {
      createSecureContext({ cert: certificatePem, key: keyPem });
    } catch (error) {
      const why = ((error as NodeJS.ErrnoException).code ?? '')
        .replace('ERR_SSL_', '')
        .replaceAll('_', ' ')
        .toLowerCase();
      find(
        'refused',
        'error',
        `The TLS library does not take it${why === '' ? '' : ` (${why})`}.`,
        'Have another issued.',
      );
    }
  }
  findings.sort((a, b) => ranks[a.severity] - ranks[b.severity]);
  return { findings, pair: { chain, certificatePem, keyPem, keyOf: secret.of } };
}

/** The same of certificates that others are to be believed by. */
export function judgeRoots(
  text: string,
  wall: number,
): { readonly findings: readonly Finding[]; readonly roots?: readonly Certificate[]; readonly pem?: string } {
  const findings: Finding[] = [];
  const find = (code: FindingCode, severity: Finding['severity'], message: string, cure = '') =>
    void findings.push({ code, severity, message, cure });
  if (hasKey(text)) {
    find(
      'private-key',
      'error',
      'There is a private key in it.',
      'Send certificates of authorities alone; who sent you their key has to make a new one.',
    );
    return { findings };
  }
  const found = certificatesIn(text, find, 1_000);
  if (!found) return { findings };
  const roots = found.filter((one, at) => found.findIndex(({ x509 }) => x509.raw.equals(one.x509.raw)) === at);
  for (const root of roots) {
    const fault = ageOf(root, wall);
    if (!fault) soonGone(root, wall, find);
    else
      find(
        fault.code,
        'doubt',
        `${nameOf(root)} ${fault.what}: what it issued is not believed.`,
        'Ask for the one that has taken its place, or leave it out.',
      );
    if (!root.isAuthority)
      find(
        'no-authority',
        'doubt',
        `${nameOf(root)} is not of an authority: it alone would be believed, and no more when it is renewed.`,
        'Send the certificate of who issued it.',
      );
  }
  findings.sort((a, b) => ranks[a.severity] - ranks[b.severity]);
  return { findings, roots, pem: roots.map(({ x509 }) => x509.toString()).join('') };
}

const ranks = { error: 0, doubt: 1, warning: 2 } as const;

type Find = (code: FindingCode, severity: Finding['severity'], message: string, cure?: string) => void;

function certificatesIn(text: string, find: Find, most: number): readonly Certificate[] | undefined {
  const wrong = (message: string, cure: string) => {
    find('no-certificate', 'error', message, cure);
    return undefined;
  };
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    if (text.includes('CERTIFICATE REQUEST-----'))
      return wrong(
        'This is a request, not the certificate that was issued for it.',
        'Send what your authority answered the request with.',
      );
    if (text.includes('-----BEGIN PKCS7-----'))
      return wrong(
        'This is PKCS #7 (.p7b), not PEM.',
        'Turn it into PEM: openssl pkcs7 -print_certs -in FILE.p7b -out chain.pem',
      );
    return wrong(
      'There is no certificate in PEM in it (-----BEGIN CERTIFICATE-----).',
      'Of DER: openssl x509 -inform der -in FILE -out chain.pem. Of PKCS #12 (.pfx, .p12): openssl pkcs12 -in FILE.pfx -nodes -out all.pem',
    );
  }
  try {
    const found = readCertificates(text);
    if (found.length <= most) return found;
    return wrong(`These are ${found.length} certificates.`, `Send at most ${most}.`);
  } catch {
    return wrong('A certificate in it is cut off, or damaged.', 'Copy it whole, with its lines BEGIN and END.');
  }
}

function hasKey(text: string): boolean {
  return text.includes('PRIVATE KEY-----');
}

interface Secret {
  readonly key: KeyObject;
  readonly of: string | undefined;
}

/** The key that was sent, in PKCS #8, PKCS #1 or SEC 1. */
function keyIn(
  { chain, key = hasKey(chain) ? keyPart(chain) : undefined, passphrase }: PairOffer,
  find: Find,
): Secret | undefined {
  if (key === undefined) return undefined;
  try {
    return {
      key: createPrivateKey({ key: hasKey(key) ? keyPart(key) : key, ...(passphrase !== undefined && { passphrase }) }),
      of: undefined,
    };
  } catch (error) {
    // Neither the key nor what the library says of it goes any further.
    const isLocked = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' || key.includes('ENCRYPTED');
    if (isLocked && passphrase === undefined)
      find('key-locked', 'error', 'The key is encrypted.', 'Send its passphrase along; it is kept nowhere.');
    else if (isLocked) find('key-locked', 'error', 'The passphrase does not open the key.', 'Send the right one.');
    else
      find(
        'no-key',
        'error',
        'There is no private key in PEM in it (-----BEGIN PRIVATE KEY-----).',
        'Of PKCS #12 (.pfx, .p12): openssl pkcs12 -in FILE.pfx -nodes -out all.pem, and send that as the certificate.',
      );
    return undefined;
  }
}

function keyPart(text: string): string {
  const begin = text.search(/-----BEGIN [A-Z ]*PRIVATE KEY-----/);
  const end = /-----END [A-Z ]*PRIVATE KEY-----/.exec(text);
  return begin < 0 || !end ? text : text.slice(begin, end.index + end[0].length);
}

function keyAmong(known: readonly KnownKey[], all: readonly Certificate[]): Secret | undefined {
  for (const { of, pem } of known) {
    const key = keyOf(pem);
    if (key && all.some(({ x509 }) => x509.checkPrivateKey(key))) return { key, of };
  }
  return undefined;
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** From the certificate on, each issued by the next. */
function inOrder(
  leaf: Certificate,
  all: readonly Certificate[],
): { chain: readonly Certificate[]; rest: readonly Certificate[] } {
  const chain = [leaf];
  const isIn = (one: Certificate) => chain.some(({ x509 }) => x509.raw.equals(one.x509.raw));
  for (let last = leaf; last.x509.subject !== last.x509.issuer; ) {
    const issuer = all.find((one) => !isIn(one) && isIssuedBy(last, one));
    if (!issuer) break;
    chain.push(issuer);
    last = issuer;
  }
  return { chain, rest: all.filter((one) => !isIn(one)) };
}

function soonGone(one: Certificate, wall: number, find: Find): void {
  for (const warning of ageWarnings(nameOf(one), one, wall)) find('expires-soon', 'warning', `${warning}.`);
}

function isIssuedBy({ x509 }: Certificate, issuer: Certificate): boolean {
  try {
    return x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey);
  } catch {
    return false;
  }
}

function judgeLeaf(leaf: Certificate, { roles, names, sip }: PairUse, wall: number, find: Find): void {
  const age = ageOf(leaf, wall);
  if (age)
    find(
      age.code,
      'error',
      `${nameOf(leaf)} ${age.what}.`,
      age.code === 'expired' ? 'Have it renewed.' : 'Wait until then, or put the clock right.',
    );
  else soonGone(leaf, wall, find);
  const weak = weakness(leaf.x509);
  if (weak !== undefined)
    find(
      'weak',
      'error',
      `${nameOf(leaf)} ${weak}: peers refuse that.`,
      'Have one issued for an RSA key of 2048 bits or more, or ECDSA P-256, signed with SHA-256.',
    );
  const { asymmetricKeyType: type = '', asymmetricKeyDetails: details } = leaf.x509.publicKey;
  if (!type.startsWith('rsa') && !(type === 'ec' && usualCurves.includes(details?.namedCurve ?? '')))
    find(
      'unusual-key',
      'doubt',
      `${nameOf(leaf)} has a key of a kind (${details?.namedCurve ?? type}) that many SIP peers do not know.`,
      'Use RSA, or ECDSA P-256.',
    );
  if (leaf.isAuthority && leaf.x509.subject !== leaf.x509.issuer)
    find(
      'authority',
      'doubt',
      `${nameOf(leaf)} is of an authority: whoever has its key could issue certificates.`,
      'Have one issued that is for this server alone.',
    );
  const { usages, identity } = leaf;
  const lacks = (wanted: string) => usages?.some((usage) => usage === wanted || usage === anyUsage) === false;
  if (roles.server && lacks(serverUsage))
    find(
      'usage',
      'doubt',
      `${nameOf(leaf)} is not for TLS servers (serverAuth): who connects refuses it.`,
      'Have one issued with that extended key usage.',
    );
  if (roles.client && lacks(clientUsage))
    find(
      'usage',
      roles.server ? 'warning' : 'doubt',
      `${nameOf(leaf)} is not for TLS clients (clientAuth): trunks that look at it refuse our connections.`,
      'Public authorities issue that no more: ask those trunks, or have an own authority issue one.',
    );
  if (leaf.x509.subject === leaf.x509.issuer)
    find('self-signed', 'warning', `${nameOf(leaf)} is signed by itself: only who was given it believes it.`);
  const missing = names.filter((name) => !bearsName(identity, name, true));
  const borne = [...identity.names, ...identity.addresses].join(', ') || 'no name';
  if (missing.length > 0)
    find(
      'names',
      'doubt',
      `It bears ${borne}, not ${missing.join(', ')}, by which others call us there.`,
      'Have it issued for that name as well (subjectAltName), or put right what is advertised.',
    );
  else if (sip && names.some((name) => !bearsName(identity, name, false)))
    find(
      'wildcard',
      'warning',
      `It bears ${names.join(', ')} by a wildcard alone, which RFC 5922 forbids: some SIP peers refuse it.`,
    );
}

function judgeChain(chain: readonly Certificate[], wall: number, find: Find): void {
  const top = chain.at(-1)!;
  const isRoot = top.x509.subject === top.x509.issuer;
  system ??= new Trust([], true);
  for (const issuer of chain.slice(1)) {
    const age = ageOf(issuer, wall);
    if (age)
      find(
        age.code,
        'doubt',
        `Of the chain, ${nameOf(issuer)} ${age.what}.`,
        'Ask your authority for its chain of today.',
      );
    const weak = issuer.x509.subject === issuer.x509.issuer ? undefined : weakness(issuer.x509);
    if (weak !== undefined)
      find(
        'chain-weak',
        'doubt',
        `Of the chain, ${nameOf(issuer)} ${weak}.`,
        'Ask your authority for its chain of today.',
      );
  }
  if (isRoot || system.issuersOf(top).some((root) => isIssuedBy(top, root))) return;
  const where = /CA Issuers - URI:(\S+)/.exec(top.x509.infoAccess ?? '')?.[1];
  find(
    'chain-incomplete',
    'doubt',
    `The chain ends at ${nameOf(top)}, issued by "${top.issuer}", which is not in it and no root of this machine: peers that do not have it refuse us.`,
    where === undefined
      ? 'Send the certificates in between along (the "chain", "bundle" or "fullchain" of your authority). Where every peer has that authority, say that this is meant.'
      : `Send the certificates in between along: the next is at ${where}. Where every peer has that authority, say that this is meant.`,
  );
}

function ageOf({ x509 }: Certificate, wall: number): { code: 'expired' | 'not-yet-valid'; what: string } | undefined {
  if (wall > x509.validToDate.getTime()) return { code: 'expired', what: `expired on ${day(x509.validToDate)}` };
  if (wall < x509.validFromDate.getTime())
    return { code: 'not-yet-valid', what: `is not valid before ${day(x509.validFromDate)}` };
  return undefined;
}

function nameOf({ identity, subject }: Certificate): string {
  return `"${identity.names[0] ?? identity.addresses[0] ?? subject}"`;
}

/** Whether a key, PEM, is that of a certificate; undefined where there is none that can be read. */
export function fits(certificate: Certificate, keyPem: string): boolean | undefined {
  const key = keyOf(keyPem);
  return key && certificate.x509.checkPrivateKey(key);
}

/** What names a key without telling it: of its public half, DER. */
export function publicHalf(keyPem: string): Buffer | undefined {
  const key = keyOf(keyPem);
  return key && createPublicKey(key).export({ type: 'spki', format: 'der' });
}
