import { createServer } from 'node:net';
import { DnsServer } from '../../support/dns-server.ts';
import { Authority, type PemFiles, writePair, writeRoot } from '../certificates.ts';
import { type Case, type Group, type Lab, must, wentByScenario } from '../harness.ts';
import { Kamailio, seen } from '../kamailio.ts';
import { type Handshake, handshake } from '../openssl.ts';
import { anyProgress, caller, receiveOneOf, scenario, sdp } from '../scenario.ts';
import { SipPeer } from '../sip-peer.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/** Kamailio as a TLS peer, both sides with certificates; `openssl s_client` against our listener; certificates that go wrong. */

let kamailio: Kamailio;
let root: Authority;
let ours: PemFiles;
const clients: Record<string, readonly string[]> = {};

/** Ports of Kamailio's, and what is wrong with each; the digits of the numbers that go there. */
const servers = [
  { name: 'peer', port: 5_061, prefix: '71' },
  { name: 'wrong-name', port: 5_062, prefix: '72', says: /certificate is for elsewhere\.test; wanted peer\.test/ },
  { name: 'expired', port: 5_063, prefix: '73', says: /expired/ },
  { name: 'unknown-ca', port: 5_064, prefix: '74', says: /root|trusted|issuer|issued/ },
  { name: 'refuses-us', port: 5_065, prefix: '75', says: /does not (trust the issuer of|accept) our certificate/ },
  { name: 'plain-text', port: 5_066, prefix: '76', says: /plain text/ },
] as const;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const { directory } = lab;
  const host = lab.host(8);
  root = await Authority.root('Interop Root');
  const stranger = await Authority.root('Stranger Root');
  const rootFile = writeRoot(directory, 'root', root);
  const strangerFile = writeRoot(directory, 'stranger', stranger);
  ours = writePair(directory, 'ours', await root.issue({ name: 'tandem.test', dns: ['tandem.test'] }));
  const theirs = {
    peer: await root.issue({ dns: ['peer.test'] }),
    'wrong-name': await root.issue({ dns: ['elsewhere.test'] }),
    expired: await root.issue({ dns: ['peer.test'], from: -30, to: -1 }),
    'unknown-ca': await stranger.issue({ dns: ['peer.test'] }),
    'refuses-us': await root.issue({ dns: ['peer.test'] }),
    nobody: await root.issue({ dns: ['nobody.test'] }),
  };
  const files = Object.fromEntries(
    Object.entries(theirs).map(([name, issued]) => [name, writePair(directory, name, issued)]),
  ) as Record<keyof typeof theirs, PemFiles>;
  for (const [name, { certificate, key }] of Object.entries(files)) {
    clients[name] = ['-cert', certificate, '-cert_chain', certificate, '-key', key];
  }
  const server = ({ name, port }: (typeof servers)[number]): string[] =>
    name === 'plain-text'
      ? []
      : [
          `[server:${host}:${port}]`,
          'method = TLSv1.2+',
          `certificate = ${files[name].certificate}`,
          `private_key = ${files[name].key}`,
          'verify_certificate = yes',
          'require_certificate = yes',
          `ca_list = ${name === 'refuses-us' ? strangerFile : rootFile}`,
        ];
  kamailio = await Kamailio.start(lab, {
    name: 'kamailio',
    listen: [
      `udp:${host}:5060`,
      ...servers.filter(({ name }) => name !== 'plain-text').map(({ port }) => `tls:${host}:${port}`),
    ],
    modules: [],
    tls: [
      ...servers.flatMap(server),
      '[server:default]',
      `certificate = ${files.peer.certificate}`,
      `private_key = ${files.peer.key}`,
      '[client:default]',
      'method = TLSv1.2+',
      `certificate = ${files.peer.certificate}`,
      `private_key = ${files.peer.key}`,
      'verify_certificate = yes',
      'require_certificate = yes',
      `ca_list = ${rootFile}`,
      '',
    ].join('\n'),
    routes: `
request_route {
  ${seen}
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) { if (loose_route()) { t_relay(); } exit; }
  record_route();
  if ($proto == "tls") { $du = "sip:${itsp.host}:${itsp.port}"; } else { $du = "sip:${sip.host}:5061;transport=tls"; }
  if (!t_relay()) { sl_reply_error(); }
}
`,
  });
  // Something that speaks no TLS where TLS is expected.
  const plain = createServer((socket) => socket.on('error', () => undefined).end('SIP/2.0 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => plain.listen(5_066, host, resolve));
  lab.use({ name: 'plain text', said: () => '', stop: () => void plain.close() });
  const dns = await DnsServer.start({ host: lab.host(10), zone: [`peer.test 60 A ${host}`] });
  lab.use({ name: 'the DNS', said: () => JSON.stringify(dns.queries), stop: () => dns.close() });
  return {
    listeners: [
      { name: 'sip', bind: `${sip.host}:${sip.port}` },
      { name: 'sips', bind: `${sip.host}:5061`, transports: 'tls', tls: { ...ours, 'client-certificate': 'required' } },
      { name: 'asking', bind: `${sip.host}:5071`, transports: 'tls', tls: { ...ours, 'min-version': '1.3' } },
    ],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      ...servers.map(({ name, port }) => ({
        name,
        kind: 'itsp',
        transport: 'tls',
        addresses: `peer.test:${port}`,
        tls: { trust: rootFile },
        health: { interval: 'never' },
        ...(name === 'peer' ? { 'certificate-names': 'peer.test' } : {}),
      })),
    ],
    routes: [
      ...servers.map(({ name, prefix }) => ({
        name,
        from: 'pbx',
        called: { prefix },
        to: name,
      })),
      { name: 'inbound', from: servers.map(({ name }) => name), to: 'pbx' },
    ],
    dns: { servers: `${dns.address.host}:${dns.address.port}`, timeout: '1s' },
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

const listener = (lab: Lab) => ({ host: lab.addresses.sip.host, port: 5_061 });

const optionsRequest = (lab: Lab): string =>
  [
    `OPTIONS sip:${lab.addresses.sip.host}:5061;transport=tls SIP/2.0`,
    `Via: SIP/2.0/TLS peer.test:5061;branch=z9hG4bK${Math.random()}`,
    'From: <sip:peer.test>;tag=1',
    `To: <sip:${lab.addresses.sip.host}>`,
    `Call-ID: ${Math.random()}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

/** Outbound: the call is refused at once, and log and record say why. */
function refusedOut(server: (typeof servers)[number] & { says: RegExp }): Case {
  const { name, prefix, says } = server;
  return {
    name: `a call out is refused at once, with the reason in the log: ${name}`,
    async run(lab) {
      await lab.call(
        {
          caller: scenario('caller that is refused', [
            caller.invite({ body: sdp() }),
            anyProgress,
            receiveOneOf([502, 503], 'refused'),
            caller.ackFailure(),
          ]),
        },
        { prefix },
      );
      const [record] = await lab.records(
        [{ reason: 'unreachable', answered: false, attempts: [{ trunk: name }] }],
        prefix,
      );
      const took = record!.endedAt - record!.startedAt;
      must(took < 1_000, () => `it took ${took} ms`);
      const line = await lab.logged('target', new RegExp(`"trunk":"${name}".*"state":"down"`));
      must(says.test(line), () => `the log says ${line}`);
      must(
        record!.decisions.some(({ outcome }) => says.test(outcome)),
        () => `the record's decisions: ${JSON.stringify(record!.decisions)}`,
      );
      console.log(`        ${JSON.parse(line).because}`);
    },
  };
}

