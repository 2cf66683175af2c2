import { z } from 'zod';
import { captureSchema, captureView } from '../captures/view.ts';
import type { LiveCall } from '../live/told.ts';
import { iso } from '../time.ts';

const side = z.object({
  trunk: z.string(),
  remote: z.string().optional().describe('Where it is: `udp 192.0.2.1:5060`.'),
  callId: z.string().optional().describe('The Call-ID of the side.'),
});
const party = z.enum(['caller', 'callee']);

export const callSchema = z
  .object({
    call: z.string().describe('Its id.'),
    phase: z.enum(['setup', 'answered']),
    caller: z.string().describe('As it was received.'),
    called: z.string().describe('As it was received.'),
    from: side.describe('Where it came from.'),
    to: side.optional().describe('Where it is being set up to, or talks with.'),
    route: z.string().optional(),
    user: z.string().optional().describe('Whose rules it follows.'),
    site: z.string().optional().describe('Where the caller is.'),
    emergency: z.string().optional().describe('Of a call for help: its number, as trunks get it.'),
    failed: z.int().optional().describe('Tries that came to nothing before.'),
    startedAt: z.iso.datetime(),
    ringingAt: z.iso.datetime().optional(),
    answeredAt: z.iso.datetime().optional(),
    media: z.enum(['anchor', 'bypass']).optional().describe('`bypass`: media goes past us.'),
    codecs: z.object({ caller: z.string().optional(), callee: z.string().optional() }).optional(),
    encrypted: z.array(party).optional().describe('Sides whose media is encrypted with us.'),
    hold: z.array(party).optional().describe('Sides that keep the other one waiting.'),
    fax: z.literal(true).optional(),
    silent: z.array(party).optional().describe('Sides from which nothing is heard and something should be.'),
    captures: z.array(captureSchema).optional().describe('Copies of its media that somebody had made, or has made.'),
  })
  .meta({ id: 'Call', description: 'A call that stands.' });
export type CallView = z.infer<typeof callSchema>;

export function callView(call: LiveCall): CallView {
  const { a, b, startedAt, ringingAt, answeredAt, encrypted, hold, silent, ...rest } = call;
  type Parties = CallView['hold'];
  return {
    call: rest.call,
    phase: rest.phase,
    caller: rest.caller,
    called: rest.called,
    from: a,
    ...(b && { to: b }),
    ...(rest.route !== undefined && { route: rest.route }),
    ...(rest.user !== undefined && { user: rest.user }),
    ...(rest.site !== undefined && { site: rest.site }),
    ...(rest.emergency !== undefined && { emergency: rest.emergency }),
    ...(rest.failed !== undefined && { failed: rest.failed }),
    startedAt: iso(startedAt),
    ...(ringingAt !== undefined && { ringingAt: iso(ringingAt) }),
    ...(answeredAt !== undefined && { answeredAt: iso(answeredAt) }),
    ...(rest.media && { media: rest.media }),
    ...(rest.codecs && { codecs: rest.codecs }),
    ...(encrypted && { encrypted: encrypted as Parties }),
    ...(hold && { hold: hold as Parties }),
    ...(rest.fax && { fax: rest.fax }),
    ...(silent && { silent: silent as Parties }),
    ...(rest.captures && { captures: rest.captures.map(captureView) }),
  };
}
