import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Where the signature is: of `timestamp.body`, HMAC-SHA-256 in hexadecimal, so that no old one can be sent again. */
export const signatureHeader = 'X-Tandem-Signature';
export const timestampHeader = 'X-Tandem-Timestamp';

export function signature(secret: string, timestamp: string, body: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(secret), utf8ToBytes(`${timestamp}.${body}`)));
}
