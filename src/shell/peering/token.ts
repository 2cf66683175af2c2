import type { Sensitive } from '#kernel';
import { PeeringFailure, printable } from './failure.ts';
import { ask, type ClientOptions, describe } from './http-client.ts';
import { jsonOf, summary } from './json.ts';

/** OAuth 2.0 client credentials (RFC 6749 4.4), at the token end point that the server's metadata names (RFC 8414). */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Sensitive<string>;
  readonly scope?: string | undefined;
}

export interface TokenPlace {
  /** The authorization server. */
  readonly issuer: URL;
  /** Where it is known without being looked up. */
  readonly endpoint?: URL | undefined;
}

type Method = 'client_secret_basic' | 'client_secret_post';

const most = 64 * 1024;

/** An access token; to be kept from logs. Throws PeeringFailure. */
export async function fetchToken(place: TokenPlace, credentials: Credentials, client: ClientOptions): Promise<string> {
  const { endpoint, method } = place.endpoint
    ? { endpoint: place.endpoint, method: 'client_secret_basic' as Method }
    : await metadata(place.issuer, client);
  const { clientId, clientSecret, scope } = credentials;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (method === 'client_secret_post') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret.reveal());
  }
  const question = { url: endpoint, method: 'POST' as const };
  const asked = `${describe(question)} (a token for ${printable(clientId, 64)})`;
  const answer = await ask(
    {
      ...question,
      accept: 'application/json',
      form,
      most,
      authorization: method === 'client_secret_basic' ? basic(clientId, clientSecret.reveal()) : undefined,
    },
    client,
  );
  if (answer.status !== 200) throw refused(answer, asked);
  const { access_token: token, token_type: type } = jsonOf(answer, asked, 'The token');
  const fault = (came: string) =>
    new PeeringFailure('What came is no token that can be used.', {
      asked,
      came,
      cure: 'Ask the provider what is wrong.',
    });
  if (typeof token !== 'string' || !/^[A-Za-z0-9._~+/-]{1,16384}=*$/.test(token))
    throw fault('no `access_token` (RFC 6750 2.1)');
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    throw fault(`token_type ${printable(String(type))}, not Bearer`);
  return token;
}

/** RFC 8414 3: the well-known part goes before the issuer's own path. */
async function metadata(issuer: URL, client: ClientOptions): Promise<{ endpoint: URL; method: Method }> {
  const path = issuer.pathname === '/' ? '' : issuer.pathname;
  const url = new URL(`/.well-known/oauth-authorization-server${path}`, issuer);
  const asked = describe({ url });
  const answer = await ask({ url, accept: 'application/json', most }, client);
  const cure = 'Ask the provider for its token end point, and give it by --token-endpoint; or its issuer, by --issuer.';
  const fault = (what: string, came: string, then = cure) => new PeeringFailure(what, { asked, came, cure: then });
  if (answer.status !== 200) throw fault(`${issuer.host} does not say where tokens are to be had.`, summary(answer));
  const said = jsonOf(answer, asked, 'The metadata of the authorization server');
  // RFC 8414 3.3: else anyone could speak for it.
  if (typeof said.issuer !== 'string' || bare(said.issuer) !== bare(issuer.href))
    throw fault('The metadata is that of another issuer.', `issuer ${printable(String(said.issuer))}`);
  const endpoint = typeof said.token_endpoint === 'string' ? URL.parse(said.token_endpoint) : null;
  if (!endpoint)
    throw fault('The metadata names no token end point.', `token_endpoint ${printable(String(said.token_endpoint))}`);
  const grants = words(said.grant_types_supported) ?? ['authorization_code', 'implicit'];
  // Where nothing is listed, the default lacks what is asked here; that server is asked all the same.
  if (said.grant_types_supported !== undefined && !grants.includes('client_credentials'))
    throw fault(
      'The authorization server gives no token for client credentials.',
      `grant_types_supported ${printable(grants.join(', '))}`,
      'Get a token the way the provider has it, and give it by --token-file.',
    );
  const methods = words(said.token_endpoint_auth_methods_supported) ?? ['client_secret_basic'];
  const method = (['client_secret_basic', 'client_secret_post'] as const).find((one) => methods.includes(one));
  if (!method)
    throw fault(
      'The authorization server takes no client secret.',
      `token_endpoint_auth_methods_supported ${printable(methods.join(', '))}`,
      'Get a token the way the provider has it, and give it by --token-file.',
    );
  return { endpoint, method };
}

function refused(answer: Parameters<typeof summary>[0], asked: string): PeeringFailure {
  let said = summary(answer);
  try {
    const { error, error_description: description } = JSON.parse(Buffer.from(answer.body).toString()) as Record<
      string,
      unknown
    >;
    if (typeof error === 'string')
      said = `${answer.status} ${printable([error, description].filter((one) => typeof one === 'string').join(': '))}`;
  } catch {
    // Not JSON: the status tells.
  }
  const cure = said.includes('invalid_client')
    ? 'Check --client-id and the file of the secret.'
    : said.includes('scope')
      ? 'Ask the provider for the scope, and give it by --scope.'
      : 'Ask the provider whether this client may have a token.';
  return new PeeringFailure('No token was given.', { asked, came: said, cure });
}

/** RFC 6749 2.3.1: both are form-encoded first. */
function basic(id: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams({ a: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`;
}

function bare(url: string): string {
  return url.replace(/\/$/, '');
}

function words(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}
