import { z } from 'zod';
import { count, duration, file, leaf, name } from './leaves.ts';
import { callable, lineNumber } from './leaves-numbers.ts';
import { moment } from './leaves-places.ts';
import { domain, flag, quoted, user } from './leaves-sip.ts';
import { fault } from './problems.ts';
import { keysOfAllDevices, keysOfDevices } from './schema-devices.ts';
import { callLimits, noneOrMany, oneOrMany, passwordKeys, shortForList } from './schema-forms.ts';

/** Who is there, and what he may do. */

const device = () =>
  leaf(
    (text) => {
      const lower = text.toLowerCase();
      if (/^urn:[a-z0-9][a-z0-9-]{1,31}:[\x21-\x7e]{1,200}$/.test(lower)) return { value: lower };
      const digits = lower.replace(/[:.-]/g, '');
      return /^[0-9a-f]{12}$/.test(digits)
        ? { value: digits }
        : fault(
            'TDM-1126',
            `"${text.slice(0, 80)}" is neither the instance of a device nor a hardware address.`,
            'Write urn:uuid:… as `tandem status users` shows it, or 00:1b:21:3c:4d:5e.',
          );
    },
    { title: 'device', examples: ['00:1b:21:3c:4d:5e', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6'] },
  );

const on = (text: string) => flag().prefault('true').describe(text);

export const policySchema = z
  .strictObject({
    name: name().describe('What users and sites call it; `global` is for those who have no other.'),
    usages: noneOrMany(name())
      .optional()
      .describe(
        'The classes of routes that he may use, in order: later ones serve when earlier ones fail. With none, `[]`, he calls colleagues and for help; so it is unless given.',
      ),
    features: z
      .strictObject({
        forwarding: on('He may have his calls forwarded.'),
        transfer: on('He may transfer calls.'),
        'simultaneous-ring': on('He may have another number ring with his devices.'),
        'pstn-reroute': on('A call that the network has no room for goes by a trunk instead.'),
        'bandwidth-override': flag().prefault('false').describe('Calls to him are let in however full a link is.'),
        'toll-bypass': on('His calls leave as his policy says, not as the `local-policy` of the site where he is.'),
      })
      .prefault({})
      .describe('What else he may do.'),
  })
  .meta({ id: 'policy', description: 'What somebody may call, and do.' });

export const userSchema = z
  .strictObject({
    name: user().describe('The user part of the SIP address, and the name at digest.'),
    'display-name': quoted(false).optional().describe('The name that people see.'),
    line: lineNumber()
      .optional()
      .describe('The number that he calls from and is called at; with `;ext=` where many share it.'),
    numbers: oneOrMany(callable()).optional().describe('Other numbers that lead to him, an extension for one.'),
    site: name().optional().describe('Where he belongs.'),
    location: name()
      .optional()
      .describe(
        'Where help is to come to, of a telephone that stays where it is; by its address or its site unless given, and where its address is not there.',
      ),
    'device-locations': oneOrMany(
      z.strictObject({
        device: device().describe(
          'Which: the instance that it registers with (RFC 5626), or its hardware address, where that stands in the instance.',
        ),
        location: name().describe('Where help is to come to.'),
      }),
    )
      .optional()
      .describe('The same of single devices of his.'),
    ...passwordKeys(),
    'dial-plan': name().optional().describe('How what he dials is read; as at his site unless given.'),
    policy: name().optional().describe('What he may call; as at his site unless given.'),
    devices: count(1, 100).prefault('5').describe('How many devices may be registered at once; all of them ring.'),
    ...keysOfDevices(),
    capacity: callLimits().optional().describe('The most calls of all his devices together; no limit unless given.'),
    forward: z
      .strictObject({
        always: callable().optional().describe('Where every call goes, and no device rings.'),
        busy: callable().optional().describe('Where a call goes when he is busy.'),
        'no-answer': z
          .strictObject({
            to: callable().describe('The number or user.'),
            after: duration({ from: '1s', to: '10m' }).prefault('20s').describe('How long his devices ring before.'),
          })
          .optional()
          .describe('Where a call goes that he does not take.'),
        unregistered: callable().optional().describe('Where a call goes when no device of his is there.'),
        together: callable().optional().describe('What rings together with his devices, a mobile phone for one.'),
      })
      .optional()
      .describe('Where his calls go, instead of or after his devices.'),
    hidden: flag().prefault('false').describe('His number is never shown outside.'),
    'media-bypass': flag()
      .prefault('true')
      .describe(
        'Media of his devices may go past us, where `media.bypass` has it so. `false`: they take it from us alone.',
      ),
  })
  .meta({ id: 'user', description: 'Somebody, or something, that registers here or has a number.' });

export const usersSchema = shortForList(
  'list',
  z.strictObject({
    list: z.array(userSchema).min(1).optional().describe('The users, one by one.'),
    file: file()
      .optional()
      .describe(
        'More of them as CSV, the first line names the columns: `name`, `display-name`, `line`, `numbers` (with spaces between), `site`, `location`, `password`, `password-file`, `dial-plan`, `policy`, `devices`, `srtp`, `dtmf`, `watchers` (with spaces between), `calls` (at once), `forward-always`, `forward-busy`, `forward-no-answer`, `forward-after`, `forward-unregistered`, `forward-together`, `hidden`.',
      ),
  }),
).describe('Who registers here or has a number here.');

export const registrarSchema = z
  .strictObject({
    domains: oneOrMany(domain())
      .optional()
      .describe('The domains of addresses that are registered; any name or address of ours unless given.'),
    realm: quoted(true).optional().describe('The realm of challenges; the first domain unless given.'),
    algorithms: oneOrMany(z.enum(['MD5', 'SHA-256', 'SHA-512-256']))
      .prefault('MD5')
      .describe(
        'The hashes that are asked for, the best first (RFC 8760). Many a phone gives up at the sight of another than MD5, even beside it.',
      ),
    expires: z
      .strictObject({
        min: duration({ from: '10s', to: '24h' }).prefault('60s').describe('What is shorter gets 423.'),
        max: duration({ from: '10s', to: '168h' }).prefault('1h').describe('What is longer is cut to it.'),
      })
      .prefault({})
      .describe('How long a registration lasts.'),
    ...keysOfAllDevices(),
  })
  .meta({
    id: 'registrar',
    description: 'How devices register. `registrar: {}` takes the defaults; without the key none can.',
  });

export const sampleSchema = z
  .strictObject({
    name: quoted(false).describe('What the outcome is told under.'),
    from: user().describe('The trunk that it comes by, or the user who calls.'),
    caller: callable().optional().describe('Who calls, where `from` is a trunk.'),
    to: callable().describe('What is dialled.'),
    at: moment().optional().describe('When; whatever the time unless given.'),
    expect: z
      .strictObject({
        number: callable().optional().describe('The number as routes see it.'),
        route: name().optional().describe('The first route that takes it.'),
        trunks: oneOrMany(name()).optional().describe('The trunks that are tried, in order.'),
        user: user().optional().describe('Whose number it is.'),
        refused: count(300, 699).optional().describe('The status that it is refused with.'),
      })
      .describe('What must come of it.'),
  })
  .meta({ id: 'sample', description: 'A call that is looked at whenever the configuration is.' });

export type PolicyEntry = z.output<typeof policySchema>;
export type UserEntry = z.output<typeof userSchema>;
export type RegistrarEntry = z.output<typeof registrarSchema>;
export type SampleEntry = z.output<typeof sampleSchema>;
