import { setTimeout as sleep } from 'node:timers/promises';
import { DnsServer } from '../../support/dns-server.ts';
import { Authority, writePair, writeRoot } from '../certificates.ts';
import { type Case, type Group, type Lab, must, wentByScenario } from '../harness.ts';
import type { Kamailio } from '../kamailio.ts';
import { startRegistrar } from '../registrar.ts';
import { trunkOf } from '../standing.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/**
 * Kamailio as a provider's registrar and outbound proxy: one that asks with MD5 over UDP, one with SHA-256 over TLS and TCP. The domain
 * is in no DNS; only the name of the outbound proxy is.
 */

const domain = 'provider.invalid';
const password = 'correct horse';
let md5: Kamailio;
let sha256: Kamailio;
let dns: DnsServer;

interface Line {
  readonly trunk: string;
  /** The first digits of the numbers that go there. */
  readonly prefix: string;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly nextHop: string;
  readonly password?: string;
  readonly registration?: object;
}

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const authority = await Authority.root('Interop Root');
  const root = writeRoot(lab.directory, 'root', authority);
  const ours = writePair(lab.directory, 'ours', await authority.issue({ dns: ['tandem.test'] }));
  const theirs = writePair(lab.directory, 'theirs', await authority.issue({ dns: ['proxy.test'] }));
  const places = { md5: { host: lab.host(8), port: 5_060 }, sha256: { host: lab.host(9), port: 5_060 } };
  const common = { domain, password, phone: itsp };
  md5 = await startRegistrar(lab, {
    ...common,
    name: 'kamailio-md5',
    place: places.md5,
    algorithm: 'MD5',
    longest: 3_600,
  });
  sha256 = await startRegistrar(lab, {
    ...common,
    name: 'kamailio-sha256',
    place: places.sha256,
    algorithm: 'SHA-256',
    longest: 12,
    tls: [
      '[server:default]',
      'method = TLSv1.2+',
      `certificate = ${theirs.certificate}`,
      `private_key = ${theirs.key}`,
      'verify_certificate = no',
      'require_certificate = no',
      '[client:default]',
      'method = TLSv1.2+',
      '',
    ].join('\n'),
  });
  dns = await DnsServer.start({
    host: lab.host(10),
    zone: [
      'test 60 SOA ns.test admin.test 1 60 60 60 60',
      '_sip._udp.proxy.test 60 SRV 1 1 5060 md5.test',
      '_sips._tcp.proxy.test 60 SRV 1 1 5061 sha256.test',
      '_sip._tcp.proxy.test 60 SRV 1 1 5060 sha256.test',
      `md5.test 60 A ${places.md5.host}`,
      `sha256.test 60 A ${places.sha256.host}`,
    ],
  });
  const asked = dns;
  lab.use({
    name: 'the DNS was asked',
    said: () => [...new Set(asked.queries.map(({ type, name }) => `${type} ${name}`))].join('\n'),
    stop: () => asked.close(),
  });
  const proxy = 'proxy.test';
  const lines: readonly Line[] = [
    { trunk: 'md5', prefix: '61', transport: 'udp', nextHop: proxy },
    { trunk: 'brief', prefix: '62', transport: 'udp', nextHop: proxy, registration: { expires: '30s' } },
    { trunk: 'path', prefix: '63', transport: 'udp', nextHop: proxy },
    { trunk: 'wrong', prefix: '64', transport: 'udp', nextHop: proxy, password: 'battery staple' },
    { trunk: 'short', prefix: '65', transport: 'udp', nextHop: `${places.sha256.host}:${places.sha256.port}` },
    { trunk: 'tcp', prefix: '66', transport: 'tcp', nextHop: proxy },
    { trunk: 'tls', prefix: '67', transport: 'tls', nextHop: proxy },
  ];
  return {
    listeners: [
      { name: 'sip', bind: `${sip.host}:${sip.port}` },
      { name: 'sips', bind: `${sip.host}:5061`, transports: 'tls', tls: ours },
    ],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      ...lines.map((line) => ({
        name: line.trunk,
        kind: 'itsp',
        transport: line.transport,
        'next-hop': line.nextHop,
        domain,
        identity: { user: line.trunk, from: 'identity' },
        credentials: { username: line.trunk, password: line.password ?? password },
        registration: line.registration ?? {},
        health: 'off',
        ...(line.transport === 'tls' ? { tls: { trust: root } } : {}),
      })),
    ],
    routes: [
      ...lines.map(({ trunk, prefix }) => ({ name: trunk, from: 'pbx', called: { prefix }, to: trunk })),
      { name: 'inbound', from: lines.map(({ trunk }) => trunk), to: 'pbx' },
    ],
    dns: { servers: `${dns.address.host}:${dns.address.port}`, timeout: '1s' },
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

