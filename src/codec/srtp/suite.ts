/** What a crypto suite of SDP security descriptions fixes. Lengths in octets. */
export interface SrtpSuite {
  readonly name: string;
  readonly cipher: 'counter-mode' | 'gcm';
  readonly keyLength: 16 | 32;
  readonly saltLength: 12 | 14;
  /** Authentication tag of an SRTP packet; that of SRTCP is always the long one (RFC 4568 6.2, RFC 6188 4). */
  readonly rtpTag: number;
  readonly rtcpTag: number;
}

function counterMode(name: string, keyLength: 16 | 32, rtpTag: number): SrtpSuite {
  return { name, cipher: 'counter-mode', keyLength, saltLength: 14, rtpTag, rtcpTag: 10 };
}

function gcm(name: string, keyLength: 16 | 32): SrtpSuite {
  return { name, cipher: 'gcm', keyLength, saltLength: 12, rtpTag: 16, rtcpTag: 16 };
}

const suites = new Map(
  [
    counterMode('AES_CM_128_HMAC_SHA1_80', 16, 10), // RFC 4568 6.2.1
    counterMode('AES_CM_128_HMAC_SHA1_32', 16, 4), // RFC 4568 6.2.2
    counterMode('AES_256_CM_HMAC_SHA1_80', 32, 10), // RFC 6188 4.1
    counterMode('AES_256_CM_HMAC_SHA1_32', 32, 4),
    gcm('AEAD_AES_128_GCM', 16), // RFC 7714 14.1
    gcm('AEAD_AES_256_GCM', 32),
  ].map((suite) => [suite.name, suite]),
);

export const srtpSuites: readonly SrtpSuite[] = [...suites.values()];

/** By its registered name; undefined when we have it not. */
export function srtpSuite(name: string): SrtpSuite | undefined {
  return suites.get(name);
}
