import { z } from 'zod';
import { count, duration, host, leaf } from './leaves.ts';
import { domain, flag, network } from './leaves-sip.ts';
import { fault } from './problems.ts';
import { oneOrMany } from './schema-forms.ts';
import { manipulation } from './schema-manipulation.ts';
import { srtpSuites } from './schema-trunk-security.ts';

/**
 * A capability profile: the fields of the YANG module `ietf-sip-auto-peering` (RFC 10006 7.2) and, under `tandem`, ours. Every
 * value is read from text, so that a profile may be YAML, or the JSON or XML of a capability server.
 */

/** One of `words`; of an identity (RFC 7951 6.8) the prefix that names its module does not count. */
function word<const Word extends string>(words: readonly Word[]) {
  return leaf(
    (text): { value: Word } | ReturnType<typeof fault> => {
      const bare = text.slice(text.lastIndexOf(':') + 1).toLowerCase();
      const found = words.find((one) => one === bare);
      return found === undefined
        ? fault('TDM-1108', `there is no \`${text.slice(0, 80)}\` here.`, `It takes ${words.join(', ')}.`)
        : { value: found };
    },
    { title: 'word', enum: [...words] },
  );
}

function text(most: number, title = 'text') {
  return leaf(
    (value) =>
      value.length > 0 && value.length <= most && !/\p{Cc}/u.test(value)
        ? { value }
        : fault('TDM-1114', `this is not one line of at most ${most} characters.`),
    { title },
  );
}

const uri = () =>
  leaf(
    (value) =>
      value.length <= 2048 && /^https?:\/\/[^\s\p{Cc}]+$/u.test(value)
        ? { value }
        : fault('TDM-1114', `"${value.slice(0, 80)}" is not the URL of a web page.`),
    { title: 'URL' },
  );

/** RFC 3339, as YANG's date-and-time has it. */
const instant = () =>
  leaf(
    (value) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
        ? { value }
        : fault('TDM-1114', `"${value.slice(0, 80)}" is not a date and time such as 2026-06-15T10:30:00Z.`),
    { title: 'date and time' },
  );

