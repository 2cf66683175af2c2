import { X509Certificate } from 'node:crypto';
import { type CertificateIdentity, certificateIdentity, type GeneralName } from '#engine/ports';
import { type Element, elements, inside, objectIdentifier, tags } from './der.ts';

export interface Extension {
  readonly critical: boolean;
  /** Where its value, an element of DER, lies. */
  readonly value: Element;
}

/** A name of a subjectAltName, or the base of a name constraint, by the tag that RFC 5280 4.2.1.6 gives its kind. */
export interface TaggedName {
  readonly tag: number;
  readonly octets: Uint8Array;
}

export const nameTags = { email: 0x81, dns: 0x82, directory: 0xa4, uri: 0x86, ip: 0x87 } as const;

/** What X509Certificate does not tell of a certificate. */
export class Certificate {
  readonly x509: X509Certificate;
  readonly #der: Uint8Array;
  #extensions: ReadonlyMap<string, Extension> | undefined;
  #identity: CertificateIdentity | undefined;

  /** Throws when its DER cannot be read. */
  constructor(x509: X509Certificate) {
    this.x509 = x509;
    this.#der = x509.raw;
    this.#extensions = readExtensions(this.#der);
  }

  /** By object identifier. Undefined: its extensions cannot be read, and it is not to be trusted. */
  get extensions(): ReadonlyMap<string, Extension> | undefined {
    return this.#extensions;
  }

  get isAuthority(): boolean {
    return this.x509.ca;
  }

  /** How many authorities may stand between it and the leaf (RFC 5280 4.2.1.9). */
  get pathLength(): number {
    const constraints = this.#sequence('2.5.29.19');
    const length = constraints?.find(({ tag }) => tag === tags.integer);
    if (!length) return Number.POSITIVE_INFINITY;
    let value = 0;
    for (let at = length.start; at < length.end; at++) value = value * 256 + this.#der[at]!;
    return value;
  }

  /** Object identifiers of its extended key usages; undefined = any. */
  get usages(): readonly string[] | undefined {
    return this.#sequence('2.5.29.37')?.map((element) => objectIdentifier(this.#der, element));
  }

  /** Undefined when there is no subjectAltName. */
  get alternatives(): readonly TaggedName[] | undefined {
    if (!this.#extensions?.has('2.5.29.17')) return undefined;
    return (this.#sequence('2.5.29.17') ?? []).map((element) => this.#tagged(element));
  }

  /** RFC 5280 4.2.1.10; undefined when it has none. */
  get nameConstraints(): { permitted: readonly TaggedName[]; excluded: readonly TaggedName[] } | undefined {
    const parts = this.#sequence('2.5.29.30');
    if (!parts) return undefined;
    const bases = (wanted: number) =>
      parts
        .filter(({ tag }) => tag === wanted)
        .flatMap((part) => inside(this.#der, part) ?? [])
        .flatMap((subtree) => (inside(this.#der, subtree) ?? []).slice(0, 1))
        .map((element) => this.#tagged(element));
    return { permitted: bases(0xa0), excluded: bases(0xa1) };
  }

  /** The relative distinguished names of its subject, as they are encoded. */
  get subjectNames(): readonly Uint8Array[] {
    const subject = tbsParts(this.#der)?.[4];
    return subject ? encodings(this.#der, subject) : [];
  }

  get commonName(): string | undefined {
    const line = this.x509.subject?.split('\n').findLast((part) => part.startsWith('CN='));
    return line?.slice(3);
  }

  get identity(): CertificateIdentity {
    this.#identity ??= certificateIdentity({
      alternatives: this.alternatives?.flatMap(generalName),
      commonName: this.commonName,
    });
    return this.#identity;
  }

  /** "CN=Root, O=Example" */
  get subject(): string {
    return oneLine(this.x509.subject) || this.identity.names[0] || 'without a name';
  }

  get issuer(): string {
    return oneLine(this.x509.issuer);
  }

  #sequence(oid: string): readonly Element[] | undefined {
    const value = this.#extensions?.get(oid)?.value;
    return value && inside(this.#der, value);
  }

  #tagged({ tag, start, end }: Element): TaggedName {
    return { tag, octets: this.#der.subarray(start, end) };
  }
}

/** The relative distinguished names inside a Name. */
export function encodings(der: Uint8Array, name: Element): readonly Uint8Array[] {
  return (inside(der, name) ?? []).map(({ start, end }) => der.subarray(start, end));
}

/** All certificates of a PEM text, in order. Throws when it holds none, or one that cannot be read. */
export function readCertificates(pem: string): readonly Certificate[] {
  const begin = '-----BEGIN CERTIFICATE-----';
  const end = '-----END CERTIFICATE-----';
  const found: Certificate[] = [];
  for (let at = pem.indexOf(begin); at >= 0; at = pem.indexOf(begin, at + 1)) {
    const stop = pem.indexOf(end, at);
    if (stop < 0) throw new Error('a certificate in it is cut off');
    found.push(new Certificate(new X509Certificate(pem.slice(at, stop + end.length))));
  }
  if (found.length === 0) throw new Error('there is no PEM certificate in it');
  return found;
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function generalName({ tag, octets }: TaggedName): readonly GeneralName[] {
  const text = () => Buffer.from(octets).toString('latin1');
  if (tag === nameTags.uri) return [{ kind: 'uri', value: text() }];
  if (tag === nameTags.dns) return [{ kind: 'dns', value: text() }];
  if (tag === nameTags.ip) return [{ kind: 'ip', value: formatAddress(octets) }];
  return [];
}

/** "192.0.2.1", "2001:db8:0:0:0:0:0:1"; nothing that is an address for another count of octets. */
function formatAddress(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups: string[] = [];
  for (let at = 0; at + 1 < octets.length; at += 2) groups.push((octets[at]! * 256 + octets[at + 1]!).toString(16));
  return groups.join(':');
}

/** serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo and what follows, with the version taken off. */
function tbsParts(der: Uint8Array): readonly Element[] | undefined {
  const certificate = elements(der)?.[0];
  const tbs = certificate && inside(der, certificate)?.[0];
  const parts = tbs && inside(der, tbs);
  if (!parts) return undefined;
  return parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
}

function readExtensions(der: Uint8Array): ReadonlyMap<string, Extension> | undefined {
  const parts = tbsParts(der);
  if (!parts) return undefined;
  const found = new Map<string, Extension>();
  const wrapper = parts.find(({ tag }) => tag === 0xa3);
  if (!wrapper) return found;
  const list = inside(der, wrapper)?.[0];
  const extensions = list && inside(der, list);
  if (!extensions) return undefined;
  for (const extension of extensions) {
    const fields = inside(der, extension);
    const id = fields?.[0];
    const octets = fields?.at(-1);
    const value = octets && inside(der, octets)?.[0];
    if (id?.tag !== tags.oid || octets?.tag !== tags.octets || !value) return undefined;
    const name = objectIdentifier(der, id);
    if (found.has(name)) return undefined; // RFC 5280 4.2: at most one of a kind.
    const flag = fields![1]!;
    found.set(name, { critical: flag.tag === tags.boolean && der[flag.start] !== 0, value });
  }
  return found;
}
