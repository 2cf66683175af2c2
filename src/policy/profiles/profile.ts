import type { ConnectionConfiguration, Network, SrtpSuite, Trunk } from '#policy/configuration';

/**
 * What a peer can do and wants: a file of `profiles/`, or what a provider's capability server gave. The names and types are
 * those of the YANG module `ietf-sip-auto-peering` (RFC 10006 7.2), below its container `sip-auto-peering`; what that
 * does not say stands under `tandem`. Whatever is absent is not known, and forbids nothing.
 */
export interface Profile {
  readonly variant?: 'v1-0' | undefined;
  readonly revision?:
    | {
        /** RFC 3339: from then on it holds. */
        readonly 'not-before': string;
        /** Where the next revision will be. */
        readonly location: string;
      }
    | undefined;
  readonly 'transport-info'?: ProfileTransport | undefined;
  readonly 'call-spec'?: ProfileCalls | undefined;
  readonly media?: ProfileMedia | undefined;
  readonly dtmf?:
    | {
        /** The dynamic payload type of telephone-event, 96-127. */
        readonly 'payload-number'?: number | undefined;
        /** RFC 4733 rather than RFC 2833. */
        readonly iteration?: boolean | undefined;
      }
    | undefined;
  readonly security?: ProfileSecurity | undefined;
  /** SIP option tags, as the IANA registry has them: `100rel`, `gin`. */
  readonly extension?: readonly string[] | undefined;
  readonly tandem?: ProfileOwn | undefined;
}

export interface ProfileEntity {
  readonly host: string;
  readonly port: number;
}

export interface ProfileTransport {
  /** RFC 10006 has identities for `udp` and `tcp` and tells TLS by `security.signaling.secure`; `tls` alone: nothing else. */
  readonly transport?: readonly ('udp' | 'tcp' | 'tls')[] | undefined;
  readonly registrar?: readonly ProfileEntity[] | undefined;
  readonly realm?:
    | readonly {
        readonly name: string;
        readonly username?: string | undefined;
        /** `crypt-hash` of RFC 7317: `$0$` and the password, or a hash that answers no challenge. */
        readonly password?: string | undefined;
      }[]
    | undefined;
  readonly 'call-control'?: readonly ProfileEntity[] | undefined;
  readonly 'dns-server'?: readonly string[] | undefined;
  readonly 'outbound-proxy'?: readonly ProfileEntity[] | undefined;
}

export interface ProfileCalls {
  readonly 'early-media'?: boolean | undefined;
  readonly 'signaling-forking'?: boolean | undefined;
  /** In lower case. */
  readonly 'supported-method'?: readonly string[] | undefined;
  readonly 'caller-id'?:
    | {
        readonly 'e164-format'?: boolean | undefined;
        readonly 'preferred-method'?: 'p-asserted-identity' | 'from' | undefined;
      }
    | undefined;
  readonly 'number-range'?:
    | readonly {
        readonly index: number;
        readonly type?: 'range' | 'collection' | 'reference' | undefined;
        readonly count?: number | undefined;
        readonly value?: readonly string[] | undefined;
      }[]
    | undefined;
}

export interface ProfileMedia {
  /** In the peer's order of preference. */
  readonly 'media-type-audio'?:
    | readonly {
        readonly 'media-format': 'pcmu' | 'pcma' | 'opus' | 'g722' | 'g729';
        /** Hz. */
        readonly rate?: number | undefined;
        /** Ms. */
        readonly ptime?: number | undefined;
        readonly parameter?: string | undefined;
      }[]
    | undefined;
  readonly fax?: { readonly protocol?: readonly ('pass-through' | 't38')[] | undefined } | undefined;
  readonly rtp?:
    | { readonly 'rtp-trigger'?: boolean | undefined; readonly 'symmetric-rtp'?: boolean | undefined }
    | undefined;
  readonly rtcp?:
    | { readonly 'symmetric-rtcp'?: boolean | undefined; readonly 'rtcp-feedback'?: boolean | undefined }
    | undefined;
}

export interface ProfileSecurity {
  readonly signaling?:
    | {
        /** False: no SIP over TLS. */
        readonly secure?: boolean | undefined;
        readonly version?: readonly ('tls12' | 'tls13')[] | undefined;
      }
    | undefined;
  readonly 'media-security'?: { readonly 'key-management'?: readonly ('sdes' | 'dtls-srtp')[] | undefined } | undefined;
  /** URL of its certificates, PEM. */
  readonly 'certificate-location'?: string | undefined;
  readonly 'secure-telephony-identity'?:
    | {
        readonly 'stir-compliance'?: boolean | undefined;
        readonly 'certificate-delegation'?: boolean | undefined;
        readonly 'acme-directory'?: string | undefined;
      }
    | undefined;
}

/** Must be used, may be used, or is not there. */
export type Support = 'required' | 'optional' | 'unsupported';

/** What RFC 10006 does not say. */
export interface ProfileOwn {
  readonly title?: string | undefined;
  readonly kinds?: readonly Trunk['kind'][] | undefined;
  readonly 'connection-types'?: readonly ConnectionConfiguration['type'][] | undefined;
  readonly registration?: Support | undefined;
  readonly gin?: Support | undefined;
  readonly 'outbound-proxy'?: Support | undefined;
  readonly 'from-identity'?: Support | undefined;
  readonly 'number-format'?: 'e164' | 'e164-without-plus' | 'national' | 'any' | undefined;
  readonly contact?: 'name' | 'address' | 'any' | undefined;
  readonly 'client-certificate'?: Support | undefined;
  readonly srtp?: Support | undefined;
  readonly 'srtp-suites'?: readonly SrtpSuite[] | undefined;
  readonly 'options-ping'?: Support | undefined;
  /** Ms, the longest. */
  readonly 'options-interval'?: number | undefined;
  /** Ms, the oldest that a connection may grow. */
  readonly 'connection-renewal'?: number | undefined;
  readonly networks?: readonly Network[] | undefined;
  readonly 'dns-load-balancing'?: boolean | undefined;
  readonly 'high-availability'?: 'single' | 'list' | 'dns' | undefined;
  readonly calls?: number | undefined;
  readonly 'max-early-dialogs'?: number | undefined;
  readonly refer?: Support | undefined;
  readonly 'session-timer'?: Support | undefined;
  /** Media from, and to, whoever it talks to. */
  readonly 'media-bypass'?: Support | undefined;
  readonly emergency?: readonly ('elin' | 'pidf-lo')[] | undefined;
  readonly notes?: readonly string[] | undefined;
}