const registered = (lab: Lab, trunk: string) =>
  lab.until(`${trunk} is registered`, (standing) => {
    const { registration } = trunkOf(standing, trunk);
    return registration?.stage === 'registered' && registration;
  });

/** What Kamailio saw of a method and a user, as "tls:127.0.0.1:41234", in order. */
function sources(kamailio: Kamailio, what: RegExp, from = 0): readonly string[] {
  return kamailio.lines(what, from).map((line) => / from (\S+) to /.exec(line)![1]!);
}

/** A call out and one in, by the flow over which the trunk is registered: all from where the last REGISTER came. */
function bothWays(trunk: string, prefix: string, kamailio: () => Kamailio): Case {
  return {
    name: `${trunk}: calls out and in by the registered flow`,
    async run(lab) {
      await registered(lab, trunk);
      const [before] = sources(kamailio(), new RegExp(`SEEN REGISTER .*auth=${trunk}$`)).slice(-1);
      const from = kamailio().mark;
      await lab.call({ caller: ordinaryCaller, callee: ordinaryCallee }, { prefix });
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{ trunk }] }], prefix);
      // Out: INVITE, ACK and BYE, challenged and not, by the flow of the registration.
      const out = sources(kamailio(), /SEEN (INVITE|ACK|BYE)/, from).filter((one) => one.includes(`${lab.host(1)}:`));
      must(
        out.length >= 4 && out.every((source) => source === before),
        () => `the REGISTER came from ${before}, the call from ${out.join(', ')}`,
      );
      must(
        kamailio().lines(new RegExp(`CALL from sip:${trunk}@${domain} asserted .*4930100`), from).length === 1,
        () => 'From does not name the identity, or P-Asserted-Identity not the caller',
      );
      // In: Kamailio opens no connection, and sends to where the REGISTER came from.
      const phone = lab.answering(ordinaryCallee, { direction: 'in' });
      const place = trunk === 'tcp' || trunk === 'tls' || trunk === 'short' ? lab.host(9) : lab.host(8);
      const caller = lab.sipp({
        scenario: ordinaryCaller,
        local: lab.addresses.itsp,
        remote: { host: place, port: 5_060 },
        calls: 1,
        called: trunk,
      });
      wentByScenario('the caller', await caller.done, 1);
      wentByScenario('the PBX', await phone.done, 1);
      const [sent] = kamailio().lines(/SENT INVITE/, from);
      const [proto, host, port] = before!.split(':');
      must(
        sent?.includes(`by sip:${host}:${port}`) === true,
        () => `the call came to "${sent}", registered was ${proto}:${host}:${port}`,
      );
    },
  };
}

