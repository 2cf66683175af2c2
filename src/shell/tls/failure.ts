/** What the texts of the TLS library mean, for who has to act. The first that the error's code holds decides. */
const meanings: readonly (readonly [part: string, outbound: string, inbound: string])[] = [
  ['HTTP_REQUEST', 'the peer speaks plain text on this port', 'plain text on a TLS port'],
  ['HTTPS_PROXY_REQUEST', 'the peer speaks plain text on this port', 'plain text on a TLS port'],
  [
    'WRONG_VERSION_NUMBER',
    'the peer speaks plain text on this port, or no TLS that is known here',
    'plain text on a TLS port',
  ],
  ['LENGTH_TOO_LONG', 'what the peer says is not TLS', 'what came is not TLS'],
  ['BAD_RECORD_TYPE', 'what the peer says is not TLS', 'what came is not TLS'],
  ['UNEXPECTED_MESSAGE', 'what the peer says is not TLS as it should be', 'what came is not TLS as it should be'],
  [
    'ALERT_PROTOCOL_VERSION',
    'the peer does not take the TLS versions that we offer',
    'the peer does not take our TLS version',
  ],
  ['UNSUPPORTED_PROTOCOL', 'the TLS version of the peer is too low', 'the TLS version of the peer is too low'],
  ['VERSION_TOO_LOW', 'the TLS version of the peer is too low', 'the TLS version of the peer is too low'],
  ['NO_SHARED_CIPHER', 'no cipher is shared with the peer', 'no cipher is shared with the peer'],
  [
    'NO_SUITABLE_SIGNATURE_ALGORITHM',
    'our key has no algorithm that the peer takes',
    'our key has no algorithm that the peer takes',
  ],
  [
    'CERTIFICATE_REQUIRED',
    'the peer wants a client certificate: give the trunk one that it trusts',
    'the peer wants another certificate',
  ],
  [
    'ALERT_UNKNOWN_CA',
    'the peer does not trust the issuer of our certificate',
    'the peer does not trust the issuer of our certificate',
  ],
  [
    'ALERT_CERTIFICATE_EXPIRED',
    'the peer says that our certificate has expired',
    'the peer says that our certificate has expired',
  ],
  [
    'ALERT_CERTIFICATE_REVOKED',
    'the peer says that our certificate is revoked',
    'the peer says that our certificate is revoked',
  ],
  ['ALERT_CERTIFICATE_UNKNOWN', 'the peer does not accept our certificate', 'the peer does not accept our certificate'],
  ['ALERT_BAD_CERTIFICATE', 'the peer does not accept our certificate', 'the peer does not accept our certificate'],
  [
    'ALERT_UNSUPPORTED_CERTIFICATE',
    'the peer does not accept our kind of certificate',
    'the peer does not accept our kind of certificate',
  ],
  ['ALERT_ACCESS_DENIED', 'the peer refuses us by our certificate', 'the peer refuses us by our certificate'],
  [
    'ALERT_UNRECOGNIZED_NAME',
    'the peer does not know the name that was asked for (SNI)',
    'the peer does not know the name',
  ],
  [
    'ALERT_HANDSHAKE_FAILURE',
    'the peer broke off the handshake: it wants a client certificate, or shares no cipher with us',
    'the peer broke off the handshake',
  ],
  [
    'ECONNRESET',
    'the peer closed the connection during the handshake',
    'the peer closed the connection during the handshake',
  ],
  [
    'EPIPE',
    'the peer closed the connection during the handshake',
    'the peer closed the connection during the handshake',
  ],
];

/** Why a TLS connection failed, in words; the library's own where nothing better is known. */
export function explainFailure(error: NodeJS.ErrnoException, side: 'outbound' | 'inbound'): string {
  const code = error.code ?? '';
  const found = meanings.find(([part]) => code.includes(part));
  if (found) return side === 'outbound' ? found[1] : found[2];
  return code.startsWith('ERR_SSL_')
    ? `TLS: ${code.slice(8).toLowerCase().replaceAll('_', ' ')}`
    : code || error.message;
}
