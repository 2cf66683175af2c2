import { describe, expect, test } from 'vitest';
import { Bench, texts, type Zone } from './locate.testing.ts';
import type { LocateRequest } from './located.ts';

/** RFC 3263 4: what is asked, and where it leads. */
interface Row {
  readonly what: string;
  readonly zone?: Zone;
  readonly request: Partial<LocateRequest>;
  readonly asks: readonly string[];
  readonly finds: readonly string[] | string;
}

const failed = { kind: 'failed', reason: 'SERVFAIL' } as const;
const hosts = { 'A a.example.com': ['192.0.2.1'], 'A b.example.com': ['192.0.2.2'] };

const rows: readonly Row[] = [
  // Nothing to ask.
  {
    what: 'an IPv4 address',
    request: { host: '192.0.2.9', transport: 'tcp' },
    asks: [],
    finds: ['tcp 192.0.2.9:5060'],
  },
  {
    what: 'an address by TLS',
    request: { host: '192.0.2.9', transport: 'tls' },
    asks: [],
    finds: ['tls 192.0.2.9:5061'],
  },
  {
    what: 'an IPv6 address with a port',
    request: { host: '2001:db8::9', port: 5080, transport: 'tls' },
    asks: [],
    finds: ['tls [2001:db8::9]:5080'],
  },
  {
    what: 'an address without transport: UDP',
    request: { host: '192.0.2.9' },
    asks: [],
    finds: ['udp 192.0.2.9:5060'],
  },
  {
    what: 'an address without transport where there is no UDP',
    request: { host: '192.0.2.9', supported: ['tls', 'tcp'] },
    asks: [],
    finds: ['tls 192.0.2.9:5061'],
  },
  {
    what: 'nothing to send by',
    request: { supported: [] },
    asks: [],
    finds: 'no transport is supported',
  },
  ...[
    '',
    '.',
    'a..b',
    'a b',
    '300.1.1.1',
    'ex\u00e4mple.com',
    'a.example.com:5060',
    '[::1]',
    `${'x'.repeat(64)}.com`,
  ].map(
    (host): Row => ({
      what: `no name: "${host}"`,
      request: { host },
      asks: [],
      finds: `"${host.slice(0, 64)}" is neither an address nor a name`,
    }),
  ),
  // A port: addresses only.
  {
    what: 'a port',
    zone: { 'A example.com': ['192.0.2.1'], 'SRV _sip._udp.example.com': ['1 1 5070 a.example.com'] },
    request: { port: 5080, transport: 'tcp' },
    asks: ['A example.com'],
    finds: ['tcp 192.0.2.1:5080'],
  },
  {
    what: 'a port, no transport: UDP',
    zone: { 'A example.com': ['192.0.2.1'] },
    request: { port: 5060 },
    asks: ['A example.com'],
    finds: ['udp 192.0.2.1:5060'],
  },
  {
    what: 'capitals and the root are not told apart',
    zone: { 'A example.com': ['192.0.2.1'] },
    request: { host: 'EXAMPLE.com.', port: 5060 },
    asks: ['A example.com'],
    finds: ['udp 192.0.2.1:5060'],
  },
  // A transport: SRV.
  ...(
    [
      ['udp', '_sip._udp', 5060],
      ['tcp', '_sip._tcp', 5060],
      ['tls', '_sips._tcp', 5061],
    ] as const
  ).flatMap(([transport, service, port]): Row[] => [
    {
      what: `SRV for ${transport}`,
      zone: { ...hosts, [`SRV ${service}.example.com`]: ['20 0 5070 b.example.com', '10 0 5080 a.example.com'] },
      request: { transport },
      asks: [`SRV ${service}.example.com`, 'A a.example.com', 'A b.example.com'],
      finds: [`${transport} 192.0.2.1:5080`, `${transport} 192.0.2.2:5070`],
    },
    {
      what: `no SRV for ${transport}: the host itself`,
      zone: { 'A example.com': ['192.0.2.7'] },
      request: { transport },
      asks: [`SRV ${service}.example.com`, 'A example.com'],
      finds: [`${transport} 192.0.2.7:${port}`],
    },
  ]),
  {
    what: 'SRV says that there is no such service',
    zone: { 'SRV _sip._udp.example.com': ['0 0 0 .'], 'A example.com': ['192.0.2.7'] },
    request: { transport: 'udp' },
    asks: ['SRV _sip._udp.example.com'],
    finds: 'SRV _sip._udp.example.com: the service is not offered (target ".")',
  },
  {
    what: 'SRV failed: the host itself might be another machine',
    zone: { 'SRV _sip._udp.example.com': failed, 'A example.com': ['192.0.2.7'] },
    request: { transport: 'udp' },
    asks: ['SRV _sip._udp.example.com'],
    finds: 'SRV _sip._udp.example.com: SERVFAIL',
  },
  {
    what: 'one SRV target has no address',
    zone: {
      'SRV _sip._udp.example.com': ['10 0 5060 gone.example.com', '20 0 5060 b.example.com'],
      'A gone.example.com': { kind: 'none', reason: 'no-such-name', ttl: 60_000 },
      ...hosts,
    },
    request: { transport: 'udp' },
    asks: ['SRV _sip._udp.example.com', 'A gone.example.com', 'A b.example.com'],
    finds: ['udp 192.0.2.2:5060'],
  },
  {
    what: 'no SRV target has an address: the host itself is not meant',
    zone: {
      'SRV _sip._udp.example.com': ['10 0 5060 gone.example.com', '20 0 5060 lame.example.com'],
      'A gone.example.com': { kind: 'none', reason: 'no-such-name', ttl: 60_000 },
      'A lame.example.com': failed,
      'A example.com': ['192.0.2.7'],
    },
    request: { transport: 'udp' },
    asks: ['SRV _sip._udp.example.com', 'A gone.example.com', 'A lame.example.com'],
    finds: 'A gone.example.com: no such name; A lame.example.com: SERVFAIL',
  },
  {
    what: 'SRV records that cannot be used are none',
    zone: { 'SRV _sip._udp.example.com': ['1 1 0 a.example.com', '1 1 5060 a..b'], 'A example.com': ['192.0.2.7'] },
    request: { transport: 'udp' },
    asks: ['SRV _sip._udp.example.com', 'A example.com'],
    finds: ['udp 192.0.2.7:5060'],
  },
  {
    what: 'an address is tried once',
    zone: {
      'SRV _sip._udp.example.com': [
        '10 0 5060 a.example.com',
        '20 0 5060 alias.example.com',
        '30 0 5070 a.example.com',
      ],
      'A alias.example.com': ['192.0.2.1'],
      ...hosts,
    },
    request: { transport: 'udp' },
    asks: ['SRV _sip._udp.example.com', 'A a.example.com', 'A alias.example.com'],
    finds: ['udp 192.0.2.1:5060', 'udp 192.0.2.1:5070'],
  },
  // Families.
  {
    what: 'both families in turn, the preferred one first',
    zone: { 'A example.com': ['192.0.2.1'], 'AAAA example.com': ['2001:db8::1'] },
    request: { port: 5060, families: [6, 4] },
    asks: ['AAAA example.com', 'A example.com'],
    finds: ['udp [2001:db8::1]:5060', 'udp 192.0.2.1:5060'],
  },
  {
    what: 'one family fails: the other does',
    zone: { 'A example.com': ['192.0.2.1'], 'AAAA example.com': failed },
    request: { port: 5060, families: [6, 4] },
    asks: ['AAAA example.com', 'A example.com'],
    finds: ['udp 192.0.2.1:5060'],
  },
  // Neither: NAPTR.
  {
    what: 'NAPTR: the most preferred that we support',
    zone: {
      'NAPTR example.com': [
        '20 10 S SIP+D2U _sip._udp.example.com',
        '10 20 s SIP+D2T tcp.example.com',
        '10 10 s SIPS+D2T tls.example.com',
        '5 1 s SIP+D2S sctp.example.com',
        '1 1 u E2U+sip example.com',
      ],
      'SRV tcp.example.com': ['1 1 5070 a.example.com'],
      ...hosts,
    },
    request: { supported: ['udp', 'tcp'] },
    asks: ['NAPTR example.com', 'SRV tcp.example.com', 'A a.example.com'],
    finds: ['tcp 192.0.2.1:5070'],
  },
  {
    what: 'NAPTR: of one order, the next when the first leads nowhere',
    zone: {
      'NAPTR example.com': [
        '10 10 s SIPS+D2T tls.example.com',
        '10 20 s SIP+D2T tcp.example.com',
        '20 10 s SIP+D2U udp.example.com',
      ],
      'SRV tls.example.com': ['0 0 0 .'],
      'SRV tcp.example.com': ['1 1 5070 a.example.com'],
      ...hosts,
    },
    request: {},
    asks: ['NAPTR example.com', 'SRV tls.example.com', 'SRV tcp.example.com', 'A a.example.com'],
    finds: ['tcp 192.0.2.1:5070'],
  },
  {
    what: 'NAPTR without SRV records: the host itself, by the transport that was named',
    zone: { 'NAPTR example.com': ['10 10 s SIPS+D2T tls.example.com'], 'A example.com': ['192.0.2.7'] },
    request: {},
    asks: ['NAPTR example.com', 'SRV tls.example.com', 'A example.com'],
    finds: ['tls 192.0.2.7:5061'],
  },
  {
    what: 'NAPTR of other flags is none',
    zone: { 'NAPTR example.com': ['10 10 u SIP+D2U _sip._udp.other.example'], 'A example.com': ['192.0.2.7'] },
    request: { supported: ['udp'] },
    asks: ['NAPTR example.com', 'SRV _sip._udp.example.com', 'A example.com'],
    finds: ['udp 192.0.2.7:5060'],
  },
  {
    what: 'no NAPTR: SRV in our order',
    zone: {
      'SRV _sip._udp.example.com': ['1 1 5060 a.example.com'],
      'SRV _sips._tcp.example.com': ['1 1 5061 b.example.com'],
      ...hosts,
    },
    request: { supported: ['tls', 'tcp', 'udp'] },
    asks: [
      'NAPTR example.com',
      'SRV _sips._tcp.example.com',
      'SRV _sip._tcp.example.com',
      'SRV _sip._udp.example.com',
      'A b.example.com',
    ],
    finds: ['tls 192.0.2.2:5061'],
  },
  {
    what: 'no NAPTR: the first transport whose SRV leads anywhere',
    zone: {
      'SRV _sip._udp.example.com': failed,
      'SRV _sip._tcp.example.com': ['1 1 5060 a.example.com'],
      ...hosts,
    },
    request: {},
    asks: [
      'NAPTR example.com',
      'SRV _sip._udp.example.com',
      'SRV _sip._tcp.example.com',
      'SRV _sips._tcp.example.com',
      'A a.example.com',
    ],
    finds: ['tcp 192.0.2.1:5060'],
  },
  {
    what: 'NAPTR fails: some servers do not know it, SRV decides',
    zone: { 'NAPTR example.com': failed, 'SRV _sip._udp.example.com': ['1 1 5060 a.example.com'], ...hosts },
    request: { supported: ['udp'] },
    asks: ['NAPTR example.com', 'SRV _sip._udp.example.com', 'A a.example.com'],
    finds: ['udp 192.0.2.1:5060'],
  },
  {
    what: 'neither NAPTR nor SRV: the host itself by UDP, though we prefer another',
    zone: { 'A example.com': ['192.0.2.7'] },
    request: { supported: ['tcp', 'udp'] },
    asks: ['NAPTR example.com', 'SRV _sip._tcp.example.com', 'SRV _sip._udp.example.com', 'A example.com'],
    finds: ['udp 192.0.2.7:5060'],
  },
  {
    what: 'UDP is not offered: the host itself by what may be',
    zone: { 'SRV _sip._udp.example.com': ['0 0 0 .'], 'A example.com': ['192.0.2.7'] },
    request: { supported: ['udp', 'tcp'] },
    asks: ['NAPTR example.com', 'SRV _sip._udp.example.com', 'SRV _sip._tcp.example.com', 'A example.com'],
    finds: ['tcp 192.0.2.7:5060'],
  },
  {
    what: 'a transport of which we know nothing might be the one: not the host itself',
    zone: { 'SRV _sip._tcp.example.com': failed, 'A example.com': ['192.0.2.7'] },
    request: { supported: ['udp', 'tcp'] },
    asks: ['NAPTR example.com', 'SRV _sip._udp.example.com', 'SRV _sip._tcp.example.com'],
    finds:
      'NAPTR example.com: no such record; SRV _sip._udp.example.com: no such record; SRV _sip._tcp.example.com: SERVFAIL',
  },
  {
    what: 'nothing at all',
    zone: {},
    request: { transport: 'tcp', families: [4, 6] },
    asks: ['SRV _sip._tcp.example.com', 'A example.com', 'AAAA example.com'],
    finds: 'SRV _sip._tcp.example.com: no such record; A example.com: no such record; AAAA example.com: no such record',
  },
  {
    what: 'a name too long for a service before it has none',
    zone: { [`A ${'a.'.repeat(120)}example.com`]: ['192.0.2.7'] },
    request: { host: `${'a.'.repeat(120)}example.com`, transport: 'udp' },
    asks: [`A ${'a.'.repeat(120)}example.com`],
    finds: ['udp 192.0.2.7:5060'],
  },
];

describe('the tree of RFC 3263', () => {
  test.each(rows)('$what', ({ zone, request, asks, finds }) => {
    const bench = new Bench(zone);
    const found = bench.settle(request);
    expect(texts(found)).toEqual(finds);
    // SRV targets are asked for in the order drawn: equal priorities do not occur in these rows.
    expect(bench.asked).toEqual(asks);
    expect(bench.deadlines.size).toBe(0);
  });
});
