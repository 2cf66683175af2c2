import { z } from 'zod';
import { passing } from './leaves-passes.ts';
import { codePoint, flag, user } from './leaves-sip.ts';
import { oneOrMany } from './schema-forms.ts';
import { quality } from './schema-quality.ts';
import { dtmfForm } from './schema-trunk-calls.ts';
import { srtpOfDevices } from './schema-trunk-security.ts';

/** How devices are spoken to: the keys of a user, and those of the registrar that say so for all of them. */

const dtmf = () => dtmfForm().optional();
const dscp = () =>
  z.strictObject({
    signalling: codePoint().prefault('CS3').describe('Of SIP.'),
    media: codePoint().prefault('EF').describe('Of RTP and RTCP.'),
  });
const passes = () => oneOrMany(passing());
const watchers = () => oneOrMany(user());

export const keysOfAllDevices = () => ({
  srtp: srtpOfDevices('none unless given'),
  dtmf: dtmf().describe(
    'How digits travel to and from devices: `rtp-event`, `info`, `info-dtmf`, `inband`, as for a trunk. As they come unless given.',
  ),
  dscp: dscp().prefault({}).describe('The marks of what is sent to devices.'),
  passes: passes()
    .prefault(['MESSAGE', 'SUBSCRIBE/message-summary', 'NOTIFY/message-summary'])
    .describe('Requests beside calls that pass to and from devices, as for a trunk.'),
  'believe-location': flag()
    .optional()
    .describe(
      'What devices say of where they are, in a call for help (RFC 6442), comes before what is known of them here; not unless given.',
    ),
  watchers: watchers()
    .prefault('users')
    .describe(
      'Who may watch whether a user is there and in a call: `users`, as long as they are registered; `nobody`; or these users and trunks.',
    ),
  quality: quality('None unless given.'),
});

const unless = 'as the `registrar` has it unless given';

export const keysOfDevices = () => ({
  srtp: srtpOfDevices(unless),
  dtmf: dtmf().describe(`How digits travel to and from his devices; ${unless}.`),
  dscp: dscp().optional().describe(`The marks of what is sent to his devices; ${unless}.`),
  passes: passes().optional().describe(`Requests beside calls that pass to and from his devices; ${unless}.`),
  'believe-location': flag()
    .optional()
    .describe(
      `What his devices say of where they are, in a call for help, comes before what is known of them here; ${unless}.`,
    ),
  watchers: watchers().optional().describe(`Who may watch whether he is there and in a call; ${unless}.`),
  quality: quality('As the `registrar` has it unless given.'),
});

export type DeviceEntry = z.output<z.ZodObject<ReturnType<typeof keysOfDevices>>>;
