import type { Trunk } from '#policy/configuration';
import { type Finding, type Rule, rule, supportRule } from './rule.ts';

/** Registration, methods, identity, and how much. */

const registers = (trunk: Trunk) => trunk.registration !== undefined;
const pings = (trunk: Trunk) => (trunk.health?.interval ?? 0) > 0;

/** What From and P-Asserted-Identity may look like, where the identity is a number rather than an account. */
function wrongNumber(trunk: Trunk, plus: boolean): Finding | undefined {
  const user = trunk.identity?.user;
  if (user === undefined || !isNumber(user) || user.startsWith('+') === plus) return undefined;
  return {
    path: ['identity', 'user'],
    message: `the peer wants numbers ${plus ? 'in E.164, with +' : 'without +'}, and ${user} is not one.`,
    cure: plus ? 'Write it as + country code number.' : 'Write it as the peer does.',
  };
}

function isNumber(user: string): boolean {
  for (let i = user.startsWith('+') ? 1 : 0; i < user.length; i++) {
    const code = user.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return user.length > 0;
}

export const serviceRules: readonly Rule[] = [
  rule('transport-info.realm', ({ trunk, profile }) => {
    const bare = profile['transport-info']?.realm?.find(
      ({ name }) => !trunk.credentials?.some(({ realm }) => realm === undefined || realm === name),
    );
    return bare
      ? {
          path: ['credentials'],
          message: `the peer challenges for the realm "${bare.name}", and the trunk has no credentials for it.`,
          cure: 'Add `credentials` with its user name and password.',
        }
      : undefined;
  }),
  rule('call-spec.supported-method', ({ trunk, profile }) => {
    const methods = profile['call-spec']?.['supported-method'] ?? [];
    if (methods.length === 0) return undefined;
    if (registers(trunk) && !methods.includes('register'))
      return { path: ['registration'], message: 'the peer takes no REGISTER.', cure: 'Remove `registration`.' };
    if (pings(trunk) && !methods.includes('options'))
      return {
        path: ['health'],
        message: 'the peer takes no OPTIONS.',
        cure: 'Say `health: { interval: never }`: calls then tell whether it works.',
      };
    return undefined;
  }),
  rule('call-spec.caller-id.e164-format', ({ trunk, profile }) =>
    profile['call-spec']?.['caller-id']?.['e164-format'] ? wrongNumber(trunk, true) : undefined,
  ),
  rule('call-spec.caller-id.preferred-method', ({ trunk, profile }) => {
    const method = profile['call-spec']?.['caller-id']?.['preferred-method'];
    const asserted = trunk.identity?.from === 'identity';
    if (method === 'from' && asserted)
      return {
        path: ['identity', 'from'],
        message: 'the peer reads the caller in From, where the trunk puts its identity.',
        cure: 'Say `from: caller`.',
      };
    if (method === 'p-asserted-identity' && !asserted)
      return {
        path: ['identity'],
        message: 'the peer reads the caller in P-Asserted-Identity, which the trunk does not make.',
        cure: 'Say `identity: { user: ..., from: identity }`.',
      };
    return undefined;
  }),
  rule('extension', ({ trunk, profile }) => {
    const tags = profile.extension ?? [];
    if (tags.length === 0 || !trunk.registration) return undefined;
    const missing = (['gin', 'outbound'] as const).find((tag) => trunk.registration?.[tag] && !tags.includes(tag));
    return missing
      ? {
          path: ['registration', missing],
          message: `the peer has not the SIP extension \`${missing}\`.`,
          cure: `Say \`${missing}: false\`.`,
        }
      : undefined;
  }),
  supportRule(
    'tandem.registration',
    (own) => own.registration,
    ({ trunk }) => registers(trunk),
    {
      path: ['registration'],
      what: 'registration',
      add: 'Add `registration: {}`, with `domain`, `identity` and `credentials`.',
      remove: 'Remove `registration`: the peer knows us by address or certificate.',
    },
  ),
  supportRule(
    'tandem.gin',
    (own) => own.gin,
    ({ trunk }) => trunk.registration?.gin === true,
    {
      path: ['registration', 'gin'],
      what: 'registration of all numbers at once (RFC 6140)',
      add: 'Say `registration: { gin: true }`.',
      remove: 'Say `gin: false`.',
    },
  ),
  supportRule(
    'tandem.from-identity',
    (own) => own['from-identity'],
    ({ trunk }) => trunk.identity?.from === 'identity',
    {
      path: ['identity'],
      what: 'From in the name of the account',
      add: 'Say `identity: { user: ..., from: identity }`.',
      remove: 'Say `from: caller`.',
    },
  ),
  rule('tandem.number-format', ({ trunk, own }) => {
    const format = own['number-format'];
    return format === undefined || format === 'any' ? undefined : wrongNumber(trunk, format === 'e164');
  }),
  supportRule(
    'tandem.options-ping',
    (own) => own['options-ping'],
    ({ trunk }) => pings(trunk),
    {
      path: ['health'],
      what: 'OPTIONS from us',
      add: 'Remove `health: off` and `interval: never`.',
      remove: 'Say `health: { interval: never }`: calls then tell whether it works.',
    },
  ),
  rule('tandem.options-interval', ({ trunk, own }) => {
    const most = own['options-interval'];
    if (most === undefined || !pings(trunk) || trunk.health!.interval <= most) return undefined;
    return {
      path: ['health', 'interval'],
      message: `the peer wants OPTIONS every ${most / 1000}s, or more often.`,
      cure: `Say \`health: { interval: ${most / 1000}s }\`.`,
    };
  }),
  supportRule(
    'tandem.media-bypass',
    (own) => own['media-bypass'],
    ({ trunk }) => trunk.mediaBypass === true,
    {
      path: ['media-bypass'],
      what: 'media from phones, past us',
      add: 'Say `media-bypass: true`.',
      remove: 'Say `media-bypass: false`: its media passes through us.',
    },
  ),
  rule('tandem.calls', ({ trunk, own }) =>
    own.calls !== undefined && (trunk.capacity.calls ?? 0) > own.calls
      ? {
          path: ['capacity', 'calls'],
          message: `the peer carries ${own.calls} calls at once.`,
          cure: `Say \`capacity: { calls: ${own.calls} }\`.`,
        }
      : undefined,
  ),
];
