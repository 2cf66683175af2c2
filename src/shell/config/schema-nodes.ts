import { z } from 'zod';
import { duration, endpoint, file, host, name } from './leaves.ts';
import { hostName } from './leaves-sip.ts';
import { webUrl } from './schema-emergency.ts';
import { oneOrMany } from './schema-forms.ts';
import { mediaAddress } from './schema-media.ts';
import { recordsDirectory } from './schema-service.ts';

/** The processes of an organisation, each on a machine of its own. */

export const nodeSchema = z
  .strictObject({
    name: name().describe('What pools call it, and `tandem run --node`.'),
    site: name()
      .optional()
      .describe('Where it is: trunks of that site end there, and the phones of who belongs there register there.'),
    listeners: oneOrMany(name()).describe('Its listeners. Each listener is of one node.'),
    link: name()
      .optional()
      .describe(
        'The one of them that it and the other nodes speak to each other by; its first internal one unless given.',
      ),
    media: z
      .strictObject({
        address: host()
          .optional()
          .describe("The media address of both sides; that of the side's first listener unless given."),
        internal: mediaAddress('internal'),
        external: mediaAddress('external'),
      })
      .optional()
      .describe('Where RTP goes that passes through it; as `media` says unless given.'),
    records: recordsDirectory().optional().describe('The directory of its records; as `records` says unless given.'),
    management: z
      .strictObject({
        listen: endpoint().optional().describe('Where its API is; port 8080 unless one is given.'),
        url: webUrl().optional().describe('What a browser calls it.'),
      })
      .optional()
      .describe('How its API is reached; as `management` says unless given.'),
    heartbeat: duration({ from: '1s', to: '5m' })
      .prefault('2s')
      .describe(
        'How often the others ask it whether it lives, and how long an answer may take. Two without one, and it does not.',
      ),
    'certificate-name': hostName()
      .optional()
      .describe(
        'Where its `link` is of `tls`: the DNS name that its certificate bears; what the link advertises, where that is a name, unless given.',
      ),
    trust: oneOrMany(file())
      .prefault(['system'])
      .describe(
        'Where its `link` is of `tls`: whose certificates are believed to be its, `system` and PEM files of others.',
      ),
  })
  .meta({ id: 'node', description: 'A process, on a machine of its own, with its part of this configuration.' });

export const poolSchema = z
  .strictObject({
    name: name().describe('What other pools call it.'),
    nodes: oneOrMany(name()).describe(
      'Its nodes. All have the same trunks and, for users, are one; what one cannot carry another does.',
    ),
    backup: name()
      .optional()
      .describe(
        'The pool, or node, that registers its users when all of its nodes are gone; at a branch those at the `centre` unless given.',
      ),
    takeover: duration({ from: '1s', to: '24h' })
      .optional()
      .describe('How long they must be gone for that; 5m, or 10s at a branch, unless given.'),
  })
  .meta({ id: 'pool', description: 'Nodes that are the same to everybody.' });

export type NodeEntry = z.output<typeof nodeSchema>;
export type PoolEntry = z.output<typeof poolSchema>;
