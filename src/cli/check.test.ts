import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { soundFile } from '#shell/config';
import { check } from './check.ts';
import { formatDuration } from './duration.ts';
import { explain } from './explain.ts';
import { exitCodes, Failure } from './failure.ts';
import { table } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(text: string) {
  const file = join(folder, 'tandem.yaml');
  writeFileSync(file, text);
  const [out, err]: string[][] = [[], []];
  const status = check(file, { write: (part) => out!.push(part) }, { write: (part) => err!.push(part) });
  const told = out!.join('');
  // The checklist stands between what the file means and that it is sound.
  const [from, to] = [told.indexOf('\nChecklist'), told.lastIndexOf(`\n${file}`)];
  return {
    status,
    out: from < 0 ? told : told.slice(0, from) + told.slice(to),
    checklist: from < 0 ? undefined : told.slice(from, to),
    err: err!.join('').replaceAll(file, 'tandem.yaml'),
  };
}

describe('tandem check', () => {
  test('says what a sound file means, defaults written out', () => {
    const { status, out, err } = run(soundFile.replace('kind: itsp', 'kind: itsp\n    capacity: { calls: 30 }'));
    expect({ status, err }).toEqual({ status: exitCodes.ok, err: '' });
    expect(out.split('\n').slice(0, -2).join('\n')).toBe(
      `LISTENER  SIDE      TRANSPORT  BIND            ADVERTISE
lan       internal  udp        10.0.0.5:5060   the same
lan       internal  tcp        10.0.0.5:5060   the same
wan       external  udp        192.0.2.5:5060  the same
wan       external  tcp        192.0.2.5:5060  the same

TRUNK   KIND    SIDE      TRANSPORT  ADDRESSES                          CALLS     CALLS/S   SETUP  RING
pbx     ip-pbx  internal  udp        10.0.0.20:5060 (from any port)     no limit  no limit  10s    3m
itsp-a  itsp    external  udp        203.0.113.10:5060 (from any port)  30        no limit  10s    3m

TRUNK   IS
pbx     marks   24 on signalling, 46 on media
        health  down after 5 OPTIONS unanswered, one every 1m, or 5 calls in a row without an answer
itsp-a  marks   24 on signalling, 46 on media
        codecs  PCMA, PCMU, telephone-event, CN
        health  down after 5 OPTIONS unanswered, one every 1m, or 5 calls in a row without an answer

ROUTE     FROM    CALLED      TO, IN THIS ORDER
outbound  pbx     any number  itsp-a
inbound   itsp-a  any number  pbx

MEDIA     BIND       ADVERTISE  PORTS
internal  10.0.0.5   the same   20000-39999
external  192.0.2.5  the same   20000-39999

Unknown sources  get 403
Silent calls     end after 30s if a party is not there any more
Bans             for 5m at first, of who is no trunk and sends more than 20 requests a second
Records          in ./data
Timers           T1 500ms, T2 4s, T4 5s
User-Agent       none sent
`,
    );
  });

  test('says what is left to do', () => {
    const { checklist } = run(soundFile);
    expect(checklist).toMatch(/^ {2}MISSING {2}It is known over what each trunk runs +1 of 1$/m);
    expect(checklist).toMatch(/^ {13}itsp-a: say `connection: mpls`, `private` or `internet`$/m);
    expect(checklist).toMatch(/^\d+ done, \d+ missing, 2 for people to see to; \d+ do not apply\.$/m);
    expect(run('trunks: []').checklist).toBeUndefined();
  });

  test('says how trunks are reached and protected, without their secrets', () => {
    const keys = [
      'domain: itsp.example',
      'next-hop: [proxy.itsp.example, "proxy2.itsp.example:5070"]',
      'identity: { user: "17", from: identity }',
      'registration: { gin: true, outbound: true }',
      'credentials: { realm: here, username: alice, password: hunter2 }',
      'authenticate: { realm: us, username: bob, password: hunter2 }',
      'srtp: { mode: required, keys-in-clear: true }',
      'connection: { type: internet, vpn: true }',
      'health: off',
    ];
    const groups = 'groups: [{ name: world, trunks: { trunk: itsp-a, weight: 2 }, choice: weighted }]\n';
    const { out, err } = run(
      `${soundFile.replace('kind: itsp\n', `kind: itsp\n    ${keys.join('\n    ')}\n`).replace('to: itsp-a', 'to: world')}${groups}`,
    );
    expect(err).toBe('');
    expect(out).not.toContain('hunter2');
    expect(out).toContain(`itsp-a  requests go to      proxy.itsp.example (by the DNS), proxy2.itsp.example:5070
        domain              itsp.example
        identity            17, From names it
        registers           at itsp.example for 1h, for all numbers, with flows kept open
        answers challenges  as alice (here)
        is challenged       as bob (us)
        SRTP                required, keys may be sent in clear
        runs over           internet, in a tunnel
        marks               24 on signalling, 46 on media
        codecs              PCMA, PCMU, telephone-event, CN
        health              not asked for

GROUP  CHOICE    TRUNKS
world  weighted  itsp-a (2)
`);
  });

  test('says how calls behave on a trunk', () => {
    const keys = [
      'codecs: { allow: all, ptime: 30ms }',
      'media: [audio, text]',
      'hold: inactive',
      'offer: early',
      'reliability: required',
      'max-early-dialogs: 4',
      'ringback: phone',
      'session-timer: { mode: offer, expires: 20m, refresher: us, method: invite }',
      'transfer: { redirect: local }',
      'caller-identity: { trusted: true, header: remote-party-id, history: both, privacy: anonymous }',
    ];
    const said = (text: string) => run(text).out.match(/^itsp-a {2}marks[\s\S]*?(?=^ +health)/m)![0];
    expect(
      said(soundFile.replace('kind: itsp\n', `kind: itsp\n    ${keys.join('\n    ')}\n`)),
    ).toBe(`itsp-a  marks          24 on signalling, 46 on media
        codecs         all; 30 ms a packet asked for
        media          audio, text; port 0 for others
        hold           told by inactive alone
        offer          in every INVITE to it
        100rel         required
        early dialogs  4 a call at most
        ringback       the phone's own, whatever media comes
        session timer  20m, asked for, from 90s, refreshed by us, by re-INVITE
        redirections   are followed by our routes
        callers        believed, told in Remote-Party-ID, forwarding in History-Info and Diversion, private ones not at all
`);
    const other = [
      'codecs: g729',
      'hold: zero-address',
      'session-timer: answer',
      'transfer: {}',
      'caller-identity: { header: none, history: none }',
    ];
    expect(
      said(soundFile.replace('kind: itsp\n', `kind: itsp\n    ${other.join('\n    ')}\n`)),
    ).toBe(`itsp-a  marks          24 on signalling, 46 on media
        codecs         G729
        hold           told by the address 0.0.0.0
        session timer  30m at most, where it asks, from 90s
        redirections   are refusals
        callers        not believed, told in From alone, forwarding not told
`);
    expect(said(`${soundFile}media:\n  mode: bypass\n`)).not.toContain('codecs');
  });

  test('says what may be called by a trunk, where that is said', () => {
    const said = (usages: string) => run(soundFile.replace('kind: itsp\n', `kind: itsp\n    usages: ${usages}\n`)).out;
    expect(said('[]')).toContain('\n        may call  users alone\n');
    expect(run(soundFile).out).not.toContain('may call');
  });

  test('says what trunks inherit, and from where', () => {
    const { out } = run(
      `${soundFile.replace('kind: itsp\n', 'kind: itsp\n    site: tokyo\n')}trunk-defaults: { ring-timeout: 60s }
sites:
  - { name: tokyo, trunk-defaults: { srtp: { mode: required, keys-in-clear: true } } }
`,
    );
    expect(out).toContain(`
TRUNK   INHERITS                      FROM
pbx     ring-timeout        60s       trunk-defaults
itsp-a  srtp.mode           required  site tokyo
        srtp.keys-in-clear  true      site tokyo
        ring-timeout        60s       trunk-defaults
`);
  });

  test('says what the organisation is', () => {
    const { out, status } = run(
      `${soundFile}sites:
  - { name: tokyo, region: asia, country: JP, subnets: 10.1.0.0/16, bandwidth: 2 Mbit/s }
  - { name: osaka, centre: tokyo, survivability: appliance }
dial-plans:
  - { name: global, access-prefix: "0", rules: [{ name: extension, pattern: '([2-9]\\d{3})', to: +81312$1 }] }
policies:
  - { name: global, usages: world, features: { transfer: false } }
users: [{ name: alice, password: x }, { name: bob }]
registrar: {}
emergency: { numbers: ["110", { number: "119", masks: "112" }], to: itsp-a, notify: "sip:desk@example.com" }
routes:
  - { name: premium, called: { prefix: +81990, except: +819901 }, refuse: 603 }
  - { name: world, usages: world, called: { except: +1 }, choice: least-cost, to: itsp-a }
  - { name: all, to: [pbx, itsp-a] }
`.replace(/^routes:\n[\s\S]*?(?=^sites:)/m, ''),
    );
    expect(status).toBe(exitCodes.ok);
    expect(out).toContain(`
ROUTE    FROM       CALLED                 TO, IN THIS ORDER
premium  any trunk  +81990…, but +819901…  refused with 603
world    any trunk  any number, but +1…    itsp-a, the cheapest first (world)
all      any trunk  any number             pbx, itsp-a

SITE   KIND             REGION  COUNTRY  NETWORKS     LINK                    IF IT IS CUT
tokyo  central          asia    JP       10.1.0.0/16  2000 kbit/s (175 each)
osaka  branch of tokyo  asia                          as much as calls want   an appliance serves

DIAL PLAN  OUTSIDE LINE  RULE       TAKES           MAKES
global     0             extension  ^([2-9]\\d{3})$  +81312$1

POLICY  MAY CALL, IN THIS ORDER  MAY NOT
global  world                    transfer, bandwidth-override

Users           2, of whom 1 may register
Calls for help  110, 119 = 112
go to           itsp-a
come from       0 known places; a call back finds who called for 30m
are told to     sip:desk@example.com
`);
  });

  test('says where the users of a node go when it is gone: where the file says, else from a branch to its centre', () => {
    const node = (name: string, site: string) =>
      `  - { name: ${name}, site: ${site}, listeners: ${name}, records: data/${name} }\n`;
    const organisation = `listeners:
  - { name: a, side: internal, bind: 10.0.0.1 }
  - { name: b, side: internal, bind: 10.0.0.2 }
  - { name: c, side: internal, bind: 10.0.1.1 }
media: { address: 10.0.0.1 }
sites: [{ name: berlin }, { name: hamburg, centre: berlin, survivability: server }]
trunks: [{ name: pbx, kind: ip-pbx, addresses: 10.0.0.9 }, { name: gateway, kind: pstn-gateway, side: internal, addresses: 10.0.1.9 }]
routes: [{ name: out, from: pbx, to: gateway }]
nodes:
${node('a', 'berlin')}${node('b', 'berlin')}${node('c', 'hamburg')}`;
    const goTo = (pools: string) => {
      const { out } = run(organisation + pools);
      const [head, ...rows] = out.slice(out.indexOf('\nNODE') + 1).split('\n');
      const at = [head!.indexOf('ITS USERS GO TO'), head!.indexOf('TRUNKS')];
      return rows.slice(0, 3).map((row) => row.slice(...at).trim());
    };
    expect(goTo('pools: [{ name: centre, nodes: [a, b] }]\n')).toEqual(['', '', 'centre after 10s']);
    expect(goTo('')).toEqual(['', '', 'a, b after 10s']);
    expect(goTo('pools: [{ name: centre, nodes: [a, b], backup: c }]\n')).toEqual([
      'c after 5m',
      'c after 5m',
      'centre after 10s',
    ]);
    expect(goTo('pools: [{ name: branch, nodes: c, backup: a, takeover: 3s }]\n')).toEqual(['', '', 'a after 3s']);
  });

  test('says every problem, and nothing of what the file would mean', () => {
    const { status, out, err } = run(`${soundFile}medai: {}\nsip: { t1: 4 }\n`);
    expect({ status, out }).toEqual({ status: exitCodes.failed, out: '' });
    expect(err).toBe(`tandem.yaml:22:1: TDM-1101 medai: there is no key \`medai\` here.
  Did you mean \`media\`?
tandem.yaml:23:12: TDM-1106 sip.t1: 4 has no unit.
  Write 4s, or 4ms.
2 errors
tandem.yaml cannot be used. \`tandem explain CODE\` says more about a problem.
`);
  });

  test('a doubt is told, and the file is sound all the same', () => {
    const { status, out, err } = run(`${soundFile}media: { external: 127.0.0.1 }\n`);
    expect({ status, sound: out.includes('is sound.') }).toEqual({ status: exitCodes.ok, sound: true });
    expect(err).toContain('tandem.yaml:22:20: TDM-1304 warning: media.external: ');
    expect(err).toMatch(/\n1 warning\n$/);
  });
});

describe('tandem explain', () => {
  const said = (code: string) => {
    let text = '';
    explain(code, { output: 'table' }, { write: (part) => (text += part) });
    return text;
  };

  test('takes a code in any form', () => {
    expect(said('TDM-1104')).toContain('TDM-1104 (error): Not an IP address\n');
    expect(said('tdm-1104')).toBe(said('TDM-1104'));
    expect(said('1104')).toBe(said('TDM-1104'));
  });

  test('knows no other', () => {
    for (const code of ['1199', 'constructor', '']) expect(() => said(code)).toThrow(Failure);
  });
});

test.each([
  [500, '500ms'],
  [1500, '1500ms'],
  [10_000, '10s'],
  [180_000, '3m'],
  [90_000, '90s'],
  [7_200_000, '2h'],
])('%i ms is written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('a table lines up, and leaves nothing behind its last column', () => {
  expect(
    table(
      ['A', 'LONGER'],
      [
        ['one', '1'],
        ['x', ''],
      ],
    ),
  ).toBe('A    LONGER\none  1\nx\n');
});
