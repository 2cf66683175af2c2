import type { HostPort, Sensitive } from '#kernel';
import type { Network } from './network.ts';

/** How people and programs reach the API and the console over TCP. Absent: by the Unix socket alone. */
export interface ManagementConfiguration {
  /** An IP literal; loopback unless `tls` or `behindProxy` is given. */
  readonly listen: HostPort;
  /** Paths of PEM files. Absent: HTTP in clear. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Whose word on who asks, and how (X-Forwarded-*), is believed. */
  readonly behindProxy?: readonly Network[];
  /** What a browser calls us, an origin without a path: `https://tandem.example.com`. `listen` unless given. */
  readonly url?: string;
  /** Who may read the metrics without proving who he is. */
  readonly metrics?: { readonly from: readonly Network[] };
  readonly sessions: {
    /** Ms without a request after which a session ends. */
    readonly idle: number;
    /** Ms after which it ends in any case. */
    readonly lifetime: number;
  };
  readonly tokens: {
    /** Ms that an API token may live at most. */
    readonly lifetime: number;
  };
  readonly audit?: {
    /** Ms for which rows of the audit log are kept; 0: for ever. */
    readonly keep: number;
    /** And how many at most. */
    readonly rows: number;
  };
  readonly oidc?: OidcConfiguration;
}

/** Signing in at a provider of OpenID Connect. */
export interface OidcConfiguration {
  /** Its URL, under which its metadata is (OpenID Connect Discovery 4). */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, held by PKCE alone. */
  readonly clientSecret?: Sensitive<string>;
  /** The claim that tells what somebody may do: a text or a list of texts. */
  readonly claim: string;
  readonly scopes: readonly string[];
  /** Who has none of them may not sign in; the first that fits counts. */
  readonly roles: readonly OidcRole[];
}

export interface OidcRole {
  /** What the claim is, or holds. */
  readonly value: string;
  readonly role: 'viewer' | 'operator' | 'administrator';
  /** Absent: all. */
  readonly sites?: readonly string[];
}
