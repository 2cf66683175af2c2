import { z } from 'zod';
import { count, duration, file } from './leaves.ts';
import { domain, flag, quoted } from './leaves-sip.ts';
import { minVersion, oneOrMany, passwordKeys, shortFor, tunnelKinds } from './schema-forms.ts';

/** The keys of a trunk that say who it is, who we are, and what is encrypted. */

export const credentials = () =>
  oneOrMany(
    z.strictObject({
      realm: quoted(true).optional().describe('The realm they are for; any unless given.'),
      username: quoted(true).describe('The user name.'),
      ...passwordKeys(),
    }),
  )
    .optional()
    .describe('What the challenges (401, 407) of the trunk are answered with.');

export const authenticate = () =>
  z
    .strictObject({
      realm: quoted(true).describe('The realm that we challenge for.'),
      username: quoted(true).describe('The user name.'),
      ...passwordKeys(),
      algorithms: oneOrMany(z.enum(['SHA-256', 'SHA-512-256', 'MD5']))
        .prefault(['SHA-256', 'MD5'])
        .describe('What is offered, in order of preference (RFC 8760).'),
    })
    .optional()
    .describe(
      'What its requests are challenged for. A request that answers rightly is of this trunk, wherever it comes from.',
    );

export const trunkTlsSchema = z.strictObject({
  certificate: file()
    .optional()
    .describe("PEM: our certificate towards it, with its chain; the listener's unless given."),
  key: file().optional().describe('PEM: the private key of `certificate`.'),
  trust: oneOrMany(file())
    .prefault(['system'])
    .describe('Whose certificates are believed: `system`, the roots of this machine, and PEM files of others.'),
  names: oneOrMany(domain())
    .optional()
    .describe(
      'The names of which its certificate must bear one (RFC 5922); the name that was looked up, else `domain`, unless given.',
    ),
  wildcards: flag()
    .prefault('false')
    .describe('A name *.example in its certificate counts for one label. RFC 5922 forbids it; some providers need it.'),
  'min-version': minVersion(),
  renewal: duration({ from: '1m', to: '720h', never: true })
    .prefault('24h')
    .describe('The age at which a connection of ours is replaced by a new one. `never` to keep it.'),
});

export const trunkTls = () =>
  trunkTlsSchema
    .optional()
    .describe('How TLS is spoken to it; the defaults unless given. Files are read again when they change.');

export const srtpSuites = [
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_256_CM_HMAC_SHA1_32',
  'AEAD_AES_128_GCM',
  'AEAD_AES_256_GCM',
] as const;

const srtpMap = () =>
  shortFor(
    'mode',
    z.strictObject({
      mode: z
        .enum(['off', 'optional', 'required'])
        .describe('`required`: no call without it. `optional`: where the peer takes it.'),
      offer: z
        .enum(['crypto', 'two-lines', 'capability'])
        .prefault('crypto')
        .describe(
          'How `optional` is offered: `crypto` lines on RTP/AVP, an SAVP and an AVP m-line (`two-lines`), or RFC 5939 capabilities.',
        ),
      suites: oneOrMany(z.enum(srtpSuites))
        .prefault(['AES_CM_128_HMAC_SHA1_80', 'AEAD_AES_256_GCM', 'AEAD_AES_128_GCM'])
        .describe('The crypto suites, in order of preference.'),
      'keys-in-clear': flag()
        .prefault('false')
        .describe('Keys may be sent over UDP and TCP, where anyone on the way reads them and the media too.'),
    }),
  );

export const srtp = () => srtpMap().prefault('off').describe('Encryption of media, with keys in SDP (RFC 4568).');

/** That of devices. */
export const srtpOfDevices = (unless: string) =>
  srtpMap().optional().describe(`Encryption of media, with keys in SDP (RFC 4568); ${unless}.`);

export const connection = () =>
  shortFor(
    'type',
    z.strictObject({
      type: z.enum(['mpls', 'private', 'internet']).describe('What the trunk runs over.'),
      vpn: flag().prefault('false').describe('A tunnel carries it, signalling and media.'),
      vlan: count(1, 4094)
        .optional()
        .describe(
          'The VLAN between us and the router of that tunnel: `tandem check` tells when connections share one.',
        ),
      tunnel: shortFor(
        'kind',
        z.strictObject({
          kind: z
            .enum(tunnelKinds)
            .describe(
              'What it is. `gre` alone encrypts nothing, and is none over the `internet`; `gre-ipsec` is GRE within IPsec.',
            ),
          ours: domain()
            .optional()
            .describe(
              'Where our end of it is outside, an address or a name: the provider is told, and it must be public.',
            ),
          theirs: domain().optional().describe("Where the provider's end is."),
          port: count(1, 65535).prefault('51820').describe('Of UDP, at both ends; for `wireguard`.'),
        }),
      )
        .optional()
        .describe(
          'That tunnel, for the hand-over document, `tandem check` and `tandem firewall`; `vpn` is true with it.',
        ),
    }),
  )
    .optional()
    .describe('What the trunk runs over. Over the `internet` it takes a VPN, or TLS with SRTP; that is checked.');
