import { X509Certificate } from 'node:crypto';
import { PeeringFailure } from './failure.ts';
import { ask, type ClientOptions, describe } from './http-client.ts';
import { summary, textOf } from './json.ts';

const most = 256 * 1024;
const blocks = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** The certificates at `certificate-location` (RFC 10006 7.2), and nothing else, in PEM. Throws PeeringFailure. */
export async function fetchCertificates(url: URL, client: ClientOptions): Promise<string> {
  const asked = describe({ url });
  const answer = await ask(
    { url, accept: 'application/x-pem-file, application/pem-certificate-chain, */*;q=0.5', most },
    client,
  );
  const cure = 'Ask the provider for its certificates, and name the file in `tls.trust`.';
  const fault = (came: string) =>
    new PeeringFailure('The certificates of the provider were not given.', { asked, came, cure });
  if (answer.status !== 200) throw fault(summary(answer));
  const found = textOf(answer, asked).match(blocks) ?? [];
  for (const block of found) {
    try {
      new X509Certificate(block);
    } catch {
      throw fault('PEM that holds no certificate');
    }
  }
  if (found.length === 0) throw fault(`no certificate in PEM: ${summary(answer)}`);
  return `${found.join('\n')}\n`;
}
