import { z } from 'zod';
import { duration, file, leaf, name } from './leaves.ts';
import { dialled, globalNumber } from './leaves-numbers.ts';
import { country } from './leaves-places.ts';
import { flag, quoted, secret, target } from './leaves-sip.ts';
import { fault } from './problems.ts';
import { oneOrMany, passwordKeys, shortFor, shortForList } from './schema-forms.ts';

/** Calls for help. */

/** Civic address elements (RFC 5139 2.1, RFC 4119 2.2.1). */
const elements = {
  country: 'Its country (ISO 3166).',
  A1: 'State or province.',
  A2: 'County.',
  A3: 'City.',
  A4: 'Borough.',
  A5: 'Neighbourhood.',
  A6: 'Group of streets.',
  PRM: 'Road pre-modifier.',
  PRD: 'Leading direction of the street.',
  RD: 'Street.',
  STS: 'Suffix of the street.',
  POD: 'Trailing direction of the street.',
  POM: 'Road post-modifier.',
  RDSEC: 'Road section.',
  RDBR: 'Road branch.',
  RDSUBBR: 'Road sub-branch.',
  HNO: 'House number.',
  HNS: 'Suffix of the house number.',
  LMK: 'Landmark.',
  LOC: 'More about where it is.',
  FLR: 'Floor.',
  NAM: 'Who lives or works there.',
  PC: 'Postal code.',
  BLD: 'Building.',
  UNIT: 'Unit or flat.',
  ROOM: 'Room.',
  SEAT: 'Desk.',
  PLC: 'Kind of place.',
  PCN: 'Postal community.',
  POBOX: 'Post office box.',
  ADDCODE: 'Additional code.',
} as const;
type Element = keyof typeof elements;

const civic = z.strictObject(
  Object.fromEntries(
    Object.entries(elements).map(([element, words]) => [element, quoted(false).optional().describe(words)]),
  ) as Record<Element, z.ZodOptional<ReturnType<typeof quoted>>>,
);

const service = () =>
  leaf(
    (text) =>
      /^sos(\.[a-z0-9-]+){1,4}$/.test(text)
        ? { value: text }
        : fault(
            'TDM-1126',
            `"${text.slice(0, 80)}" is no service for help.`,
            'Write sos.police, sos.fire or sos.ambulance.',
          ),
    { title: 'service', examples: ['sos.police'] },
  );

const sipUri = () =>
  leaf(
    (text) =>
      /^sips?:[^\s@<>"]+@[^\s@<>"]+$/.test(text) && text.length <= 256
        ? { value: text }
        : fault(
            'TDM-1126',
            `"${text.slice(0, 80)}" is not the address of somebody at SIP.`,
            'Write sip:desk@example.com.',
          ),
    { title: 'SIP address', examples: ['sip:desk@example.com'] },
  );

export const webUrl = () =>
  leaf(
    (text) =>
      URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
        ? { value: text }
        : fault('TDM-1126', `"${text.slice(0, 80)}" is not an address on the web.`, 'Write https://example.com/path.'),
    { title: 'URL', examples: ['https://alarm.example.com/calls'] },
  );

const webHost = () =>
  leaf(
    (text) =>
      /^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?$/i.test(text) || /^\[[0-9a-f:.]+\](:\d{1,5})?$/i.test(text)
        ? { value: text.toLowerCase() }
        : fault(
            'TDM-1126',
            `"${text.slice(0, 80)}" is not a host on the web.`,
            'Write lis.example.com, or lis.example.com:8443.',
          ),
    { title: 'web host', examples: ['lis.example.com'] },
  );

const mailbox = () =>
  leaf(
    (text) =>
      /^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}$/.test(text)
        ? { value: text }
        : fault('TDM-1126', `"${text.slice(0, 80)}" is not an address of mail.`, 'Write desk@example.com.'),
    { title: 'mail address', examples: ['desk@example.com'] },
  );

const numbers = () =>
  oneOrMany(
    shortFor(
      'number',
      z.strictObject({
        number: dialled(2).describe('The number that calls for help, as trunks get it.'),
        masks: oneOrMany(dialled(2)).optional().describe('What else is dialled for it.'),
        services: oneOrMany(service())
          .optional()
          .describe(
            'Services of RFC 5031 that it stands for, `sos.police`; the first number stands for all that no other names.',
          ),
      }),
    ),
  );

