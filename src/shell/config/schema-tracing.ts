import { z } from 'zod';
import { count, duration, endpoint, leaf, name } from './leaves.ts';
import { quoted } from './leaves-sip.ts';
import { fault } from './problems.ts';
import { webUrl } from './schema-emergency.ts';
import { oneOrMany, passwordKeys, shortFor } from './schema-forms.ts';

/** What is kept of calls beyond memory, and who is told of them. */

const units: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };
const least = 1e6;
const most = 1e13;

/** Octets. */
const size = () =>
  leaf(
    (text) => {
      const match = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB)$/.exec(text);
      const value = match ? Math.round(Number(match[1]) * units[match[2]!]!) : Number.NaN;
      if (value >= least && value <= most) return { value };
      const bare = /^\d+$/.test(text);
      return fault(
        'TDM-1127',
        bare ? `${text} has no unit.` : `"${text.slice(0, 80)}" is not a size from 1MB to 10TB.`,
        bare ? `Write ${text}MB, or ${text}GB.` : undefined,
      );
    },
    { title: 'size', examples: ['500MB', '1GB'], 'x-range': 'from 1MB to 10TB' },
  );

const numberOrBeginning = () =>
  leaf(
    (text) =>
      /^[+A-Za-z0-9][A-Za-z0-9._#-]{0,63}\*?$/.test(text)
        ? { value: text }
        : fault(
            'TDM-1122',
            `${JSON.stringify(text.slice(0, 80))} is neither a number nor its beginning.`,
            'Write +49301234, or +49* for all that begin so.',
          ),
    { title: 'number or beginning', examples: ['+493012345', '+49*'] },
  );

/** Of an account, or of a token of one: `ann/backup`. */
const accountName = () =>
  leaf(
    (text) =>
      /^[^\s/"]{1,100}(\/[^\s/"]{1,100})?$/.test(text)
        ? { value: text }
        : fault(
            'TDM-1122',
            `${JSON.stringify(text.slice(0, 80))} is no account.`,
            'Write its name as `tandem account list` has it, or account/token.',
          ),
    { title: 'account', examples: ['ann', 'support/desk'] },
  );

const keepRule = shortFor(
  'calls',
  z.strictObject({
    calls: z
      .enum(['all', 'failed'])
      .prefault('all')
      .describe(
        '`failed`: those that ended otherwise than by a choice of who took part (they hung up, gave up, were busy, did not answer), or of which a try did.',
      ),
    trunk: name().optional().describe('Only those with a side on it.'),
    number: numberOrBeginning()
      .optional()
      .describe(
        'Only those of this caller or to this number, as it came or as a trunk got it; `"+49*"` takes a beginning.',
      ),
  }),
);

export const tracingSchema = z
  .strictObject({
    keep: oneOrMany(keepRule)
      .optional()
      .describe(
        'Of which calls the SIP messages are kept on the disk when they end, without secrets; of none unless given. A call is kept that one entry fits.',
      ),
    days: count(1, 3_650).prefault('7').describe('How long they are kept.'),
    size: size().prefault('1GB').describe('What they may take; beyond it the oldest go.'),
    keys: z
      .enum(['hidden', 'shown'])
      .prefault('hidden')
      .describe(
        'Whether the keys that people pressed (PINs among them) can be read: in INFO of all that is shown, kept and sent elsewhere, and in copies of media that were asked for with them.',
      ),
    media: shortFor(
      'by',
      z.strictObject({
        by: oneOrMany(accountName())
          .optional()
          .describe(
            'Who may: accounts, and tokens as `account/token`, operators at least. All administrators unless given.',
          ),
        trunks: oneOrMany(name()).optional().describe('Only of calls with a side on one of these trunks.'),
        sites: oneOrMany(name())
          .optional()
          .describe('Only of calls from one of these sites or with a side there; with `trunks`, either will do.'),
        longest: duration({ from: '1s', to: '24h' }).prefault('60s').describe('The most that one copy may last.'),
        size: size().prefault('10MB').describe('The most that one copy may take.'),
        days: count(1, 3_650).prefault('1').describe('How long copies are kept.'),
      }),
    )
      .optional()
      .describe(
        'That the media of single calls may be copied to the disk, decrypted, for Wireshark; nobody may unless this is given. Each copy is asked for with a reason, and is in the audit log and in the record of the call.',
      ),
    homer: shortFor(
      'to',
      z.strictObject({
        to: endpoint().describe('Where its capture server listens; port 9060 unless one is given.'),
        transport: z.enum(['udp', 'tcp']).prefault('udp').describe('How it is spoken to.'),
        id: count(1, 999_999_999).prefault('2001').describe('What it knows us by.'),
        ...passwordKeys(),
      }),
    )
      .optional()
      .describe('A Homer (HEP version 3) that each SIP message of every call is sent to, without secrets.'),
    otlp: shortFor(
      'url',
      z.strictObject({
        url: webUrl().describe('Where it takes traces by HTTP: `https://collector.example.com:4318/v1/traces`.'),
        authorization: quoted(true).optional().describe('What is sent as Authorization; better from a variable.'),
      }),
    )
      .optional()
      .describe('A collector of OpenTelemetry that a span of every call, and of each of its tries, is sent to.'),
  })
  .meta({ id: 'tracing', description: 'What is kept of calls beyond memory, and who outside is told of them.' });

export type TracingEntry = z.output<typeof tracingSchema>;