/** A SIP option tag; YANG identifiers do not begin with a digit, and the registry's `100rel` does. */
const optionTag = () =>
  leaf(
    (value) => {
      const tag = value.slice(value.lastIndexOf(':') + 1);
      return /^[A-Za-z0-9.!%*_+`'~-]{1,64}$/.test(tag)
        ? { value: spelledOut[tag] ?? tag }
        : fault('TDM-1114', `"${value.slice(0, 80)}" is not a SIP option tag.`);
    },
    { title: 'option tag', examples: ['100rel', 'gin'] },
  );
const spelledOut: Readonly<Record<string, string>> = { 'one-hundred-rel': '100rel', 'one-nine-nine': '199' };

const methods = [
  ...['invite', 'ack', 'bye', 'cancel', 'register', 'options', 'prack'],
  ...['subscribe', 'notify', 'publish', 'info', 'refer', 'message', 'update'],
];

/** `host` and `port`, both keys of the list. */
const entities = (most: number) => {
  const entity = z.strictObject({
    host: domain().describe('IP address or host name.'),
    port: count(1, 65_535).describe('Port.'),
  });
  return oneOrMany(entity).refine((list) => list.length <= most, {
    params: { fault: fault('TDM-1110', `there are more than ${most}.`) },
  });
};

const transportInfo = z.strictObject({
  transport: oneOrMany(word(['udp', 'tcp', 'tls']))
    .optional()
    .describe(
      'The transports that the peer takes. `tls` alone: nothing in clear. Else `security.signaling.secure` tells whether TCP may be TLS.',
    ),
  registrar: entities(3).optional().describe('Its registrars.'),
  realm: oneOrMany(
    z.strictObject({
      name: text(120).describe('The realm of its challenges.'),
      username: text(120).optional().describe('Our user name there.'),
      password: text(256).optional().describe('The password, as RFC 7317 hashes it. It is not kept.'),
    }),
  )
    .optional()
    .describe('The realms it challenges for.'),
  'call-control': entities(3).optional().describe('The servers that take calls.'),
  'dns-server': oneOrMany(host()).optional().describe('Name servers of the peer, which know its names.'),
  'outbound-proxy': entities(16).optional().describe('Where all requests go, if there are any.'),
});

const callSpec = z.strictObject({
  'early-media': flag().optional().describe('It may send announcements and tones before the answer.'),
  'signaling-forking': flag().optional().describe('It may fork calls: several early dialogs.'),
  'supported-method': oneOrMany(word(methods)).optional().describe('The methods it takes.'),
  'caller-id': z
    .strictObject({
      'e164-format': flag().optional().describe('The calling number has to be E.164.'),
      'preferred-method': word(['p-asserted-identity', 'from'])
        .optional()
        .describe('The header field in which it reads who calls.'),
    })
    .optional()
    .describe('How it wants to see the caller.'),
  'number-range': oneOrMany(
    z.strictObject({
      index: count(0, 65_535).describe('Its place in the list.'),
      type: word(['range', 'collection', 'reference'])
        .optional()
        .describe('A first number and a count, numbers, or a URL.'),
      count: count(1, 65_535).optional().describe('How many numbers.'),
      value: oneOrMany(text(2048)).optional().describe('The first number, all numbers, or the URL.'),
    }),
  )
    .optional()
    .describe('The numbers it gave us.'),
});

const media = z.strictObject({
  'media-type-audio': oneOrMany(
    z.strictObject({
      'media-format': word(['pcmu', 'pcma', 'opus', 'g722', 'g729']).describe('The codec.'),
      rate: count(1, 65_535).optional().describe('Hz.'),
      ptime: count(1, 255).optional().describe('Milliseconds in a packet.'),
      parameter: text(256).optional().describe('What else is to be said of it.'),
    }),
  )
    .optional()
    .describe('The codecs it takes, in its order of preference.'),
  fax: z
    .strictObject({
      protocol: oneOrMany(word(['pass-through', 't38']))
        .optional()
        .describe('In order of preference.'),
    })
    .optional()
    .describe('Fax.'),
  rtp: z
    .strictObject({
      'rtp-trigger': flag().optional().describe('It waits for our first packet before it sends.'),
      'symmetric-rtp': flag().optional().describe('It wants packets from the port that it sends to (RFC 4961).'),
    })
    .optional()
    .describe('RTP.'),
  rtcp: z
    .strictObject({
      'symmetric-rtcp': flag().optional().describe('The same of RTCP.'),
      'rtcp-feedback': flag().optional().describe('It takes RTP/AVPF (RFC 4585).'),
    })
    .optional()
    .describe('RTCP.'),
});

const dtmf = z.strictObject({
  'payload-number': count(96, 127).optional().describe('The payload type of telephone-event.'),
  iteration: flag().optional().describe('RFC 4733; `false`: rather RFC 2833.'),
});

const security = z.strictObject({
  signaling: z
    .strictObject({
      secure: flag().optional().describe('It speaks TLS.'),
      version: oneOrMany(word(['tls12', 'tls13']))
        .optional()
        .describe('In which versions.'),
    })
    .optional()
    .describe('SIP over TLS.'),
  'media-security': z
    .strictObject({
      'key-management': oneOrMany(word(['sdes', 'dtls-srtp']))
        .optional()
        .describe('How keys of SRTP are agreed on.'),
    })
    .optional()
    .describe('SRTP.'),
  'certificate-location': uri().optional().describe('Where its certificates are: one file in PEM.'),
  'secure-telephony-identity': z
    .strictObject({
      'stir-compliance': flag().optional().describe('It signs and verifies callers (STIR).'),
      'certificate-delegation': flag().optional().describe('It lends us authority over our numbers.'),
      'acme-directory': uri().optional().describe('Where such a certificate is asked for.'),
    })
    .optional()
    .describe('Signed identities.'),
});

const support = () => word(['required', 'optional', 'unsupported']);

const own = z.strictObject({
  title: text(120).optional().describe('What people call it.'),
  kinds: oneOrMany(word(['itsp', 'pstn-gateway', 'ip-pbx']))
    .optional()
    .describe('The kinds of trunk it is for.'),
  'connection-types': oneOrMany(word(['mpls', 'private', 'internet']))
    .optional()
    .describe('The connections it is reached over.'),
  registration: support().optional().describe('REGISTER from us; `unsupported`: a static trunk.'),
  gin: support().optional().describe('Registration of all numbers at once (RFC 6140).'),
  'outbound-proxy': support().optional().describe('Requests go by an outbound proxy.'),
  'from-identity': support().optional().describe('From names the account, whoever calls.'),
  'number-format': word(['e164', 'e164-without-plus', 'national', 'any'])
    .optional()
    .describe('How numbers are written.'),
  contact: word(['name', 'address', 'any']).optional().describe('What the host of our Contact has to be.'),
  'client-certificate': support().optional().describe('Certificates on both sides of TLS.'),
  srtp: support().optional().describe('SRTP.'),
  'srtp-suites': oneOrMany(z.enum(srtpSuites)).optional().describe('The crypto suites it knows.'),
  'options-ping': support().optional().describe('OPTIONS from us, to tell that we live.'),
  'options-interval': duration({ from: '5s', to: '24h' }).optional().describe('The longest pause between them.'),
  'connection-renewal': duration({ from: '1m', to: '720h' })
    .optional()
    .describe('The oldest that a connection may grow.'),
  networks: oneOrMany(network()).optional().describe('The networks that its calls come from.'),
  'dns-load-balancing': flag().optional().describe('It is found by NAPTR and SRV records.'),
  'high-availability': word(['single', 'list', 'dns'])
    .optional()
    .describe('It has one address, several that have each to be given, or a name that moves.'),
  calls: count(1, 1_000_000).optional().describe('Calls at once.'),
  'max-early-dialogs': count(1, 1000).optional().describe('The most early dialogs of one call.'),
  refer: support().optional().describe('Transfer by REFER.'),
  'session-timer': support().optional().describe('Session timers (RFC 4028).'),
  'media-bypass': support()
    .optional()
    .describe(
      'Media from phones, past us, with answers of several of them; `unsupported` where it takes media from us alone.',
    ),
  emergency: oneOrMany(word(['elin', 'pidf-lo']))
    .optional()
    .describe('How it is told where an emergency call comes from.'),
  manipulation: manipulation()
    .optional()
    .describe('Rules that change messages from and to it; they hold for every trunk that names the profile.'),
  notes: oneOrMany(text(400)).optional().describe('What people should know; on the data sheet.'),
});

export const profileSchema = z.strictObject({
  variant: word(['v1-0']).optional().describe('The version of these fields.'),
  revision: z
    .strictObject({
      'not-before': instant().describe('From when on this holds.'),
      location: uri().describe('Where the next revision will be.'),
    })
    .optional()
    .describe('This revision of the document.'),
  'transport-info': transportInfo.optional().describe('Where the peer is.'),
  'call-spec': callSpec.optional().describe('Calls.'),
  media: media.optional().describe('Media.'),
  dtmf: dtmf.optional().describe('DTMF.'),
  security: security.optional().describe('Encryption and identity.'),
  extension: oneOrMany(optionTag()).optional().describe('SIP option tags (extensions) it has.'),
  tandem: own.optional().describe('What RFC 10006 does not say.'),
});
