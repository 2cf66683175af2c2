import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import type { Configuration } from '#engine/ports';
import { readConfiguration } from '#shell/config';
import { ConfigurationHistory } from '#shell/config-history';
import { apiOf } from '../../src/api/api.testing.ts';
import { decisionView } from '../../src/api/said/decision.ts';
import { ruleSaid, said } from '../../src/api/said/said.ts';
import { answers, trunks } from './answers.ts';
import { type Answers, fakeApi, origin } from './fake-api.ts';

/* All that the console shows, as the server says it: what is configured is answered by the API itself, the rest is made up of its sentences. */
const text = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.1 }
  - { name: wan, side: external, bind: 192.0.2.1 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.2, usages: [international] }
  - { name: itsp, kind: itsp, site: taipei, addresses: 203.0.113.10, capacity: { calls: 4 }, manipulation: [{ name: x, direction: out, do: [{ remove: X-Y }] }] }
  - { name: spare, kind: itsp, addresses: 203.0.113.20 }
groups: [{ name: carriers, trunks: [itsp, spare] }]
routes:
  - { name: abroad, from: pbx, called: { prefix: "002" }, usages: [international], to: carriers }
  - { name: home, from: pbx, called: { prefix: "0" }, to: itsp }
  - { name: in, from: [itsp, spare], to: pbx }
dial-plans: [{ name: global, rules: [{ name: city, starts: "2", length: 8, add: "02" }] }]
policies: [{ name: global, usages: [international] }]
users: [{ name: amy, line: "+886223456789", site: taipei }]
registrar: {}
sites:
  - { name: taipei, kind: central, country: TW, region: north, subnets: 10.0.0.0/16 }
  - { name: tainan, kind: branch, centre: taipei, region: south, subnets: 10.1.0.0/16, bandwidth: { audio: 2000 kbit/s } }
links: [{ between: [north, south], bandwidth: { audio: 2000 kbit/s } }]
emergency: { numbers: ["110", "119"], to: itsp }
tests:
  - { name: tokyo, from: pbx, to: "002811234567", expect: { route: abroad } }
planning:
  queues: [{ name: desk, site: taipei, calls-per-hour: 60, handling: 3m }]
  sites:
    - { site: taipei, users: 4000 }
    - site: tainan
      users: 400
      areas: [{ prefix: "+8866", minutes: 20000 }]
      centre: { month: 0, rates: [{ prefix: "+886", price: "1.5" }] }
      trunk: { month: 900, rates: [{ prefix: "+886", price: "0.5" }] }
      gateway: { month: 900 }
