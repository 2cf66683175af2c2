import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { alternativeNames, bits, integer, oid, pem, sequence, set, tagged, text } from './der-writer.ts';

export const keyKinds = ['rsa-2048', 'rsa-3072', 'ecdsa-p256'] as const;
export type KeyKind = (typeof keyKinds)[number];

/** Whose it is beyond its names; authorities that look into who asks want some of it. */
export interface RequestSubject {
  /** Two letters (ISO 3166). */
  readonly country?: string | undefined;
  readonly state?: string | undefined;
  readonly locality?: string | undefined;
  readonly organization?: string | undefined;
}

/** PEM: PKCS #10 and PKCS #8. */
export interface SigningRequest {
  readonly csr: string;
  readonly key: string;
}

/** Object identifiers of a subject, in the order in which they stand. */
const attributes = { country: '550406', state: '550408', locality: '550407', organization: '55040a' } as const;
const rsaWithSha256 = sequence(oid('2a864886f70d01010b'), tagged(0x05));
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const make = promisify(generateKeyPair);

/**
 * A new key, and a request for a certificate for it (RFC 2986) that bears `names`, host names and addresses: as subjectAltName, the first as CN
 * too, which some authorities want still.
 */
export async function signingRequest(
  kind: KeyKind,
  names: readonly string[],
  subject: RequestSubject = {},
): Promise<SigningRequest> {
  const { publicKey, privateKey } = await newKey(kind);
  const isRsa = kind !== 'ecdsa-p256';
  const parts = Object.entries(attributes).flatMap(([name, id]) => {
    const value = subject[name as keyof RequestSubject];
    if (value === undefined) return [];
    // A country is a PrintableString (RFC 5280 appendix A.1).
    return [attribute(id, name === 'country' ? tagged(0x13, Buffer.from(value)) : text(value))];
  });
  const extensionRequest = sequence(oid('2a864886f70d01090e'), set(sequence(alternativeNames(names))));
  const info = sequence(
    integer(0),
    // A CN has at most 64 characters; the names count where they are read.
    sequence(...parts, ...(names[0]!.length <= 64 ? [attribute('550403', text(names[0]!))] : [])),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa0, extensionRequest),
  );
  const signature = sign('sha256', info, privateKey);
  return {
    csr: pem('CERTIFICATE REQUEST', sequence(info, isRsa ? rsaWithSha256 : ecdsaWithSha256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function newKey(kind: KeyKind): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  switch (kind) {
    case 'ecdsa-p256':
      return make('ec', { namedCurve: 'P-256' });
    case 'rsa-2048':
      return make('rsa', { modulusLength: 2048 });
    case 'rsa-3072':
      return make('rsa', { modulusLength: 3072 });
  }
}

function attribute(id: string, value: Buffer): Buffer {
  return set(sequence(oid(id), value));
}
