import type { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/* Authorities and certificates made on the fly, for tests. */

// @peculiar/x509 wants a metadata API of Reflect, which it only asks about constructors without parameters.
Object.assign(Reflect, { getMetadata() {}, getOwnMetadata() {}, defineMetadata() {}, hasOwnMetadata: () => false });
const x509 = await import('@peculiar/x509');

type CryptoKeyPair = webcrypto.CryptoKeyPair;

export type KeyKind = 'ec' | 'rsa-2048' | 'rsa-1024';
const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'rsa-2048': rsa(2048),
  'rsa-1024': rsa(1024),
} as const;

function rsa(modulusLength: number) {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength,
  } as const;
}

export const usages = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  sipDomain: '1.3.6.1.5.5.7.3.20',
  email: '1.3.6.1.5.5.7.3.4',
} as const;

const day = 86_400_000;

interface Common {
  /** Days from now; a year from yesterday on unless given. */
  readonly from?: number;
  readonly to?: number;
  readonly key?: KeyKind;
  /** The hash of the signature; SHA-256 unless given. */
  readonly hash?: 'SHA-1' | 'SHA-256';
  /** DER of further extensions. */
  readonly extensions?: readonly { readonly oid: string; readonly critical: boolean; readonly value: Uint8Array }[];
}

export interface AuthorityOptions extends Common {
  readonly pathLength?: number;
  /** False: a certificate that may not issue others, and does. */
  readonly isAuthority?: boolean;
  /** The key of another: a renewed or cross-signed authority. */
  readonly keys?: CryptoKeyPair;
}

export interface LeafOptions extends Common {
  /** CN of the subject. */
  readonly name?: string;
  readonly dns?: readonly string[];
  readonly uris?: readonly string[];
  readonly addresses?: readonly string[];
  /** Extended key usages; server and client unless given, none at all when empty. */
  readonly usages?: readonly string[];
}

/** A certificate with those of its issuers below the root, and its key: PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority. */
export class Authority {
  /** PEM of its own certificate. */
  readonly pem: string;
  readonly keys: CryptoKeyPair;
  readonly #name: string;
  readonly #hash: string;
  /** PEM of it and those above it but the root. */
  readonly #chain: string;

  private constructor(name: string, keys: CryptoKeyPair, pem: string, chain: string) {
    this.#name = name;
    this.keys = keys;
    this.#hash = 'SHA-256';
    this.pem = pem;
    this.#chain = chain;
  }

  static async root(name: string, options: AuthorityOptions = {}): Promise<Authority> {
    const keys = options.keys ?? (await makeKeys(options.key));
    const pem = await sign(`CN=${name}`, `CN=${name}`, keys, keys, authorityExtensions(options), options);
    return new Authority(`CN=${name}`, keys, pem, '');
  }

  async subordinate(name: string, options: AuthorityOptions = {}): Promise<Authority> {
    const keys = options.keys ?? (await makeKeys(options.key));
    const pem = await sign(`CN=${name}`, this.#name, keys, this.keys, authorityExtensions(options), options);
    return new Authority(`CN=${name}`, keys, pem, `${pem}\n${this.#chain}`);
  }

  async issue(options: LeafOptions): Promise<Issued> {
    const keys = await makeKeys(options.key);
    const names = [
      ...(options.uris ?? []).map((value) => ({ type: 'url' as const, value })),
      ...(options.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
      ...(options.addresses ?? []).map((value) => ({ type: 'ip' as const, value })),
    ];
    const wanted = options.usages ?? [usages.server, usages.client];
    const pem = await sign(
      options.name === undefined ? '' : `CN=${options.name}`,
      this.#name,
      keys,
      this.keys,
      [
        new x509.BasicConstraintsExtension(false),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
        ...(wanted.length > 0 ? [new x509.ExtendedKeyUsageExtension([...wanted])] : []),
      ],
      { hash: this.#hash as 'SHA-256', ...options },
    );
    return { certificate: `${pem}\n${this.#chain}`, key: await privatePem(keys) };
  }
}

/** A certificate that nobody but itself vouches for. */
export async function selfSigned(options: LeafOptions): Promise<Issued> {
  const keys = await makeKeys(options.key);
  const name = `CN=${options.name ?? 'self'}`;
  const names = (options.dns ?? []).map((value) => ({ type: 'dns' as const, value }));
  const extensions = names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [];
  return { certificate: await sign(name, name, keys, keys, extensions, options), key: await privatePem(keys) };
}

/** A folder of files that is gone with `remove()`. */
export function certificateFolder(): { path: string; write(name: string, text: string): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tandem-tls-'));
  return {
    path,
    write(name, text) {
      const file = join(path, name);
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function authorityExtensions({ isAuthority, pathLength }: AuthorityOptions) {
  return [
    new x509.BasicConstraintsExtension(isAuthority ?? true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

async function makeKeys(kind: KeyKind = 'ec'): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify'])) as CryptoKeyPair;
}

let serial = 0x1000;

async function sign(
  subject: string,
  issuer: string,
  keys: CryptoKeyPair,
  issuerKeys: CryptoKeyPair,
  extensions: InstanceType<typeof x509.Extension>[],
  { from = -1, to = 365, hash = 'SHA-256', extensions: more = [] }: Common,
): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: (++serial).toString(16),
    subject,
    issuer,
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
    signingAlgorithm: { name: issuerKeys.privateKey.algorithm.name, hash },
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    extensions: [
      ...extensions,
      ...more.map(({ oid, critical, value }) => new x509.Extension(oid, critical, Uint8Array.from(value))),
    ],
  });
  return certificate.toString('pem');
}

async function privatePem({ privateKey }: CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}
