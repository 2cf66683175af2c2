import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type Certificate, readCertificates } from './certificate.ts';
import { day } from './chain.ts';

/** A certificate of ours with its chain and key. */
export interface KeyPair {
  readonly leaf: Certificate;
  readonly chain: readonly Certificate[];
  /** As it stands in the files. */
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Throws an error that says which file is wrong, and how. */
export function readKeyPair(certificate: { path: string; text: string }, key: { path: string; text: string }): KeyPair {
  const chain = within(certificate.path, () => readCertificates(certificate.text));
  const leaf = chain[0]!;
  const secret = within(key.path, () => readKey(key.text));
  if (!leaf.x509.checkPrivateKey(secret)) throw new Error(`${key.path} is not the key of ${certificate.path}`);
  return { leaf, chain, certificatePem: certificate.text, keyPem: key.text };
}

/** Why it cannot serve now; undefined when it can. */
export function unusable({ leaf }: KeyPair, wall: number): string | undefined {
  const { validFromDate, validToDate } = leaf.x509;
  if (wall > validToDate.getTime()) return `it expired on ${day(validToDate)}`;
  return wall < validFromDate.getTime() ? `it is not valid before ${day(validFromDate)}` : undefined;
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    // Neither the key nor what the library says of it belongs in a log.
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      code === 'ERR_MISSING_PASSPHRASE'
        ? 'the key is encrypted: store it without a passphrase'
        : 'there is no private key in PEM in it',
    );
  }
}

function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