const notify = () =>
  oneOrMany(
    shortFor(
      'message',
      z.strictObject({
        message: sipUri().optional().describe('Who gets a SIP MESSAGE.'),
        webhook: webUrl().optional().describe('Or: where it is posted to as JSON.'),
        secret: secret().optional().describe('With `webhook`: what it is signed with.'),
        mail: mailbox().optional().describe('Or: who gets mail.'),
        from: mailbox().optional().describe('With `mail`: who sends it.'),
        server: target().optional().describe('With `mail`: the server that takes it, at port 25 unless one is given.'),
        tls: z
          .enum(['offered', 'required', 'direct', 'off'])
          .optional()
          .describe(
            'With `mail`: TLS where the server offers it (STARTTLS), always, from the first octet on, or never. `direct` at port 465, `required` with a password, else `offered`, unless given. A certificate that is wrong is never taken.',
          ),
        trust: oneOrMany(file())
          .optional()
          .describe(
            'With `mail`: whose certificates are believed, `system`, the roots of this machine, unless given, and PEM files of others.',
          ),
        username: quoted(true).optional().describe('With `mail`: who we are at the server, where it asks.'),
        ...passwordKeys(),
      }),
    ),
  );

/** What a country and a site may say otherwise. */
const scopeKeys = (where: string) => ({
  numbers: numbers()
    .optional()
    .describe(`The numbers that call for help ${where}, instead of those that hold for more.`),
  tests: oneOrMany(dialled(2))
    .optional()
    .describe('Numbers to try it with there, instead of those that hold for more.'),
  relay: globalNumber().optional().describe('The number of people who ask where the caller is, there.'),
  notify: notify().optional().describe('Who hears of calls for help from there, beside those who hear of more.'),
  'notify-alone': flag().prefault('false').describe('Those who hear of more do not hear of calls for help from there.'),
});

/** What a site says of calls for help from there; the trunks may stand alone. */
export const siteEmergency = () =>
  shortForList(
    'to',
    z.strictObject({
      to: oneOrMany(name())
        .optional()
        .describe(
          'The trunks and groups that calls for help from here take first, in order; those of its country and of `emergency` come after them.',
        ),
      ...scopeKeys('here'),
    }),
  );

export const emergencySchema = z
  .strictObject({
    numbers: numbers()
      .optional()
      .describe(
        'The numbers that call for help, where neither the site nor its country has its own. They come before every rule, limit and ban.',
      ),
    tests: oneOrMany(dialled(2))
      .optional()
      .describe('Numbers to try it with, 933 for one: who calls them is told what would become of a call for help.'),
    to: oneOrMany(name()).describe(
      'The trunks and groups that they take, in order, after those of the site of the caller and of its country.',
    ),
    relay: globalNumber()
      .optional()
      .describe('The number of people who ask where the caller is, for calls whose place is not known.'),
    locations: z
      .array(
        z.strictObject({
          name: name().describe('What sites and subnets call it.'),
          civic: civic.describe('The address, by the elements of RFC 5139.'),
          elins: oneOrMany(globalNumber()).optional().describe('The numbers that callers here are known by (ELIN).'),
        }),
      )
      .min(1)
      .optional()
      .describe('Where help can be sent to.'),
    countries: z
      .array(
        z.strictObject({
          country: country().describe('Which (ISO 3166): the `country` of sites.'),
          to: oneOrMany(name())
            .optional()
            .describe('The trunks and groups that they take there, after those of the site.'),
          ...scopeKeys('at its sites'),
        }),
      )
      .min(1)
      .optional()
      .describe('What holds at the sites of a country, where they do not say it themselves.'),
    notify: notify().optional().describe('Who hears of a call for help. It never waits for them.'),
    'location-servers': shortForList(
      'hosts',
      z.strictObject({
        hosts: oneOrMany(webHost()).describe(
          'Which, with the port where it is not the usual one. No other is asked, whatever calls say.',
        ),
        timeout: duration({ from: '50ms', to: '2s' })
          .prefault('500ms')
          .describe('How long a call for help waits for an answer, at most.'),
        trust: oneOrMany(file())
          .optional()
          .describe(
            'Whose certificates are believed, `system`, the roots of this machine, unless given, and PEM files of others.',
          ),
      }),
    )
      .optional()
      .describe(
        'Servers that are asked for the place that a call tells by reference (RFC 6753), for trunks with `emergency: location-value`.',
      ),
    callback: duration({ from: '1m', to: '24h' })
      .prefault('30m')
      .describe('How long a call back to an ELIN finds who called.'),
  })
  .meta({ id: 'emergency', description: 'Calls for help.' });

export type ScopeEntry = NonNullable<z.output<ReturnType<typeof siteEmergency>>>;
export type EmergencyEntry = z.output<typeof emergencySchema>;
