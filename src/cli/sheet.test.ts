import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isPublic, type Profile } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import { Authority, certificateFolder, selfSigned } from '../../test/support/certificates.ts';
import { sheetOf } from './sheet.ts';
import { formatSheet } from './sheet-formats.ts';

const folder = certificateFolder();
afterAll(() => folder.remove());
const ours = await selfSigned({ name: 'sbc.example.com', dns: ['sbc.example.com', 'sbc2.example.com'] });
const root = await Authority.root('Provider Root');
const certificate = folder.write('sbc.pem', ours.certificate);
const key = folder.write('sbc.key', ours.key);
const authority = folder.write('root.pem', root.pem);

function sheet(
  trunk: string,
  listeners = '  - { name: wan, side: external, bind: 192.0.2.5 }\n',
  profile: Profile = {},
) {
  const text = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
${listeners}trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - { name: itsp-a, kind: itsp, ${trunk} }
media: { internal: 10.0.0.5, external: { bind: 192.0.2.5, advertise: 198.51.100.9 }, ports: 30000-30999 }
routes:
  - { name: out, from: pbx, to: itsp-a }
  - { name: in, from: itsp-a, to: pbx }
`;
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return sheetOf(loaded.configuration.trunks[1]!, loaded.configuration, profile);
}

type Sheet = ReturnType<typeof sheet>;

/** The values of a row; empty: to be agreed; undefined: no such row. */
function get(from: Sheet, what: string) {
  return from.get.flatMap(({ rows }) => rows).find((one) => one.what === what)?.values;
}
function give(from: Sheet, what: string) {
  return from.give.flatMap(({ rows }) => rows).find((one) => one.what === what)?.values;
}

const tlsListener = `  - { name: wan, side: external, bind: 192.0.2.5:5061, advertise: sbc.example.com, transports: tls, tls: { certificate: ${certificate}, key: ${key} } }\n`;

describe('of each gateway', () => {
  test('an address is known, and its name is to be agreed', () => {
    const one = sheet('addresses: [203.0.113.10, 203.0.113.11:5070]');
    expect(get(one, 'Gateway 1: IP address')).toEqual(['203.0.113.10']);
    expect(get(one, 'Gateway 1: FQDN')).toEqual([]);
    expect(get(one, 'Gateway 1: transport and port')).toEqual(['udp 5060']);
    expect(get(one, 'Gateway 2: IP address')).toEqual(['203.0.113.11']);
    expect(get(one, 'Gateway 2: transport and port')).toEqual(['udp 5070']);
  });

  test('a name is known, and its address is to be agreed', () => {
    const one = sheet('addresses: sip.itsp.example');
    expect(get(one, 'Gateway 1: IP address')).toEqual([]);
    expect(get(one, 'Gateway 1: FQDN')).toEqual(['sip.itsp.example']);
    expect(get(one, 'Gateway 1: transport and port')).toEqual(['udp, by its SRV records']);
  });
});

describe('where we are, by connection', () => {
  test.each(['mpls', 'private'])('%s: the perimeter router', (type) => {
    const one = sheet(`addresses: 203.0.113.10, connection: ${type}`);
    expect(give(one, 'Public address of our perimeter router')).toEqual(['192.0.2.5']);
    expect(give(one, 'Our FQDN')).toEqual([]);
    expect(give(one, 'Address of our VPN server')).toBeUndefined();
  });

  test('a VPN: its server as well', () => {
    const one = sheet('addresses: 203.0.113.10, connection: { type: internet, vpn: true }');
    expect(give(one, 'Address of our VPN server')).toEqual([]);
    expect(get(one, 'Address of its VPN server')).toEqual([]);
    const told = sheet(
      'addresses: 203.0.113.10, media-networks: 203.0.113.64/26, connection: { type: internet, tunnel: { kind: wireguard, ours: vpn.acme.example, theirs: 203.0.113.1, port: 51821 } }',
    );
    expect(told.connection).toBe('over the internet, VPN');
    expect(give(told, 'Address of our VPN server')).toEqual(['vpn.acme.example']);
    expect(give(told, 'Protocol of the VPN')).toEqual(['WireGuard, UDP 51821']);
    expect(get(told, 'Address of its VPN server')).toEqual(['203.0.113.1']);
    expect(get(told, 'Networks and ports of its media')).toEqual(['203.0.113.64/26']);
    expect(give(one, 'Our public address')).toEqual(['192.0.2.5']);
  });

  test('an address that nobody outside can reach does not count', () => {
    const one = sheet(
      'addresses: 203.0.113.10, connection: mpls',
      '  - { name: wan, side: external, bind: 172.16.0.5 }\n',
    );
    expect(give(one, 'Public address of our perimeter router')).toEqual([]);
    expect(formatSheet(one, 'text')).toContain('to be agreed (172.16.0.5 is not routed outside)');
  });

  test('only the listeners by which the trunk goes', () => {
    const one = sheet('addresses: 203.0.113.10, transport: tcp');
    expect(give(one, 'We listen on')).toEqual(['tcp 192.0.2.5:5060']);
  });
});

describe('certificates', () => {
  test('over TCP none is needed, on either side', () => {
    const one = sheet('addresses: 203.0.113.10, transport: tcp');
    expect(get(one, 'Certificate')).toEqual(['none is needed over tcp']);
    expect(give(one, 'Certificate')).toEqual(['none is needed over tcp']);
  });

  test('over TLS ours is told, and its authority where the file has it', () => {
    const one = sheet(`domain: sip.itsp.example, transport: tls, tls: { trust: ${authority} }`, tlsListener);
    const year = new Date().getUTCFullYear();
    expect(give(one, 'Certificate: subject')).toEqual(['CN=sbc.example.com']);
    expect(give(one, 'Certificate: names')).toEqual(['sbc.example.com', 'sbc2.example.com']);
    expect(give(one, 'Certificate: issuer')).toEqual(['CN=sbc.example.com']);
    expect(give(one, 'Certificate: valid')![0]).toMatch(
      new RegExp(`^(${year}|${year - 1})-\\d\\d-\\d\\d to \\d{4}-\\d\\d-\\d\\d$`),
    );
    expect(give(one, 'Our FQDN')).toEqual(['sbc.example.com', 'sbc2.example.com']);
    expect(get(one, 'Its authority 1: subject')).toEqual(['CN=Provider Root']);
    expect(get(one, 'The name in its certificate')).toEqual(['sip.itsp.example']);
  });

  test('without a file of theirs, it is to be agreed', () => {
    expect(
      get(sheet('domain: sip.itsp.example, transport: tls', tlsListener), 'The certificate of its authority'),
    ).toEqual([]);
  });
});

describe('media and calls', () => {
  test('from the configuration', () => {
    const one = sheet(
      'addresses: 203.0.113.10, identity: "+4930123450", capacity: { calls: 30 }, dscp: { media: 40 }, health: { interval: 30s }',
    );
    expect(give(one, 'Address of our media')).toEqual(['198.51.100.9']);
    expect(give(one, 'Ports of our media')).toEqual(['UDP 30000-30999']);
    expect(give(one, 'Marks (DSCP)')).toEqual(['24 on signalling, 40 on media']);
    expect(give(one, 'Our account or main number')).toEqual(['+4930123450']);
    expect(give(one, 'Calls at once')).toEqual(['30']);
    expect(give(one, 'OPTIONS from us')).toEqual(['every 30s']);
    expect(give(one, 'Codecs')).toEqual(['PCMA', 'PCMU', 'telephone-event', 'CN']);
    expect(give(sheet('addresses: 203.0.113.10, codecs: all'), 'Codecs')).toEqual([]);
  });

  test.each([
    ['', 'T.38 over UDPTL where our side has it, else G.711'],
    [', fax: audio', 'G.711, no T.38'],
    [', media: audio', 'G.711, no T.38'],
    [', media: audio, fax: t38', 'T.38 over UDPTL where our side has it, else G.711'],
    [', srtp: { mode: required, keys-in-clear: true }', 'G.711, no T.38'],
  ])('of a fax%s', (keys, told) => {
    expect(give(sheet(`addresses: 203.0.113.10${keys}`), 'Fax')).toEqual([told]);
  });

  test.each([
    ['rtp-event', 'telephone-event (RFC 4733)'],
    ['info', 'INFO with application/dtmf-relay; no telephone-event'],
    ['info-dtmf', 'INFO with application/dtmf; no telephone-event'],
    ['inband', 'tones in G.711; no telephone-event'],
  ])('of digits: %s', (form, told) => {
    expect(give(sheet(`addresses: 203.0.113.10, dtmf: ${form}`), 'DTMF')).toEqual([told]);
  });

  test('from the profile', () => {
    const one = sheet('addresses: 203.0.113.10', undefined, {
      'call-spec': {
        'number-range': [
          { index: 0, type: 'range', count: 20, value: ['19725455000'] },
          { index: 1, type: 'collection', count: 1, value: ['19725455999'] },
        ],
      },
      media: { 'media-type-audio': [{ 'media-format': 'pcma', rate: 8000, ptime: 20 }] },
      dtmf: { 'payload-number': 101 },
      tandem: { notes: ['Call first.'] },
    });
    expect(give(one, 'Our numbers')).toEqual(['20 from 19725455000 on', '19725455999']);
    expect(get(one, 'Codecs, in its order')).toEqual(['PCMA 8000 Hz 20 ms']);
    expect(give(one, 'DTMF')).toEqual(['telephone-event (RFC 4733), payload type 101']);
    expect(get(one, 'Of its profile')).toEqual(['Call first.']);
  });

  test('registration and account, but no password', () => {
    const one = sheet(
      'domain: itsp.example, identity: account-17, registration: { gin: true }, credentials: { realm: itsp, username: account-17, password: open sesame }',
    );
    expect(get(one, 'Registration')).toEqual(['yes, all numbers at once (RFC 6140)']);
    expect(get(one, 'Registrars')).toEqual(['itsp.example:5060']);
    expect(get(one, 'User names')).toEqual(['account-17']);
    expect(get(one, 'Realms')).toEqual(['itsp']);
    for (const format of ['text', 'json', 'markdown'] as const)
      expect(formatSheet(one, format)).not.toContain('open sesame');
  });
});

describe('formats', () => {
  const one = sheet('addresses: 203.0.113.10, connection: mpls', undefined, {
    tandem: { notes: ['a | b \u001b[31m'] },
  });

  test('text says what is to be agreed, and how much', () => {
    const text = formatSheet(one, 'text');
    expect(text).toContain('Data sheet of trunk itsp-a (itsp, over MPLS)\n');
    expect(text).toMatch(/^ {2}Gateway 1: FQDN +to be agreed$/m);
    const rows = text.split('\n').filter((line) => line.includes('to be agreed')).length - 1;
    expect(text).toContain(`\n${rows} to be agreed.\n`);
    expect(one.open).toBe(rows);
    expect(text).not.toContain('\u001b');
  });

  test('Markdown tables hold, whatever stands in them', () => {
    const text = formatSheet(one, 'markdown');
    expect(text).toContain('| Of its profile | a \\| b \\\\x1b[31m |  |');
    expect(text).toContain('| Gateway 1: FQDN | **to be agreed** |  |');
  });

  test('JSON is the sheet', () => {
    expect(parse(formatSheet(one, 'json'))).toEqual(JSON.parse(JSON.stringify(one)));
  });
});

test.each([
  ['192.0.2.5', true],
  ['8.8.8.8', true],
  ['172.32.0.1', true],
  ['2001:db8::5', true],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['100.64.0.1', false],
  ['fd00::1', false],
  ['::1', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

describe('of our addresses, those that the trunk ends at', () => {
  const two = `  - { name: wan-a, side: external, bind: 192.0.2.5 }
  - { name: wan-b, side: external, bind: 192.0.2.6 }
`;
  test('the listeners that it names, and no others', () => {
    const one = sheet('addresses: 203.0.113.10, listeners: wan-b', two);
    expect(give(one, 'We listen on')).toEqual(['udp 192.0.2.6:5060']);
    expect(give(one, 'Our requests come from')).toEqual(['192.0.2.6']);
  });

  test('those of the nodes at its site, with the media of these', () => {
    const one = sheet(
      'addresses: 203.0.113.10, site: cork',
      `${two}  - { name: lan-b, side: internal, bind: 10.0.1.5 }
sites: [{ name: dublin }, { name: cork }]
nodes:
  - { name: one, site: dublin, listeners: [lan, wan-a] }
  - name: two
    site: cork
    listeners: [lan-b, wan-b]
    media: { external: { bind: 192.0.2.6, advertise: 198.51.100.10 } }
`,
    );
    expect(give(one, 'We listen on')).toEqual(['udp 192.0.2.6:5060']);
    expect(give(one, 'Address of our media')).toEqual(['198.51.100.10']);
  });
});
