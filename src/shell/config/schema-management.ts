import { z } from 'zod';
import { count, duration, endpoint, file, name } from './leaves.ts';
import { network, quoted, secret } from './leaves-sip.ts';
import { webUrl } from './schema-emergency.ts';
import { oneOrMany } from './schema-forms.ts';

/** How people and programs reach the API and the console. */

const oidcRole = z.strictObject({
  value: quoted(false).describe('What the claim is, or holds.'),
  role: z.enum(['viewer', 'operator', 'administrator']).describe('What he may do who has it.'),
  sites: oneOrMany(name()).optional().describe('The sites that he sees and changes; all unless given.'),
});

const oidc = z
  .strictObject({
    issuer: webUrl().describe('The provider, as its tokens name it.'),
    'client-id': quoted(true).describe('What it calls us.'),
    'client-secret': secret()
      .optional()
      .describe('What we prove that with; better from a variable or from `client-secret-file`.'),
    'client-secret-file': file().optional().describe('The file that holds the secret and nothing else.'),
    claim: quoted(true)
      .prefault('groups')
      .describe('The claim that tells what somebody may do: a text, or a list of them.'),
    scopes: oneOrMany(quoted(true))
      .prefault(['openid', 'profile', 'email'])
      .describe('What is asked for; some providers want one for the claim.'),
    roles: oneOrMany(oidcRole).describe(
      'What comes of the claim; the first that fits counts. Whom none fits may not sign in.',
    ),
  })
  .describe('Signing in at a provider of OpenID Connect, beside passwords.');

export const managementSchema = z
  .strictObject({
    listen: endpoint()
      .prefault('127.0.0.1:8080')
      .describe('Where the API and the console are; port 8080 unless one is given.'),
    tls: z
      .strictObject({
        certificate: file().describe('PEM: the certificate that is shown, and behind it those that lead to its root.'),
        key: file().describe('PEM: its private key, without a passphrase.'),
      })
      .optional()
      .describe('HTTPS by a certificate of our own. Both files are read again when they change.'),
    'behind-proxy': oneOrMany(network())
      .optional()
      .describe(
        'The proxies that speak HTTPS for us: who asks, and how, is what they say (`X-Forwarded-For`, `-Proto`, `-Host`). Without `tls` nobody else on the network is served.',
      ),
    url: webUrl()
      .optional()
      .describe(
        'What a browser calls us: `https://tandem.example.com`. `listen` unless given; compulsory with `oidc`.',
      ),
    metrics: z
      .strictObject({
        from: oneOrMany(network()).describe(
          'Who is there may read them without a token: where Prometheus is. Behind a proxy it is who asks the proxy.',
        ),
      })
      .optional()
      .describe('The metrics at `/metrics` (docs/metrics.md). Unless given they are for who may look at everything.'),
    sessions: z
      .strictObject({
        idle: duration({ from: '1m', to: '24h' })
          .prefault('30m')
          .describe('Without a request for this long a session ends.'),
        lifetime: duration({ from: '5m', to: '720h' }).prefault('12h').describe('After this long it ends in any case.'),
      })
      .prefault({})
      .describe('How long who signed in by a browser stays so.'),
    tokens: z
      .strictObject({
        lifetime: duration({ from: '1h', to: '87600h' })
          .prefault('8760h')
          .describe('How long an API token may live at most.'),
      })
      .prefault({})
      .describe('What programs prove themselves by.'),
    audit: z
      .strictObject({
        keep: duration({ from: '24h', to: '87600h', never: true })
          .prefault('17520h')
          .describe('For how long; `never` lets none go.'),
        rows: count(1_000, 100_000_000)
          .prefault('1000000')
          .describe('How many at most, the newest; a row takes some 500 octets.'),
      })
      .prefault({})
      .describe(
        'What is kept of the audit log. What is let go is told in it, and what stays can be verified as before.',
      ),
    oidc: oidc.optional(),
  })
  .meta({ id: 'management', description: 'How people and programs reach the API and the console.' });

export const healthSchema = z
  .strictObject({
    listen: endpoint()
      .prefault('127.0.0.1:8081')
      .describe(
        '`/healthz` and `/readyz` by HTTP, in clear; port 8081 unless one is given. Nothing else is told there.',
      ),
  })
  .meta({ id: 'health', description: 'Where it is told whether the program lives and takes calls.' });

export type HealthEntry = z.output<typeof healthSchema>;
export type ManagementEntry = z.output<typeof managementSchema>;
