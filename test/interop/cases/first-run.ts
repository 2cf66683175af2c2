import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../../perf/children.ts';
import { Authority, writePair, writeRoot } from '../certificates.ts';
import { type Case, type Group, type Lab, must } from '../harness.ts';
import type { Kamailio } from '../kamailio.ts';
import { type PhoneOptions, startPhone, tell } from '../phone.ts';
import { startRegistrar } from '../registrar.ts';
import { Terminal } from '../terminal.ts';

/**
 * `tandem init` from nothing to a call that is heard, as its reader types it: Kamailio is the provider that wants a registration and digest, baresip the
 * number behind it that sends back what it hears. Every trouble that a first trunk has comes up, is named, mended on the spot, and tried again.
 */

const tandem = join(import.meta.dirname, '../../../bin/tandem');
const password = 'correct horse';
const user = '4930123450';
const number = '+4930999';
let provider: Kamailio;
let root: string;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const authority = await Authority.root('Provider Root');
  root = writeRoot(lab.directory, 'provider-root', authority);
  const theirs = writePair(lab.directory, 'theirs', await authority.issue({ addresses: [lab.host(8)] }));
  provider = await startRegistrar(lab, {
    name: 'provider',
    place: { host: lab.host(8), port: 5_060 },
    domain: lab.host(8),
    password,
    algorithm: 'MD5',
    longest: 600,
    phone: itsp,
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
  // The program of the group stands by; what is under trial starts its own.
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      { name: 'itsp', kind: 'itsp', addresses: `${itsp.host}:${itsp.port}`, health: 'off' },
    ],
    routes: [{ name: 'out', from: 'pbx', to: 'itsp' }],
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

/** The number behind the provider. */
function behind(lab: Lab, name: string, more: Partial<PhoneOptions> = {}): Promise<void> {
  const place = lab.addresses.itsp;
  return startPhone(lab, { user: number, name, place, frequency: 425, seconds: 60, echoes: true, ...more }).ready;
}

function directoryOf(lab: Lab): string {
  const directory = join(lab.caseDirectory, 'home');
  mkdirSync(directory, { recursive: true });
  return directory;
}

const askedAgain = /What shall be changed/;

/** What a call that was heard looks like, and how the wizard ends. */
async function heardAndEnded(screen: Terminal, trunk: string): Promise<void> {
  const heard = await screen.see(/The program goes on here/, 60_000);
  for (const line of [
    /ok +REGISTER +200 OK/,
    /ok +Call +answered after/,
    /ok +Audio +heard -\d+\.\d dBm0, our own tone/,
    new RegExp(`^${trunk} works: `, 'm'),
    new RegExp(`^A call over ${trunk} was answered and heard `, 'm'),
    /^Next: have your PBX send its calls to /m,
  ])
    must(line.test(heard), () => `${line} is not in:\n${heard}`);
  // Management begins a moment later.
  if (!/become the first administrator/.test(heard)) await screen.see(/become the first administrator by this link/);
  screen.type('\x03');
  const status = await screen.exit();
  must(status === 0, () => `it ended with ${status}`);
}

const cases: readonly Case[] = [
  {
    name: 'a wrong host, a silent port, a wrong password, other codecs: each is named, mended and tried again until it is heard',
    limit: 150,
    async run(lab) {
      const directory = directoryOf(lab);
      const silent = createSocket('udp4');
      silent.bind(0, lab.host(9));
      await once(silent, 'listening');
      lab.use({ name: 'a port that is silent', said: () => '', stop: () => void silent.close() });
      const screen = lab.use(new Terminal([tandem, 'init'], directory));
      await screen.see(/Whose trunk is it/);
      await screen.take(/wants a registration, over UDP/);
      await screen.answer(/shall it be called/, 'itsp-a');
      await screen.answer(/Where is it/, 'sip.provider.invalid');
      await screen.answer(/outbound proxy/, '');
      await screen.answer(/user name/, user);
      await screen.answer(/Its password/, 'battery staple');
      await screen.answer(/Which address/, lab.host(11));
      await screen.answer(/public address/, '');
      await screen.answer(/your PBX/, lab.host(12));
      await screen.answer(/numbers begin/, '');
      await screen.answer(/Start it now/, '');
      await screen.answer(/number to call/, number);

      const unknown = await screen.see(askedAgain, 60_000);
      must(/FAIL +DNS .*not found|no such name/s.test(unknown), () => unknown);
      must(/! Correct addresses or domain/.test(unknown), () => unknown);
      await screen.take(/The provider: where it is/);
      await screen.answer(/Where is it/, `${lab.host(9)}:${silent.address().port}`);
      await screen.answer(/By which way/, '');

      const blocked = await screen.see(askedAgain, 60_000);
      must(/FAIL +REGISTER .*no answer/.test(blocked), () => blocked);
      must(/! Nothing came back: a firewall/.test(blocked), () => blocked);
      await screen.take(/The provider: where it is/);
      await screen.answer(/Where is it/, `${lab.host(8)}:5060`);
      await screen.answer(/By which way/, '');

      const refused = await screen.see(askedAgain, 60_000);
      must(/FAIL +REGISTER .*(password|credentials)/.test(refused), () => refused);
      must(/! The credentials of the trunk/.test(refused), () => refused);
      await behind(lab, 'other-codecs', { codec: 'G722/16000/1' });
      await screen.take(/The account/);
      await screen.answer(/user name/, user);
      await screen.answer(/Its password/, password);

      const codecs = await screen.see(askedAgain, 60_000);
      must(/ok +REGISTER +200 OK/.test(codecs), () => codecs);
      must(/FAIL +Call .*488/.test(codecs) && /! The media offered are not taken/.test(codecs), () => codecs);
      tell(lab.addresses.itsp, 'quit');
      await sleep(1_000);
      await behind(lab, 'echo');
      await screen.take(/it was mended elsewhere/);
      await heardAndEnded(screen, 'itsp-a');

      const text = readFileSync(join(directory, 'tandem.yaml'), 'utf8');
      must(!text.includes(password) && text.includes('password-file: ./itsp-a.password'), () => text);
      const { mode } = statSync(join(directory, 'itsp-a.password'));
      must((mode & 0o777) === 0o600, () => `the password is readable: ${mode.toString(8)}`);
    },
  },
  {
    name: 'over TLS: a root that is not trusted is named, given, and it is heard; the certificate that we need is made',
    limit: 90,
    async run(lab) {
      const directory = directoryOf(lab);
      await behind(lab, 'echo');
      writeFileSync(join(directory, 'password'), `${password}\n`, { mode: 0o600 });
      const screen = lab.use(
        new Terminal(
          [
            ...[tandem, 'init', '--profile', 'generic-tls-register', '--name', 'itsp-s', '--transport', 'tls'],
            ...['--provider', `${lab.host(8)}:5061`, '--user', user, '--password-file', 'password'],
            ...['--bind', lab.host(11), '--pbx', lab.host(12), '--numbers', '', '--start', '--test', number],
          ],
          directory,
        ),
      );
      await screen.answer(/Our certificate for TLS/, '');
      const distrusted = await screen.see(askedAgain, 60_000);
      // The lines are folded to the screen.
      must(/FAIL +TLS [^!]*\bnot\s+trusted/.test(distrusted), () => distrusted);
      must(/! Get the root of the provider/.test(distrusted), () => distrusted);
      await screen.take(/Whose certificates are believed/);
      await screen.answer(/its root certificate/, root);
      await screen.answer(/The name in its certificate/, '');
      await heardAndEnded(screen, 'itsp-s');
      must(existsSync(join(directory, 'certificate.pem')), () => 'no certificate was made');
    },
  },
  {
    name: 'nobody to ask: by its flags, to a call that is heard, and its exit status says so',
    limit: 60,
    async run(lab) {
      const directory = directoryOf(lab);
      await behind(lab, 'echo');
      writeFileSync(join(directory, 'password'), `${password}\n`, { mode: 0o600 });
      const flags = [
        ...['init', '--yes', '--profile', 'generic-udp-register', '--provider', `${lab.host(8)}:5060`, '--user', user],
        ...['--password-file', 'password', '--bind', lab.host(11), '--pbx', lab.host(12), '--test', number],
      ];
      const child = spawn(tandem, flags, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
      endWithUs(child);
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk;
      });
      const [status] = (await once(child, 'close')) as [number];
      must(status === 0 && /^ok {4}Audio {10}heard .*our own tone/m.test(said), () => `status ${status}: ${said}`);
      await provider.line(/CALL from .* for sip:\+4930999@/);
    },
  },
];

export const firstRun: Group = { name: 'first-run', packages: ['kamailio', 'kamailio-tls-modules'], prepare, cases };
