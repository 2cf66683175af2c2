import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { type FirewallOptions, writeFirewall } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-firewall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'tandem.yaml');

const plain = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5, transports: udp }
  - { name: vlan-101, side: external, bind: 172.16.101.5, transports: [udp, tcp] }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - name: itsp-a
    kind: itsp
    addresses: [198.51.100.10, 198.51.100.11]
    networks: 198.51.100.0/26
    media-networks: 198.51.100.64/26
    listeners: vlan-101
    connection: { type: internet, vlan: 101, tunnel: { kind: gre-ipsec, ours: 203.0.113.7, theirs: 203.0.113.99 } }
media: { ports: 20000-20199 }
routes:
  - { name: out, from: pbx, to: itsp-a }
  - { name: in, from: itsp-a, to: pbx }
`;

/** The rules, without the comments and what is the same in each. */
function rules(options: FirewallOptions = {}, text = plain): string[] {
  writeFileSync(file, text);
  const out: string[] = [];
  writeFirewall(file, options, { write: (part) => out.push(part) });
  return out
    .join('')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && line !== '}' && !line.startsWith('type filter'));
}

function fault(options: FirewallOptions, text = plain): string {
  try {
    rules(options, text);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  return '';
}

describe('of the machine', () => {
  test('trunks reach their ports, and nothing else of outside is reached', () => {
    expect(rules()).toEqual([
      'table inet tandem',
      'delete table inet tandem',
      'table inet tandem {',
      'chain media_in {',
      'ip daddr 10.0.0.5 udp dport 20000-20199 notrack',
      'ip daddr 172.16.101.5 udp dport 20000-20199 notrack',
      'chain media_out {',
      'ip saddr 10.0.0.5 udp sport 20000-20199 notrack',
      'ip saddr 172.16.101.5 udp sport 20000-20199 notrack',
      'chain input {',
      'iifname "lo" accept',
      'ct state established,related accept',
      'ip saddr { 10.0.0.20 } ip daddr 10.0.0.5 udp dport 5060 accept',
      'ip saddr { 198.51.100.0/26 } ip daddr 172.16.101.5 udp dport 5060 accept',
      'ip saddr { 198.51.100.0/26 } ip daddr 172.16.101.5 tcp dport 5060 accept',
      'ip daddr 10.0.0.5 udp dport 20000-20199 accept',
      'ip saddr { 198.51.100.64/26 } ip daddr 172.16.101.5 udp dport 20000-20199 accept',
      'ip daddr 172.16.101.5 icmp type echo-request limit rate 10/second accept',
      'ip daddr 172.16.101.5 counter drop',
      'ip daddr 10.0.0.5 udp dport 5060 counter drop',
      'ip daddr 10.0.0.5 udp dport 20000-20199 counter drop',
    ]);
  });

  test('with its outer interface: only what is for an address there, and nothing is forwarded', () => {
    const lines = rules({ outside: ['eth1', 'eth2'] });
    expect(lines).toContain('iifname { "eth1", "eth2" } fib daddr . iif type != local counter drop');
    expect(lines.slice(lines.indexOf('chain forward {') + 1)).toEqual(['iifname { "eth1", "eth2" } counter drop']);
  });

  test('a name, and IPv6', () => {
    const text = plain
      .replace('bind: 172.16.101.5', 'bind: "[2001:db8::5]"')
      .replace('[198.51.100.10, 198.51.100.11]', 'sip.itsp.example')
      .replace('    networks: 198.51.100.0/26\n', '')
      .replace('198.51.100.64/26', '["2001:db8:1::/64", 198.51.100.64/26]');
    const lines = rules({}, text);
    expect(lines).toContain('ip6 daddr 2001:db8::5 udp dport 5060 accept');
    // A packet has one version of IP.
    expect(lines.filter((line) => line.includes('2001:db8:1::/64'))).toEqual([
      'ip6 saddr { 2001:db8:1::/64 } ip6 daddr 2001:db8::5 udp dport 20000-20199 accept',
    ]);
    expect(lines.some((line) => line.includes('198.51.100.64/26'))).toBe(false);
  });

  test('of one node', () => {
    const text = `${plain}nodes:
  - { name: a, listeners: [lan, vlan-101] }
  - { name: b, listeners: [lan-b] }
