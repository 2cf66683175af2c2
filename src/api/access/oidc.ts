import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration as Client,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { ManagementConfiguration } from '#engine/ports';
import { Problem } from '../problem.ts';

type OidcSettings = NonNullable<ManagementConfiguration['oidc']>;
type OidcRole = OidcSettings['roles'][number];

/** Somebody whom the provider knows, with what he may do here. */
export interface OidcPerson {
  /** Who he is for ever: the issuer and its name for him. */
  readonly subject: string;
  readonly name: string;
  readonly role: OidcRole['role'];
  readonly sites: readonly string[] | undefined;
}

/** A sign-in that a browser began and has not come back from. */
interface Begun {
  /** Where: what another provider's answer would prove is nobody's business (RFC 9700 4.4). */
  readonly issuer: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Who began many alone loses some. */
  readonly place: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Ms that somebody has to sign in there. */
export const oidcPatience = 600_000;
/** Of all, and of one place: a stranger shall not have others begin again. */
const mostBegun = 20_000;
const mostOfPlace = 50;
/** Seconds that the provider has for an answer. */
const answerWithin = 10;
/** Ms after which its metadata is asked for again. */
const metadataFor = 3_600_000;

/** Signing in at a provider of OpenID Connect: the authorization code flow with PKCE (RFC 7636), state and nonce. */
export class Oidc {
  readonly #configuration: () => ManagementConfiguration | undefined;
  readonly #wall: () => number;
  readonly #begun = new Map<string, Begun>();
  #client: { readonly of: OidcSettings; readonly at: number; readonly it: Promise<Client> } | undefined;

  constructor(configuration: () => ManagementConfiguration | undefined, wall: () => number) {
    this.#configuration = configuration;
    this.#wall = wall;
  }

  /** Where the browser at that place is to go, and what it is to bring back. Throws a Problem. */
  async begin(place: string): Promise<{ readonly url: string; readonly state: string }> {
    const { settings, back } = this.#settings();
    const client = await this.#clientOf(settings);
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const url = buildAuthorizationUrl(client, {
      redirect_uri: back,
      scope: settings.scopes.join(' '),
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const now = this.#wall();
    for (const [other, { expiresAt }] of this.#begun) if (expiresAt <= now) this.#begun.delete(other);
    const own = [...this.#begun].filter(([, begun]) => begun.place === place);
    if (own.length >= mostOfPlace) this.#begun.delete(own[0]![0]);
    if (this.#begun.size >= mostBegun) this.#begun.delete(this.#begun.keys().next().value!);
    this.#begun.set(state, { issuer: settings.issuer, nonce, verifier, place, expiresAt: now + oidcPatience });
    return { url: url.href, state };
  }

  /** Whether this is somebody whom the provider that the configuration names knows. */
  knows(subject: string): boolean {
    const { oidc } = this.#configuration() ?? {};
    return oidc !== undefined && subject.startsWith(`${oidc.issuer} `);
  }

  /** Who came back. `query`: as the provider had it, without "?"; `state`: what the browser brought of its own. Throws a Problem. */
  async finish(query: string, state: string | undefined): Promise<OidcPerson> {
    const { settings, back } = this.#settings();
    const begun = state === undefined ? undefined : this.#begun.get(state);
    if (state !== undefined) this.#begun.delete(state);
    if (!begun || begun.expiresAt <= this.#wall() || begun.issuer !== settings.issuer)
      throw new Problem(403, 'This browser did not begin to sign in, or too long ago: begin again.');
    const client = await this.#clientOf(settings);
    let claims: Record<string, unknown>;
    try {
      const tokens = await authorizationCodeGrant(client, new URL(`${back}?${query}`), {
        pkceCodeVerifier: begun.verifier,
        expectedState: state!,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      claims = { ...tokens.claims() };
      // Some tell it only when they are asked.
      if (!(settings.claim in claims) && client.serverMetadata().userinfo_endpoint !== undefined)
        claims = { ...(await fetchUserInfo(client, tokens.access_token, String(claims.sub))), ...claims };
    } catch (error) {
      throw new Problem(403, `The provider did not vouch for you: ${reasonOf(error)}.`);
    }
    return personOf(claims, settings);
  }

  #settings(): { readonly settings: OidcSettings; readonly back: string } {
    const { oidc, url } = this.#configuration() ?? {};
    if (!oidc || url === undefined)
      throw new Problem(404, 'Nobody signs in elsewhere: `management.oidc` is not given.');
    return { settings: oidc, back: `${url}/api/v1/oidc/callback` };
  }

  async #clientOf(settings: OidcSettings): Promise<Client> {
    const now = this.#wall();
    if (this.#client?.of !== settings || now - this.#client.at > metadataFor) {
      const issuer = new URL(settings.issuer);
      // An ID token is believed by its signature, whatever it came through.
      const clear = issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
      const execute = [enableNonRepudiationChecks, ...clear];
      const it = discovery(issuer, settings.clientId, settings.clientSecret?.reveal(), undefined, {
        execute,
        timeout: answerWithin,
      });
      this.#client = { of: settings, at: now, it };
    }
    try {
      return await this.#client.it;
    } catch (error) {
      this.#client = undefined;
      throw new Problem(502, `The provider ${settings.issuer} cannot be asked: ${reasonOf(error)}.`);
    }
  }
}

function personOf(claims: Record<string, unknown>, { issuer, claim, roles }: OidcSettings): OidcPerson {
  const { sub, preferred_username: user, email } = claims;
  const name = [user, email, sub].find((one) => typeof one === 'string' && one !== '') as string;
  const told = claims[claim];
  const held = Array.isArray(told) ? told : [told];
  const role = roles.find(({ value }) => held.includes(value));
  if (!role) throw new Problem(403, `${name} may do nothing here: no role fits his claim \`${claim}\`.`);
  return {
    subject: `${issuer} ${String(sub)}`,
    name: name.replace(/[^A-Za-z0-9._@+-]/g, '-').slice(0, 64),
    role: role.role,
    sites: role.sites,
  };
}

/** What went wrong at the bottom of it: libraries put errors into errors. */
function reasonOf(error: unknown): string {
  const {
    error_description: told,
    cause,
    code,
    message,
  } = error as NodeJS.ErrnoException & {
    readonly error_description?: string;
  };
  if (told !== undefined) return told.slice(0, 200);
  if (cause instanceof Error) return reasonOf(cause);
  return (code !== undefined && /^E[A-Z]+$/.test(code) ? code : message || 'no reason was given').slice(0, 200);
}
