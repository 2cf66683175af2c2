import { z } from 'zod';
import { duration, file } from './leaves.ts';
import { hostName, secret, user } from './leaves-sip.ts';
import { webUrl } from './schema-emergency.ts';
import { oneOrMany, shortFor } from './schema-forms.ts';

/** Who outside is asked where calls go. */

const asked = (most: string, usual: string) => ({
  when: z
    .enum(['first', 'unrouted'])
    .prefault('first')
    .describe(
      '`first`: before the routes, about every call that does not stay within; `unrouted`: when no route takes it.',
    ),
  otherwise: z
    .enum(['routes', 'refuse'])
    .prefault('routes')
    .describe('When nothing is said in time: the `routes` decide, or the caller is refused.'),
  timeout: duration({ from: '50ms', to: most }).prefault(usual).describe('How long a call waits for it.'),
});

export const decisionsSchema = z
  .strictObject({
    enum: shortFor(
      'domain',
      z.strictObject({
        domain: hostName().describe('Where numbers stand in the DNS: `e164.arpa`, or a domain of your own.'),
        ...asked('10s', '2s'),
      }),
    )
      .optional()
      .describe(
        'Numbers in the DNS (RFC 6116). A SIP address leads to the trunk with that `domain` or address; where there is none, it is passed over.',
      ),
    service: shortFor(
      'url',
      z.strictObject({
        url: webUrl().describe('Where questions are posted to as JSON.'),
        secret: secret().optional().describe('What they are signed with.'),
        trust: oneOrMany(file())
          .optional()
          .describe(
            'With `https`: whose certificates are believed, `system`, the roots of this machine, unless given, and PEM files of others.',
          ),
        from: oneOrMany(user())
          .optional()
          .describe('The trunks and users whose calls it is asked about; all unless given.'),
        ...asked('10s', '500ms'),
      }),
    )
      .optional()
      .describe(
        'A service of your own, asked when ENUM has nothing. docs/routing.md has what it is told, and may say.',
      ),
  })
  .meta({ id: 'decisions', description: 'Who outside is asked where calls go.' });

export type DecisionsEntry = z.output<typeof decisionsSchema>;
