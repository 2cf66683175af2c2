import { PeeringFailure, printable } from './failure.ts';
import { ask, type ClientOptions, describe } from './http-client.ts';
import { jsonOf, summary } from './json.ts';

/** WebFinger (RFC 7033): where a provider's capability set is. */
export interface Discovered {
  readonly document: URL;
  /** Whose tokens it takes, where the provider says so (OpenID Connect Discovery 1.0, 2). */
  readonly issuer?: URL;
}

/** RFC 9409 registers the first; the examples of RFC 10006 4.5 have the second. */
const relations = ['sip-trunking-capability', 'sipTrunkingCapability'];
const issuerRelation = 'http://openid.net/specs/connect/1.0/issuer';
const most = 64 * 1024;
const bySelf = 'Ask the provider for the URL of the document itself, and give that.';

/** Throws PeeringFailure. */
export async function discover(provider: URL, client: ClientOptions): Promise<Discovered> {
  const url = new URL('/.well-known/webfinger', provider);
  url.searchParams.set('resource', provider.origin);
  for (const relation of [...relations, issuerRelation]) url.searchParams.append('rel', relation);
  const asked = describe({ url });
  const answer = await ask({ url, accept: 'application/jrd+json, application/json', most }, client);
  if (answer.status !== 200)
    throw new PeeringFailure(`${provider.host} does not say where its capability set is.`, {
      asked,
      came: summary(answer),
      cure: bySelf,
    });
  const { links } = jsonOf(answer, asked, 'The answer of WebFinger');
  const found = relations.map((relation) => linkTo(links, relation)).find((href) => href !== undefined);
  if (found === undefined)
    throw new PeeringFailure(`${provider.host} knows of no capability set.`, {
      asked,
      came: `links: ${relationsIn(links)}`,
      cure: bySelf,
    });
  const document = URL.parse(found);
  if (!document)
    throw new PeeringFailure('The place of the capability set is no URL.', {
      asked,
      came: printable(found),
      cure: bySelf,
    });
  const issuer = URL.parse(linkTo(links, issuerRelation) ?? '');
  return { document, ...(issuer && { issuer }) };
}

function linkTo(links: unknown, relation: string): string | undefined {
  if (!Array.isArray(links)) return undefined;
  const link = links.find((one) => one?.rel === relation && typeof one.href === 'string');
  return (link as { href: string } | undefined)?.href;
}

function relationsIn(links: unknown): string {
  const words = Array.isArray(links) ? links.map((one) => String(one?.rel)) : [];
  return words.length > 0 ? printable(words.join(', ')) : 'none';
}
