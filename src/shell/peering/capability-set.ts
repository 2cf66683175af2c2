import { readCapabilityBody } from './capability-body.ts';
import { PeeringFailure, printable } from './failure.ts';
import { type Answer, ask, type ClientOptions, describe } from './http-client.ts';
import { summary } from './json.ts';

/** A capability set document (RFC 10006 7) as maps, lists and texts, without its container. */
export interface CapabilitySet {
  readonly url: URL;
  readonly tree: Readonly<Record<string, unknown>>;
}

const most = 256 * 1024;
/** RFC 10006 4.4 knows JSON only; earlier servers have XML too (RFC 7950). */
const accept = 'application/json, application/yang-data+json, application/xml;q=0.5, application/yang-data+xml;q=0.5';

/** Throws PeeringFailure. */
export async function fetchCapabilitySet(
  url: URL,
  token: string | undefined,
  client: ClientOptions,
): Promise<CapabilitySet> {
  const asked = describe({ url });
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const answer = await ask({ url, accept, most, authorization }, client);
  if (answer.status !== 200) throw refused(answer, asked, token !== undefined);
  return { url: answer.url, tree: readCapabilityBody(answer, asked) };
}

/** RFC 10006 4.6. */
function refused(answer: Answer, asked: string, withToken: boolean): PeeringFailure {
  const cures: Readonly<Record<number, string>> = {
    400: 'Check the URL and --trunkid.',
    401: withToken ? 'Check which client this document is for.' : 'Give --client-id and --client-secret-file.',
    403: withToken
      ? 'The token may not see this document: check --trunkid, and with the provider which client it is for.'
      : 'Give --client-id and --client-secret-file.',
    404: 'Check the URL and --trunkid.',
  };
  const challenge = answer.headers['www-authenticate'];
  return new PeeringFailure('The capability set was not given.', {
    asked: withToken ? `${asked} with the token` : asked,
    came: summary(answer) + (challenge === undefined ? '' : `, WWW-Authenticate: ${printable(challenge)}`),
    cure: cures[answer.status] ?? 'Try later; then ask the provider.',
  });
}