`.replace('trunks:', '  - { name: lan-b, side: internal, bind: 10.0.0.6, transports: udp }\ntrunks:');
    expect(fault({}, text)).toContain('--node a or --node b');
    const lines = rules({ node: 'b' }, text);
    expect(lines.some((line) => line.includes('172.16.101.5'))).toBe(false);
    expect(lines).toContain('ip saddr { 10.0.0.5 } ip daddr 10.0.0.6 udp dport 5060 accept');
  });
});

describe('of the router where a tunnel ends', () => {
  test('nothing passes but what is for us, and nothing is for the router', () => {
    expect(rules({ router: 'itsp-a', tunnel: 'gre1', outside: ['eth0'] })).toEqual([
      'table inet tandem_itsp_a',
      'delete table inet tandem_itsp_a',
      'table inet tandem_itsp_a {',
      'chain forward {',
      'iifname { "gre1", "vlan101" } meta pkttype { broadcast, multicast } counter drop',
      'iifname "vlan101" oifname "gre1" ct state established,related accept',
      'iifname "gre1" oifname "vlan101" ct state established,related accept',
      'iifname "vlan101" oifname "gre1" ip saddr { 172.16.101.5 } accept',
      'iifname "gre1" oifname "vlan101" ip saddr { 198.51.100.0/26 } ip daddr 172.16.101.5 udp dport 5060 accept',
      'iifname "gre1" oifname "vlan101" ip saddr { 198.51.100.0/26 } ip daddr 172.16.101.5 tcp dport 5060 accept',
      'iifname "gre1" oifname "vlan101" ip saddr { 198.51.100.64/26 } ip daddr 172.16.101.5 udp dport 20000-20199 accept',
      'iifname { "gre1", "vlan101" } counter drop',
      'oifname { "gre1", "vlan101" } counter drop',
      'chain input {',
      'iifname { "gre1", "vlan101" } icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
      'iifname "gre1" ct state established,related accept',
      'iifname "gre1" counter drop',
      'iifname "eth0" ip saddr 203.0.113.99 ip daddr 203.0.113.7 udp dport { 500, 4500 } accept',
      'iifname "eth0" ip saddr 203.0.113.99 ip daddr 203.0.113.7 meta l4proto esp accept',
      'iifname "eth0" ip saddr 203.0.113.99 ip daddr 203.0.113.7 meta ipsec exists meta l4proto gre accept',
      'iifname "eth0" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept',
      'iifname "eth0" ct state established,related accept',
      'iifname "eth0" counter drop',
    ]);
  });

  test('telephones, which register elsewhere, open nothing there', () => {
    const options = { router: 'itsp-a', tunnel: 'gre1', outside: ['eth0'] };
    const text = `${plain}registrar: { domains: acme.example }\nusers: [{ name: ann, line: "+4930123451", password: "open sesame" }]\n`;
    expect(rules(options, text)).toEqual(rules(options));
  });

  test.each<[string, string, readonly string[]]>([
    ['wireguard', 'kind: wireguard, port: 51821', ['udp dport 51821 accept']],
    ['ipsec', 'kind: ipsec', ['udp dport { 500, 4500 } accept', 'meta l4proto esp accept']],
    ['ipsec-nat', 'kind: ipsec-nat', ['udp dport { 500, 4500 } accept']],
  ])('%s', (_kind, tunnel, expected) => {
    const text = plain.replace('kind: gre-ipsec, ours: 203.0.113.7, theirs: 203.0.113.99', tunnel);
    const lines = rules({ router: 'itsp-a', tunnel: 'tun0', outside: ['eth0'] }, text);
    const outer = lines.filter((line) => line.startsWith('iifname "eth0"') && !/icmpv6|ct state|drop/.test(line));
    expect(outer).toEqual(expected.map((line) => `iifname "eth0" ${line}`));
  });
});

test.each<[string, FirewallOptions, string]>([
  ['no such trunk', { router: 'itsp-x', tunnel: 'wg0' }, 'there is no trunk "itsp-x"'],
  ['a trunk without a tunnel', { router: 'pbx', tunnel: 'wg0' }, '"pbx" goes through no tunnel'],
  ['no interface', { router: 'itsp-a' }, 'say which interfaces the router has: --tunnel'],
  ['no router', { tunnel: 'wg0' }, 'say --router TRUNK'],
  ['no interface at all', { outside: ['eth0; flush ruleset'] }, 'is not the name of an interface'],
  ['no such folder', { file: join(folder, 'none', 'x') }, 'cannot be written: ENOENT'],
])('%s is said', (_what, options, expected) => {
  expect(fault(options)).toContain(expected);
});

test('a file that cannot be used gives no rules', () => {
  expect(fault({}, 'listeners: []\n')).toContain('no rules are written');
});

test('into a file', () => {
  const file = join(folder, 'tandem.nft');
  expect(rules({ file })).toEqual([]);
  expect(readFileSync(file, 'utf8')).toMatch(/^#!\/usr\/sbin\/nft -f\n# Who may reach Tandem, by tandem\.yaml\./);
});
