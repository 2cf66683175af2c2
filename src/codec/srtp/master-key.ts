import { decodeBase64 } from './base64.ts';
import { type SrtpSuite, srtpSuite } from './suite.ts';

/** A key as SDP security descriptions write it (RFC 4568 6.1). */
export interface SdesKey {
  readonly suite: string;
  /** Master key and salt, base64; its padding may be missing. */
  readonly inline: string;
  /** Master key identifier: a number, and its length on the wire in octets. */
  readonly mki?: { readonly value: number; readonly length: number };
}

/** Secret: what all keys of one direction are derived from. */
export interface SrtpMasterKey {
  readonly suite: SrtpSuite;
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
  /** As it stands in packets; empty when there is none. */
  readonly mki: Uint8Array;
}

/** RFC 4568 6.1: 1 to 128 octets. */
const maxMkiLength = 128;

/** Undefined when the suite is not ours, or key or MKI have not the form that it wants. */
export function readSdesKey({ suite: name, inline, mki }: SdesKey): SrtpMasterKey | undefined {
  const suite = srtpSuite(name);
  const octets = decodeBase64(inline);
  if (!suite || octets?.length !== suite.keyLength + suite.saltLength) return undefined;
  const mkiOctets = mki ? bigEndian(mki.value, mki.length) : new Uint8Array(0);
  if (!mkiOctets) return undefined;
  return { suite, key: octets.slice(0, suite.keyLength), salt: octets.slice(suite.keyLength), mki: mkiOctets };
}

function bigEndian(value: number, length: number): Uint8Array | undefined {
  if (!Number.isSafeInteger(value) || value < 0) return undefined;
  if (!Number.isInteger(length) || length < 1 || length > maxMkiLength) return undefined;
  const octets = new Uint8Array(length);
  let left = value;
  for (let at = length - 1; at >= 0 && left > 0; at--) {
    octets[at] = left % 256;
    left = Math.floor(left / 256);
  }
  return left === 0 ? octets : undefined;
}

/** Whether both derive the same session keys: then they count together (RFC 3711 3.2.3). */
export function sameMasterKey(one: SrtpMasterKey, other: SrtpMasterKey): boolean {
  return (
    one.suite === other.suite &&
    sameOctets(one.key, other.key) &&
    sameOctets(one.salt, other.salt) &&
    sameOctets(one.mki, other.mki)
  );
}

function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at]);
}
