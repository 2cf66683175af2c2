import { choice, type Rule, rule, supportRule } from './rule.ts';

/** TLS, certificates and SRTP. */

const versions = { tls12: 'TLSv1.2', tls13: 'TLSv1.3' } as const;

export const secrecyRules: readonly Rule[] = [
  rule('security.signaling.secure', ({ trunk, profile }) => {
    if (profile.security?.signaling?.secure !== false || trunk.transport !== 'tls') return undefined;
    const others = profile['transport-info']?.transport?.filter((one) => one !== 'tls') ?? [];
    return {
      path: ['transport'],
      message: 'the peer does not speak TLS.',
      cure: others.length > 0 ? `Say \`transport: ${others[0]}\`.` : 'Say `transport: tcp` or `udp`.',
    };
  }),
  rule('security.signaling.version', ({ trunk, profile }) => {
    const spoken = profile.security?.signaling?.version ?? [];
    const least = trunk.tls?.minVersion;
    if (spoken.length === 0 || least === undefined || spoken.some((one) => versions[one] >= least)) return undefined;
    return {
      path: ['tls', 'min-version'],
      message: `the peer speaks TLS ${choice(spoken.map((one) => versions[one].slice(4)))} only.`,
      cure: `Say \`tls: { min-version: ${versions[spoken.at(-1)!].slice(4)} }\`.`,
    };
  }),
  rule('security.media-security.key-management', ({ trunk, profile }) => {
    const ways = profile.security?.['media-security']?.['key-management'] ?? [];
    if (ways.length === 0 || !trunk.srtp || ways.includes('sdes')) return undefined;
    return {
      path: ['srtp'],
      message: `the peer agrees on keys by ${choice(ways)}, and we by SDES (RFC 4568).`,
      cure: 'Remove `srtp`, over a connection that nobody else is on.',
    };
  }),
  supportRule(
    'tandem.client-certificate',
    (own) => own['client-certificate'],
    ({ trunk, ways }) =>
      trunk.transport === 'tls' && ways.length > 0 && ways.every(({ tls }) => tls?.clientCertificate !== 'none'),
    {
      path: [],
      what: 'certificates on both sides (mutual TLS)',
      add: 'Use `transport: tls`, with a listener that has `client-certificate: requested` or `required`.',
      remove: 'Give the listener `client-certificate: none`.',
    },
  ),
  supportRule(
    'tandem.srtp',
    (own) => own.srtp,
    ({ trunk, own }) => (own.srtp === 'required' ? trunk.srtp?.mode === 'required' : trunk.srtp !== undefined),
    {
      path: ['srtp'],
      what: 'SRTP',
      add: 'Say `srtp: required`.',
      remove: 'Remove `srtp`.',
    },
  ),
  rule('tandem.srtp-suites', ({ trunk, own }) => {
    const suites = own['srtp-suites'];
    if (!suites || !trunk.srtp || trunk.srtp.suites.some((one) => suites.includes(one))) return undefined;
    return {
      path: ['srtp', 'suites'],
      message: `the peer knows ${choice(suites)}, of which the trunk has none.`,
      cure: `Add ${suites[0]} to \`srtp.suites\`.`,
    };
  }),
  rule('tandem.connection-renewal', ({ trunk, own }) => {
    const most = own['connection-renewal'];
    if (most === undefined || !trunk.tls || (trunk.tls.renewal > 0 && trunk.tls.renewal <= most)) return undefined;
    const longest = `${Math.floor(most / 60_000)}m`;
    return {
      path: ['tls', 'renewal'],
      message: `the peer wants connections renewed after ${longest} at the latest.`,
      cure: `Say \`tls: { renewal: ${longest} }\`.`,
    };
  }),
];
