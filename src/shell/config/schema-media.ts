import { z } from 'zod';
import { duration, host, name, portRange } from './leaves.ts';
import { flag } from './leaves-sip.ts';
import { shortFor } from './schema-forms.ts';
import { ringbackTone } from './schema-trunk-calls.ts';

export const mediaAddress = (of: string) =>
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
    bypass: shortFor(
      'by',
      z.strictObject({
        by: z
          .enum(['sites', 'always'])
          .describe(
            'Who is well connected. `sites`: ends with the same bypass ID, which their regions, sites and links give. `always`: all ends; not where links have a `bandwidth`.',
          ),
        unmapped: flag().prefault('false').describe('With `sites`: what is at no site has an ID in common as well.'),
      }),
    )
      .optional()
      .describe(
        'With `anchor`: calls between two well connected ends go past us, where both have `media-bypass` and need nothing of us. None do unless given.',
      ),
    address: host()
      .optional()
      .describe("The media address of both sides; that of the side's first listener unless given."),
    internal: mediaAddress('internal'),
    external: mediaAddress('external'),
    site: name()
      .optional()
      .describe(
        'The site where RTP passes through us: calls then take the links from there to both of their ends. Unless given they take those between their ends.',
      ),
    ports: portRange()
      .prefault('20000-40000')
      .describe('UDP ports for RTP and RTCP, both ends included. A call with one audio stream takes two on each side.'),
    silence: duration({ from: '1s', to: '24h', never: true })
      .prefault('30s')
      .describe(
        'How long an answered call that is not on hold may be without any RTP and RTCP before both parties are asked whether they are still there: it is ended when one is not. `never` to let it be.',
      ),
    'longest-silence': duration({ from: '2s', to: '24h', never: true })
      .prefault('never')
      .describe('How long it may be so although both are there. `never`: for as long as they are.'),
    'ringback-tone': ringbackTone()
      .prefault('itu')
      .describe(
        'The country (ISO 3166) whose ringing tone callers hear of us on trunks with `ringback: tone`; `itu`: 425 Hz, one second in five (ITU-T E.180).',
      ),
  })
  .meta({ id: 'media', description: 'Where RTP goes.' });
