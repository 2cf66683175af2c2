import { z } from 'zod';
import { duration, host, portRange } from './leaves.ts';
import { shortFor } from './schema-forms.ts';

const mediaAddress = (of: string) =>
  shortFor(
    'bind',
    z.strictObject({
      bind: host().describe('The address that RTP is sent from and received on.'),
      advertise: host()
        .optional()
        .describe(
          'What SDP says, where peers reach us at another address. `bind` unless given; to be given when `bind` is 0.0.0.0 or "::".',
        ),
    }),
  )
    .optional()
    .describe(`The media address towards ${of} trunks; \`address\` unless given.`);

export const mediaSchema = z
  .strictObject({
    mode: z
      .enum(['anchor', 'bypass'])
      .prefault('anchor')
      .describe(
        '`anchor`: RTP passes through us. `bypass`: SDP is passed on as it came, and the parties send RTP to each other.',
      ),
    address: host()
      .optional()
      .describe("The media address of both sides; that of the side's first listener unless given."),
    internal: mediaAddress('internal'),
    external: mediaAddress('external'),
    ports: portRange()
      .prefault('20000-40000')
      .describe('UDP ports for RTP and RTCP, both ends included. A call with one audio stream takes two on each side.'),
    silence: duration({ from: '1s', to: '24h', never: true })
      .prefault('60s')
      .describe(
        'How long an answered call may be without any RTP, when it is not on hold, before it is ended. `never` to let it be.',
      ),
  })
  .meta({ id: 'media', description: 'Where RTP goes.' });
