/** SDP security descriptions (RFC 4568). */
export interface SrtpConfiguration {
  readonly mode: 'required' | 'optional';
  /** How `optional` is offered: crypto on RTP/AVP, an SAVP line and an AVP line, or RFC 5939 capabilities. */
  readonly offer: 'crypto' | 'two-lines' | 'capability';
  /** In order of preference. */
  readonly suites: readonly SrtpSuite[];
  /** Keys may cross signalling that is not encrypted: somebody said so in so many words. */
  readonly keysInClear: boolean;
}
export type SrtpSuite =
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AEAD_AES_128_GCM'
  | 'AEAD_AES_256_GCM';
