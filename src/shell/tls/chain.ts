import type { Certificate } from './certificate.ts';
import { outsideConstraints } from './name-constraints.ts';

/** What trust begins with: by the text of its subject. */
export interface Anchors {
  issuersOf(certificate: Certificate): readonly Certificate[];
  /** The very certificate is trusted. */
  holds(certificate: Certificate): boolean;
}

export type Verdict =
  | { readonly trusted: true; readonly anchor: Certificate }
  /** `reason` goes after "its certificate": "was issued by …, which is not trusted". */
  | { readonly trusted: false; readonly reason: string };

export const chainLimits = {
  /** Certificates of a chain that are looked at. */
  presented: 10,
  /** Authorities between a certificate and what is trusted. */
  depth: 8,
  /** Signatures that are checked for one verdict. */
  signatures: 32,
};

/** Usages by which a certificate may speak for a SIP entity on either side (RFC 5924; anyExtendedKeyUsage). */
const sipUsages = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.20', '2.5.29.37.0'];

/** Extensions that are heeded, or mean nothing where they are critical and no policy is asked for (RFC 5280 4.2). */
const understood = new Set([14, 15, 17, 18, 19, 30, 31, 32, 33, 35, 36, 37, 46, 54].map((arc) => `2.5.29.${arc}`));

/**
 * Does a certificate lead to something trusted (RFC 5280 6.1): signatures, dates, who may issue, path length, name constraints, usages.
 * The first of `presented` is the one in question; the rest may help, in any order.
 */
export function verifyChain(presented: readonly Certificate[], anchors: Anchors, wall: number): Verdict {
  const leaf = presented[0];
  if (!leaf) return { trusted: false, reason: 'is missing' };
  const search = new Search(presented.slice(1, chainLimits.presented), anchors, wall);
  const fault = ownFault(leaf, wall) ?? usageFault(leaf);
  if (fault !== undefined) return { trusted: false, reason: fault };
  if (anchors.holds(leaf)) return { trusted: true, anchor: leaf };
  const anchor = search.from([leaf]);
  return anchor ? { trusted: true, anchor } : { trusted: false, reason: search.reason };
}

class Search {
  /** Why it failed where it came farthest. */
  reason = 'leads nowhere';
  readonly #others: readonly Certificate[];
  readonly #anchors: Anchors;
  readonly #wall: number;
  #depth = -1;
  #signatures = 0;

  constructor(others: readonly Certificate[], anchors: Anchors, wall: number) {
    this.#others = others;
    this.#anchors = anchors;
    this.#wall = wall;
  }

  /** The anchor that it leads to. `path` begins with the leaf; each was issued by the next. */
  from(path: readonly Certificate[]): Certificate | undefined {
    const last = path.at(-1)!;
    for (const issuer of this.#anchors.issuersOf(last)) {
      if (this.#follows(path, issuer, true)) return issuer;
    }
    for (const issuer of this.#others) {
      if (issuer.x509.subject !== last.x509.issuer || path.some((one) => same(one, issuer))) continue;
      const isAnchor = this.#anchors.holds(issuer);
      if (!this.#follows(path, issuer, isAnchor)) continue;
      const anchor = isAnchor ? issuer : this.from([...path, issuer]);
      if (anchor) return anchor;
    }
    const isSelfSigned = last.x509.subject === last.x509.issuer;
    const how = path.length > 1 ? 'leads to' : 'was issued by';
    this.#note(
      path,
      isSelfSigned && path.length === 1
        ? 'is self-signed and not trusted'
        : `${how} "${last.issuer}", which is not trusted`,
    );
    return undefined;
  }

  /** Whether `issuer` may stand above `path`. */
  #follows(path: readonly Certificate[], issuer: Certificate, isAnchor: boolean): boolean {
    const reason = this.#fault(path, issuer, isAnchor);
    if (reason !== undefined) this.#note(path, reason);
    return reason === undefined;
  }

  #fault(path: readonly Certificate[], issuer: Certificate, isAnchor: boolean): string | undefined {
    if (path.length > chainLimits.depth) return 'leads over too many authorities';
    if (++this.#signatures > chainLimits.signatures) return 'takes too long to check';
    const last = path.at(-1)!;
    if (!signedBy(last, issuer)) return `bears a signature that "${issuer.subject}" did not make`;
    const fault = ownFault(issuer, this.#wall, isAnchor) ?? authorityFault(issuer, path);
    return fault === undefined ? undefined : `leads to "${issuer.subject}", which ${fault}`;
  }

  /** Of all that was tried, what came farthest is told. */
  #note(path: readonly Certificate[], reason: string): void {
    if (path.length <= this.#depth) return;
    this.#depth = path.length;
    this.reason = reason;
  }
}

function same(a: Certificate, b: Certificate): boolean {
  return a.x509.raw.equals(b.x509.raw);
}

/** Signatures that were checked, for as long as the certificates are at hand: each set of roots asks anew about the same chain. */
const checked = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

function signedBy(certificate: Certificate, issuer: Certificate): boolean {
  let ofIssuer = checked.get(certificate);
  if (!ofIssuer) {
    ofIssuer = new WeakMap();
    checked.set(certificate, ofIssuer);
  }
  const known = ofIssuer.get(issuer);
  if (known !== undefined) return known;
  let holds = false;
  try {
    holds = certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.x509.publicKey);
  } catch {
    // A key of a kind that the library does not know signs nothing.
  }
  ofIssuer.set(issuer, holds);
  return holds;
}

/** What is wrong with it, whoever issued it. An anchor's signature says nothing. */
function ownFault({ x509, extensions }: Certificate, wall: number, isAnchor = false): string | undefined {
  if (!extensions) return 'cannot be read';
  if (wall > x509.validToDate.getTime()) return `expired on ${day(x509.validToDate)}`;
  if (wall < x509.validFromDate.getTime()) return `is not valid before ${day(x509.validFromDate)}`;
  for (const [oid, { critical }] of extensions)
    if (critical && !understood.has(oid)) return `has a critical extension that is not known here (${oid})`;
  if (isAnchor) return undefined;
  return weakness(x509);
}

/** A key or a signature that others can make (the lengths of OpenSSL's security level 2). */
export function weakness(x509: Certificate['x509']): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey;
  if (type?.startsWith('rsa') && (details?.modulusLength ?? 0) < 2048)
    return `has an RSA key of ${details?.modulusLength} bits, less than 2048`;
  const signature = (x509.signatureAlgorithm ?? '').toLowerCase();
  return signature.includes('sha1') || signature.includes('md5')
    ? `is signed with ${x509.signatureAlgorithm}`
    : undefined;
}

function usageFault({ usages }: Certificate): string | undefined {
  return usages?.every((usage) => !sipUsages.includes(usage)) ? 'is for other uses than TLS or SIP' : undefined;
}

/** What keeps `issuer` from being above `path`. */
function authorityFault(issuer: Certificate, path: readonly Certificate[]): string | undefined {
  if (!issuer.isAuthority) return 'is no authority';
  // Self-issued ones (a change of key) do not count (RFC 5280 6.1.4).
  const between = path.slice(1).filter(({ x509 }) => x509.subject !== x509.issuer).length;
  if (between > issuer.pathLength) return 'may not issue authorities so far down';
  const usage = usageFault(issuer);
  if (usage !== undefined) return usage;
  for (const [at, below] of path.entries()) {
    const name = outsideConstraints(below, issuer, at === 0);
    if (name !== undefined) return `may not vouch for ${name}`;
  }
  return undefined;
}

export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