media: { address: 10.0.0.1, ports: 20000-20999 }
`;

/** What is wrong with it in ways that look different. */
const wrong = text
  .replace('name: lan,', 'name: lan, colour: red,')
  .replace('addresses: 203.0.113.20', 'addresses: "203.0.113.300", transport: tls, srtp: required')
  .replace('to: itsp }', 'to: [nobody, itsp] }')
  .replace('bandwidth: { audio: 2000 kbit/s } }', 'bandwidth: { audio: 10 kbit/s } }');

const decisions = [
  ['dial plan global', 'no rule fits 22345678: it stays as it is'],
  ['international / abroad', 'no: 0223456789 does not begin with 002'],
  ['home', 'matches: itsp, spare'],
  ['trunk itsp at udp 203.0.113.10:5060', 'skipped: down since 12:04:31: unreachable: ECONNREFUSED'],
  ['trunk spare', '503 Service Unavailable: the next is tried'],
  ['trunk itsp', 'manipulation rule strip: removed X-Y'],
].map(([rule, outcome]) => decisionView({ rule: rule!, outcome: outcome! }));

const because = (reason: string) => ({ because: reason, said: said(reason) });
const made: Answers = {
  'GET /problems': {
    items: [
      {
        id: 'trunk-down spare',
        severity: 'critical',
        what: 'Trunk spare is down: 3 OPTIONS unanswered.',
        said: { code: 'trunk-down', parameters: { trunk: 'spare' }, because: said('3 OPTIONS unanswered') },
        todo: 'Test it: the test walks from the DNS to a call and says where it fails.',
        trunk: 'spare',
      },
    ],
  },
  'GET /capacity': {
    items: ['trunk itsp', 'site taipei', 'the link of tainan', 'the link between north and south'].map((name, at) => ({
      ...{ name, said: ruleSaid(name), kind: ['trunk', 'site', 'link', 'link'][at] },
      ...{ calls: 3, limit: 4, share: 0.75, refused: 2 },
    })),
  },
  'GET /trunks': {
    items: trunks.map((one) => ({ ...one, ...because('OPTIONS answered 200 in 11 ms') })),
  },
  'GET /trunks/:trunk': {
    ...trunks[0],
    ...because('3 OPTIONS unanswered'),
    targets: [
      { target: 'udp 203.0.113.10:5060', state: 'down', ...because('nothing was heard yet, 2 OPTIONS unanswered') },
    ],
  },
  'GET /calls/:call': (url: URL) => {
    const usual = (answers['GET /calls/:call'] as (url: URL) => Record<string, object>)(url);
    const [[key, value]] = Object.entries(usual) as [[string, object]];
    return { ...usual, [key]: { ...value, decisions } };
  },
  'GET /certificates': {
    items: [
      {
        ...{ id: 'c1', kind: 'certificate', users: ['listener wan', 'trunk itsp'], files: ['/etc/tandem/sbc.pem'] },
        ...{ names: ['sbc.example.com'], notAfter: '2026-12-01T00:00:00Z', daysLeft: 8 },
        warnings: [
          'the certificate expires within 30 days, on 2026-12-01',
          'the certificate is not for TLS clients (clientAuth): peers that check it refuse our connections',
        ],
      },
      {
        ...{ id: 'c2', kind: 'trust', users: ['trunk itsp'], files: ['/etc/tandem/ca.pem'], names: [], warnings: [] },
        problem: '/etc/tandem/ca.pem is not there',
      },
    ],
    places: [],
  },
  'GET /certificate-requests': { items: [] },
  'GET /bans': {
    items: [
      {
        ...{ source: '198.51.100.9', reason: 'scanner', detail: 'friendly-scanner', times: 2 },
        ...{ since: '2026-11-23T12:00:00Z', until: '2026-11-23T13:00:00Z' },
      },
    ],
  },
  'POST /trunks/:trunk/test': () => test(true),
  'GET /trunks/:trunk/test/:test': () => test(false),
};

function test(running: boolean) {
  return {
    ...{ test: 't1', trunk: 'telekom', by: 'anna', startedAt: '2026-11-23T12:00:00Z', running },
    steps: [
      { name: 'Configuration', verdict: 'passed', summary: 'tandem.yaml is sound' },
      { name: 'Connection', verdict: 'passed', summary: '1 of 2 targets reached' },
      {
        ...{ name: 'TLS', verdict: 'failed', summary: "the peer's certificate is for gw1; wanted sip.itsp.example" },
        todo: ['Whose certificate it is must renew it.'],
      },
      { name: 'Call', verdict: 'skipped', summary: 'no number was given' },
    ],
    ...(!running && {
      ok: false,
      verdict:
        "telekom does not work: TLS: the peer's certificate is for gw1; wanted sip.itsp.example; Call failed too",
    }),
  };
}

/** Ends with `end`. */
export async function sayingAll(context: BrowserContext): Promise<{ readonly end: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-chinese-'));
  const file = join(folder, 'tandem.yaml');
  writeFileSync(file, text);
  const history = ConfigurationHistory.open(folder);
  const read = readConfiguration(file);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const configuration: Configuration = read.configuration;
  const { app } = await apiOf({ file, history, configuration: () => configuration }, async () => ({
    ...{ name: 'anna', role: 'administrator', via: 'token' },
  }));
  const put = await app.inject({ method: 'PUT', url: '/api/v1/configuration/draft', payload: { text: wrong } });
  if (put.statusCode !== 200) throw new Error(put.body);
  await fakeApi(context, { ...answers, ...made });
  const own = /^\/api\/v1\/(configuration|profiles|routing|plan|accounts|tokens|sessions|audit|webhooks)\b/;
  await context.route(
    (url) => url.origin === origin && own.test(url.pathname),
    async (route) => {
      const request = route.request();
      const { pathname, search } = new URL(request.url());
      const payload = request.postData();
      const answer = await app.inject({
        method: request.method() as 'GET',
        url: `${pathname}${search}`,
        ...(payload !== null && { payload, headers: { 'content-type': 'application/json' } }),
      });
      const type = answer.headers['content-type'];
      await route.fulfill({
        status: answer.statusCode,
        ...(typeof type === 'string' && { contentType: type }),
        body: answer.body,
      });
    },
  );
  return {
    end: async () => {
      await app.close();
      history.close();
      rmSync(folder, { recursive: true });
    },
  };
}