const cases: readonly Case[] = [
  {
    name: 'MD5 over UDP: registered, with the route of calls; only the proxy was looked up',
    async run(lab) {
      const { serviceRoute } = await registered(lab, 'md5');
      must(serviceRoute.join().includes(`${lab.host(8)}:5060`), () => `Service-Route: ${JSON.stringify(serviceRoute)}`);
      must(
        !dns.queries.some(({ name }) => name.endsWith('invalid')),
        () => `the domain was looked up: ${JSON.stringify(dns.queries.map(({ name }) => name))}`,
      );
    },
  },
  {
    name: '423: asks again for as long as Min-Expires says',
    async run(lab) {
      const { granted } = await registered(lab, 'brief');
      must(granted === 60_000, () => `granted ${granted} ms, 60000 expected`);
    },
  },
  {
    name: 'Path in the answer is kept and shown',
    async run(lab) {
      const { path } = await registered(lab, 'path');
      must(path.join().includes(`edge@${lab.host(8)}`), () => `Path: ${JSON.stringify(path)}`);
    },
  },
  {
    name: 'a wrong password: two REGISTERs, then the status says why and waits',
    async run(lab) {
      const failed = await lab.until('wrong has failed', (standing) => {
        const { registration } = trunkOf(standing, 'wrong');
        return registration?.stage === 'failed' && registration;
      });
      must(
        /password|credentials/.test(failed.lastError?.text ?? ''),
        () => `the status says ${JSON.stringify(failed.lastError)}`,
      );
      must(failed.nextAt! > Date.now() + 10_000, () => `the next try is in ${failed.nextAt! - Date.now()} ms`);
      const tries = md5.lines(/SEEN REGISTER .*(auth=wrong)$/).length;
      must(tries === 1, () => `${tries} REGISTERs with the wrong password, 1 expected`);
      console.log(`        status: ${failed.lastError!.text}`);
    },
  },
  {
    name: 'SHA-256 over TLS: registered over a connection whose certificate bears the proxy’s name',
    async run(lab) {
      await registered(lab, 'tls');
      const line = await sha256.line(/SEEN REGISTER .*auth=tls$/);
      must(/ from tls:/.test(line), () => line);
    },
  },
  bothWays('md5', '61', () => md5),
  bothWays('tcp', '66', () => sha256),
  bothWays('tls', '67', () => sha256),
  {
    name: 'granted 12 s where an hour was asked: refreshed before it lapses',
    limit: 20,
    async run(lab) {
      const first = await registered(lab, 'short');
      const from = sha256.mark;
      const lapses = first.expiresAt!;
      const later = await lab.until(
        'refreshed',
        (standing) => {
          const now = trunkOf(standing, 'short').registration!;
          must(now.stage !== 'failed' && now.expiresAt! > Date.now(), () => `it lapsed: ${JSON.stringify(now)}`);
          return now.expiresAt! > lapses && now;
        },
        13_000,
      );
      must(later.tries === 0, () => JSON.stringify(later));
      const asked = sha256.lines(/SEEN REGISTER .*auth=short$/, from).length;
      must(asked >= 1 && asked <= 2, () => `${asked} REGISTERs in one refresh`);
    },
  },
  {
    name: 'kill -9 of signalling: the registration holds, nothing is registered anew over UDP, calls come in at once',
    async run(lab) {
      const before = await registered(lab, 'md5');
      const from = md5.mark;
      const killed = lab.process('signalling');
      process.kill(killed, 'SIGKILL');
      const standing = await lab.until('the program is back', (now) => lab.process('signalling') !== killed && now);
      for (const trunk of ['md5', 'brief', 'path']) {
        const { registration } = trunkOf(standing, trunk);
        must(
          registration?.stage === 'registered' && registration.granted !== undefined,
          () => `${trunk} after the restart: ${JSON.stringify(registration)}`,
        );
      }
      must(
        trunkOf(standing, 'md5').registration!.expiresAt === before.expiresAt,
        () => `it expires at another time: ${trunkOf(standing, 'md5').registration!.expiresAt}, ${before.expiresAt}`,
      );
      const phone = lab.answering(ordinaryCallee, { direction: 'in' });
      const caller = lab.sipp({
        scenario: ordinaryCaller,
        local: lab.addresses.itsp,
        remote: { host: lab.host(8), port: 5_060 },
        calls: 1,
        called: 'md5',
      });
      wentByScenario('the caller', await caller.done, 1);
      wentByScenario('the PBX', await phone.done, 1);
      // By connection it must be registered anew, once.
      await registered(lab, 'tls');
      await registered(lab, 'tcp');
      await sleep(500);
      const anew = md5.lines(/SEEN REGISTER .*auth=(md5|brief|path)$/, from).length;
      must(anew === 0, () => `${anew} REGISTERs over UDP after the restart`);
    },
  },
];

export const registration: Group = {
  name: 'registration',
  packages: ['kamailio', 'kamailio-tls-modules'],
  prepare,
  cases,
};
