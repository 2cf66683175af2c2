import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as secure, type TLSSocket } from 'node:tls';
import type { TlsTarget } from '#engine/ports';
import { CertificateStore, type SecuredConnection, TlsSecurity } from '#shell/tls';
import type { Located } from '#sip/locate';
import { handshakeAdvice } from './advice.ts';
import { open } from './connection.ts';
import { listenerFor, ms, type Test, targetName } from './context.ts';
import { isName } from './dns.ts';
import { type StepOutcome, type StepVerdict, skipped, together } from './report.ts';

/** Ms of one handshake. */
const patience = 5_000;
/** Ms in which a peer says that it does not take our certificate: under TLS 1.3 that comes after the handshake (RFC 8446 4.4.2.4). */
const afterthought = 400;
/** Certificates of a chain that are told. */
const longestChain = 10;

/** Handshakes by the rules of the trunk, as the program makes them; and what each peer shows, trusted or not. */
export async function tls(test: Test): Promise<StepOutcome> {
  const { trunk, place } = test;
  const targets = test.targets.filter(({ transport }) => transport === 'tls');
  if (targets.length === 0) return skipped('no target speaks TLS');
  const events: string[] = [];
  const store = new CertificateStore({
    configuration: { listeners: place.configuration.listeners, trunks: [trunk] },
    onEvent: ({ kind, detail }) => void (kind === 'reloaded' || events.push(detail)),
  });
  const security = new TlsSecurity(store);
  const names = wantedNames(test);
  const sent: string[] = [];
  const came: string[] = [];
  const todo = new Set<string>();
  const verdicts: StepVerdict[] = [];
  const reasons: string[] = [];
  const ours = ownCertificate(test, targets[0]!, store);
  try {
    for (const target of targets) {
      const name = targetName(target);
      const sni = names.find((one) => isIP(one) === 0);
      sent.push(
        `a handshake with ${name}, wanting ${names.join(' or ')}${sni === undefined ? '' : `, naming ${sni} (SNI)`}`,
      );
      const since = performance.now();
      const outcome = await handshake(test, target, { trunk: trunk.name, names }, security);
      const took = ms(since);
      came.push(...(await shown(test, target, sni)).map((line) => `${name}: ${line}`));
      if (outcome.ok) {
        came.push(
          `${name}: ${outcome.version}, ${outcome.cipher}, in ${took}; it leads to a trusted root and bears the name`,
        );
        verdicts.push('passed');
      } else {
        came.push(`${name}: ${outcome.reason}`);
        reasons.push(outcome.reason);
        todo.add(handshakeAdvice(outcome.reason));
        verdicts.push('failed');
      }
    }
  } finally {
    store.close();
  }
  sent.push(ours);
  came.push(...new Set(events));
  const verdict = together(verdicts);
  return {
    verdict: verdict === 'passed' && events.length > 0 ? 'warning' : verdict,
    summary: reasons[0] ?? events[0] ?? `${targets.length} ${targets.length === 1 ? 'target' : 'targets'} trusted`,
    sent,
    came,
    todo: [...todo],
  };
}

/** RFC 5922 4: the names that were asked for, not those that the DNS made of them. */
function wantedNames({ trunk }: Test): readonly string[] {
  const { tls, domain } = trunk;
  const hops = trunk.nextHops ?? trunk.addresses;
  const asked = hops.map(({ host }) => host).filter(isName);
  if (tls?.names) return tls.names;
  if (asked.length > 0) return asked;
  return domain === undefined ? hops.map(({ host }) => host) : [domain];
}

function ownCertificate({ trunk, place }: Test, target: Located, store: CertificateStore): string {
  const listener = listenerFor(place.configuration.listeners, trunk.side, 'tls', target.remote.host);
  const user = trunk.tls?.certificate === undefined ? `listener ${listener?.id}` : `trunk ${trunk.name}`;
  const ours = store.inspect().find(({ users, kind }) => kind === 'certificate' && users.includes(user));
  if (!ours) return 'no certificate of ours, should it be asked for';
  const days = ours.daysLeft === undefined ? '' : `, ${ours.daysLeft} days left`;
  return `our certificate, should it be asked for: ${ours.names.join(', ') || ours.files.join(', ')}${days}`;
}

type Outcome =
  | { readonly ok: true; readonly version: string; readonly cipher: string }
  | { readonly ok: false; readonly reason: string };

/** The handshake of the running program, with its judgement. */
async function handshake(test: Test, target: Located, wanted: TlsTarget, security: TlsSecurity): Promise<Outcome> {
  const { listeners } = test.place.configuration;
  const listener = listenerFor(listeners, test.trunk.side, 'tls', target.remote.host);
  let raw: Awaited<ReturnType<typeof open>>;
  try {
    raw = await open(test, target);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { ok: false, reason: `no connection: ${code ?? message}` };
  }
  const timer = setTimeout(() => raw.destroy(), patience);
  try {
    const secured = await new Promise<SecuredConnection | string>((resolve) => {
      security.connect(wanted, listener?.id ?? '', raw, { onSecured: resolve, onFailed: resolve });
    });
    if (typeof secured === 'string') return { ok: false, reason: secured };
    const { socket, version, cipher } = secured;
    const trouble = Promise.withResolvers<string | undefined>();
    socket.on('error', (error) => trouble.resolve(security.explain(error, 'outbound')));
    socket.on('close', () =>
      trouble.resolve('the peer closed the connection right after the handshake: it may not take our certificate'),
    );
    const reason = await Promise.race([trouble.promise, pause(afterthought, undefined)]);
    socket.destroy();
    return reason === undefined ? { ok: true, version, cipher } : { ok: false, reason };
  } finally {
    clearTimeout(timer);
    raw.destroy();
  }
}

/** The chain that a peer shows, whoever trusts it. Nothing is said on that connection. */
async function shown(test: Test, target: Located, servername: string | undefined): Promise<readonly string[]> {
  let socket: TLSSocket | undefined;
  try {
    const raw = await open(test, target);
    const { certificate, key, minVersion = 'TLSv1.2' } = test.trunk.tls ?? {};
    socket = secure({
      socket: raw,
      // It is looked at, not spoken to.
      rejectUnauthorized: false,
      minVersion,
      ...(servername === undefined ? {} : { servername }),
      ...(certificate !== undefined && key !== undefined
        ? { cert: readFileSync(certificate), key: readFileSync(key) }
        : {}),
    });
    const found = await chainOf(socket);
    return found.map(
      (one, at) =>
        `certificate ${at + 1}: ${oneLine(one.subject)}${at === 0 ? ` (${one.subjectAltName ?? 'no alternative names'})` : ''}, ` +
        `issued by ${oneLine(one.issuer)}, until ${one.validToDate.toISOString().slice(0, 10)}`,
    );
  } catch {
    return []; // The handshake that counts tells why.
  } finally {
    socket?.destroy();
  }
}

function chainOf(socket: TLSSocket): Promise<readonly X509Certificate[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('no handshake')), patience);
    const end = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () => end(() => reject(new Error('closed'))));
    socket.once('secureConnect', () => {
      const chain: X509Certificate[] = [];
      let one = socket.getPeerX509Certificate();
      while (one && chain.length < longestChain) {
        chain.push(one);
        one = one.issuerCertificate;
      }
      end(() => resolve(chain));
    });
  });
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