interface Weak {
  readonly name: string;
  readonly options: readonly string[];
  /** What must come of it; no version: refused. */
  readonly version?: string;
}

const weak: readonly Weak[] = [
  { name: 'TLS 1.0', options: ['-tls1', '-cipher', 'DEFAULT:@SECLEVEL=0'] },
  { name: 'TLS 1.1', options: ['-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0'] },
  { name: 'TLS 1.2', options: ['-tls1_2'], version: 'TLSv1.2' },
  { name: 'TLS 1.3', options: ['-tls1_3'], version: 'TLSv1.3' },
  { name: 'no encryption', options: ['-tls1_2', '-cipher', 'eNULL:@SECLEVEL=0'] },
  { name: 'no authentication', options: ['-tls1_2', '-cipher', 'aNULL:@SECLEVEL=0'] },
  { name: 'pre-shared keys', options: ['-tls1_2', '-psk', '00', '-cipher', 'PSK:@SECLEVEL=0'] },
];

const cases: readonly Case[] = [
  {
    name: 'mutual TLS: a call out, and one in',
    async run(lab) {
      await lab.call({ caller: ordinaryCaller, callee: ordinaryCallee }, { prefix: '71' });
      await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{ trunk: 'peer' }] }], '71');
      const phone = lab.answering(ordinaryCallee, { direction: 'in' });
      const uac = lab.sipp({
        scenario: ordinaryCaller,
        local: lab.addresses.itsp,
        remote: { host: lab.host(8), port: 5_060 },
        calls: 1,
        called: lab.called('49'),
      });
      wentByScenario('the caller', await uac.done, 1);
      wentByScenario('the PBX', await phone.done, 1);
      const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
      must(record!.leg.trunk === 'peer', () => `the call came from ${JSON.stringify(record!.leg)}`);
      const { connections } = await lab.standing();
      console.log(
        `        ${connections.map(({ direction, peer, tls }) => `${direction} ${peer} ${tls?.version} ${tls?.cipher} ${tls?.names}`).join('; ')}`,
      );
    },
  },
  ...servers.filter((server) => 'says' in server).map(refusedOut),
  {
    name: 'whoever connects without a certificate, with a bad one or with one that is nobody’s is refused, and the log says why',
    async run(lab) {
      const asks = (who: string): Promise<Handshake> =>
        handshake(listener(lab), clients[who] ?? [], optionsRequest(lab));
      const [good, none, expired, unknown, nobody] = await Promise.all(
        ['peer', 'none', 'expired', 'unknown-ca', 'nobody'].map(asks),
      );
      must(
        good!.answer.startsWith('200'),
        () => `the peer's certificate: "${good!.answer}"\n${good!.output.slice(-800)}`,
      );
      for (const refused of [none, expired, unknown]) must(refused!.answer === '', () => refused!.output.slice(-800));
      must(nobody!.answer.startsWith('403'), () => `a certificate that is no trunk's: "${nobody!.answer}"`);
      const reasons = [
        await lab.logged('connection-refused', /no client certificate/),
        await lab.logged('connection-refused', /expired/),
        await lab.logged('connection-refused', /client certificate of peer\.test (?!.*expired)/),
      ];
      for (const line of reasons) console.log(`        ${JSON.parse(line).reason}`);
    },
  },
  {
    name: 'openssl s_client: TLS 1.0 and 1.1 and weak ciphers are refused, 1.2 and 1.3 taken, a certificate is asked for',
    async run(lab) {
      const results = await Promise.all(
        weak.map(async (one) => ({
          ...one,
          hands: await handshake(listener(lab), [...clients.peer!, ...one.options]),
        })),
      );
      for (const { name, version, hands } of results) {
        must(hands.version === version, () => `${name}: ${hands.version}\n${hands.output}`);
        must(version === undefined || hands.asked, () => `${name}: no certificate was asked for\n${hands.output}`);
        // What was refused was so by us, not by our openssl: an alert is 7 octets, and its line in words may be cut off.
        must(version !== undefined || /alert|has read 7 bytes/.test(hands.output), () => `${name}: ${hands.output}`);
        console.log(`        ${name}: ${version === undefined ? 'refused' : `${hands.version} ${hands.cipher}`}`);
      }
      const least = { ...listener(lab), port: 5_071 };
      const [old, now] = await Promise.all(['-tls1_2', '-tls1_3'].map((version) => handshake(least, [version])));
      must(
        old!.version === undefined && now!.version === 'TLSv1.3',
        () => `min-version 1.3: ${old!.version}, ${now!.version}`,
      );
    },
  },
  {
    name: 'certificates swapped under a call: it goes on by its connection, new handshakes see the new one',
    limit: 30,
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      const phone = lab.answering(ordinaryCallee);
      const call = pbx.call(lab.called('71'), lab.addresses.sip);
      must((await call.final).status === 200, () => `the call did not come about: ${pbx.said()}`);
      const before = (await lab.standing()).connections.filter(({ direction }) => direction === 'outbound');
      must(
        (await handshake(listener(lab), clients.peer!)).subject.includes('tandem.test'),
        () => 'the old one is not shown',
      );
      writePair(lab.directory, 'ours', await root.issue({ name: 'renewed.test', dns: ['tandem.test'] }));
      await lab.logged('certificate-reloaded', /ours\.pem/, 14_000);
      const renewed = await handshake(listener(lab), clients.peer!, optionsRequest(lab));
      must(
        renewed.subject.includes('renewed.test') && renewed.answer.startsWith('200'),
        () => `after the change ${renewed.subject} is shown, answer "${renewed.answer}"`,
      );
      const from = kamailio.mark;
      must((await call.hangUp()) === 200, () => 'BYE was not answered with 200');
      wentByScenario('the phone', await phone.done, 1);
      const bye = await kamailio.line(/SEEN BYE/, { from });
      const invite = kamailio.lines(new RegExp(`SEEN INVITE sip:${lab.called('71')}@`)).at(-1)!;
      const source = (line: string) => / from (\S+) to /.exec(line)![1];
      must(source(bye) === source(invite), () => `INVITE and BYE came by two connections:\n${invite}\n${bye}`);
      // Ours retires within seconds; the next call opens another, with the new certificate.
      await lab.until('the old connection retires', ({ connections }) =>
        connections.some(({ connection, state }) => connection === before[0]?.connection && state === 'retiring'),
      );
      const second = lab.answering(ordinaryCallee);
      const next = pbx.call(`${lab.called('71')}1`, lab.addresses.sip);
      must((await next.final).status === 200, () => `the second call did not come about: ${pbx.said()}`);
      must((await next.hangUp()) === 200, () => 'BYE was not answered with 200');
      wentByScenario('the phone', await second.done, 1);
      const later = kamailio.lines(new RegExp(`SEEN INVITE sip:${lab.called('71')}1@`), from).at(-1)!;
      must(source(later) !== source(invite), () => `the second call went by the old connection: ${later}`);
    },
  },
];

export const tls: Group = {
  name: 'tls',
  packages: ['kamailio', 'kamailio-tls-modules', 'openssl'],
  prepare,
  cases,
};
