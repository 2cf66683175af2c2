import type { Transport } from './context.ts';

/** What to do when a connection does not come about. `code`: the system's. */
export function connectionAdvice(code: string, transport: Transport): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `Nobody takes ${transport} there: ask the peer for the right port and transport, and whether it is up.`;
    case 'ETIMEDOUT':
      return 'Nothing came back: a firewall on the way drops it, or the address is wrong. Open the way, on both ends.';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'This machine has no way there: look at its routes, and at the tunnel if there is one.';
    case 'EADDRNOTAVAIL':
      return 'The address of the listener is not on this machine: give it to the machine, or correct bind.';
    case 'ECONNRESET':
      return 'The peer hangs up at once: it may take only addresses that it knows. Tell it ours.';
    default:
      return 'Look at the way there, and ask the peer what it sees.';
  }
}

const systemCode = /\bE[A-Z]{4,}\b/;

/** What to do about a target that was not reached, where the system has said why. */
export function unreachableAdvice(detail: string, transport: Transport): string | undefined {
  const code = systemCode.exec(detail)?.[0];
  return code === undefined ? undefined : connectionAdvice(code, transport);
}

/** What to do about a handshake that failed, by the words that it failed with. The first that fits decides. */
const handshakes: readonly (readonly [part: string, advice: string])[] = [
  [
    'wanted ',
    'If the provider says that this is its certificate, write its name under tls.names of the trunk; else this is not the provider.',
  ],
  [
    'plain text',
    'It is not the port for TLS: ask the provider for it (5061 is usual), or give the trunk another transport.',
  ],
  ['expired', 'Whose certificate it is must renew it.'],
  ['not trusted', 'Get the root of the provider, put it into a PEM file, and name that under tls.trust of the trunk.'],
  ['self-signed', 'If it is to be trusted all the same, put this very certificate into a file under tls.trust.'],
  ['client certificate', 'Give the trunk a certificate and key (tls.certificate, tls.key) that the provider trusts.'],
  ['our certificate', 'Give the provider the root of our certificate, or take one from an issuer that it trusts.'],
  ['no certificate of ours', 'Correct the files of the certificate and its key.'],
  ['TLS versions', 'Ask the provider which versions of TLS it takes; tls.min-version may be lowered to 1.2.'],
  ['TLS version', 'The peer speaks less than TLS 1.2, which is not safe: it must be brought up to date.'],
];

export function handshakeAdvice(reason: string): string {
  const found = handshakes.find(([part]) => reason.includes(part));
  return found?.[1] ?? 'Ask the provider what its log says about the handshake.';
}

/** What to do about a final response to INVITE, REGISTER or OPTIONS. */
export function statusAdvice(status: number, method: string): string | undefined {
  switch (status) {
    case 401:
    case 407:
      return 'The credentials of the trunk are missing or not taken: check username, password and realm.';
    case 403:
      return method === 'REGISTER'
        ? 'The account is not allowed to register: check the user and whether it is enabled.'
        : 'The peer refuses the call: check that it knows our address, and the caller’s number (--caller) and the rights of the account.';
    case 404:
    case 484:
    case 604:
      return method === 'REGISTER'
        ? 'The registrar does not know the account: check identity.user and the domain.'
        : 'The peer does not know the number: check its form (+49…, 0049…, 089…), which the provider tells.';
    case 408:
    case 480:
      return 'Nobody answered behind the peer: try another number.';
    case 486:
    case 600:
    case 603:
      return 'The number is busy or declines: the trunk itself works. Try another number.';
    case 488:
    case 606:
      return 'The media offered are not taken: check srtp of the trunk and the codecs (G.711 A-law and mu-law are offered).';
    case 415:
    case 420:
    case 421:
      return 'The peer needs another form of request: ask it for its requirements.';
    case 423:
      return 'The peer wants a longer registration.expires.';
    case 500:
    case 502:
    case 504:
      return 'It failed behind the peer: ask the provider, with the Call-ID of the record.';
    case 503:
      return 'Nobody could be reached or the peer is overloaded: the decisions below tell which.';
    default:
      return undefined;
  }
}
