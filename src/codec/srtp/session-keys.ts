import type { SrtpCiphers } from './ciphers.ts';
import { CounterMode } from './counter-mode.ts';
import type { SrtpMasterKey } from './master-key.ts';
import type { SrtpSuite } from './suite.ts';

/** What the packets of one direction are protected with. Secret. */
export interface SessionKeys {
  readonly suite: SrtpSuite;
  readonly mki: Uint8Array;
  readonly rtp: PacketKeys;
  readonly rtcp: PacketKeys;
}

export interface PacketKeys {
  readonly key: Uint8Array;
  /** Of HMAC-SHA1; empty for GCM. */
  readonly authentication: Uint8Array;
  readonly salt: Uint8Array;
}

/** RFC 3711 5.2: n_a. */
const authenticationKeyLength = 20;

/**
 * Derives the session keys (RFC 3711 4.3, RFC 6188 3, RFC 7714 11), once for a master key: the key derivation rate is 0,
 * which is all that SDP security descriptions without KDR ask for.
 */
export function deriveSessionKeys(ciphers: SrtpCiphers, { suite, key, salt, mki }: SrtpMasterKey): SessionKeys {
  const aes = ciphers.aes(key);
  const derive = (label: number, length: number) => {
    const x = new Uint8Array(14);
    // RFC 7714 11: a salt of 12 octets stands left, zeros behind.
    x.set(salt);
    x[7]! ^= label;
    new CounterMode(ciphers, aes, x).keystream(length, 0, 0);
    return ciphers.work.slice(0, length);
  };
  /** RFC 3711 4.3.2: three labels for SRTP, the next three for SRTCP. */
  const packetKeys = (label: number) => ({
    key: derive(label, suite.keyLength),
    authentication: derive(label + 1, suite.cipher === 'gcm' ? 0 : authenticationKeyLength),
    salt: derive(label + 2, suite.saltLength),
  });
  const keys = { suite, mki, rtp: packetKeys(0), rtcp: packetKeys(3) };
  aes.end();
  return keys;
}
