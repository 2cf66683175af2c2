import { constants } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { bearsName, type PeerCertificate, type TlsTarget } from '#engine/ports';
import { Certificate } from './certificate.ts';
import type { CertificateStore, TrunkMaterial } from './certificate-store.ts';
import { chainLimits, type Verdict, verifyChain } from './chain.ts';
import { explainFailure } from './failure.ts';
import type { KeyPair } from './key-pair.ts';
import type { Trust } from './trust.ts';

/** A connection whose handshake has succeeded, and whose peer may be spoken to. */
export interface SecuredConnection {
  readonly socket: TLSSocket;
  /** Absent when a peer that connected to us showed no certificate. */
  readonly peer?: PeerCertificate;
  /** "TLSv1.3", "TLS_AES_256_GCM_SHA384" */
  readonly version: string;
  readonly cipher: string;
  /** Ms after which it is to be replaced; 0 = never. */
  readonly renewal: number;
  /** False once a certificate or root that it was made with is not in force any more. */
  isCurrent(): boolean;
}

/** One of the two is called, once. The raw socket is left to who gave it. */
export interface HandshakeEvents {
  onSecured(connection: SecuredConnection): void;
  onFailed(reason: string): void;
}

type Versions = 'TLSv1.2' | 'TLSv1.3';

/** Handshakes with the certificates that are in force, and the judgement of who is at the other end. */
export class TlsSecurity {
  readonly #store: CertificateStore;
  readonly #serverContexts = new WeakMap<KeyPair, Map<Versions, SecureContext>>();
  readonly #clientContexts = new WeakMap<Trust, WeakMap<KeyPair | Trust, Map<Versions, SecureContext>>>();

  constructor(store: CertificateStore) {
    this.#store = store;
  }

  /** The handshake with a peer that connected to a listener. */
  accept(listener: string, raw: Socket, events: HandshakeEvents): void {
    const material = this.#store.listener(listener);
    const pair = material?.pair.value;
    if (!material || !pair) return events.onFailed(`no certificate: ${material?.pair.problem ?? 'none is configured'}`);
    const { clientCertificate, minVersion } = material.tls;
    const socket = new TLSSocket(raw, {
      isServer: true,
      secureContext: this.#serverContext(pair, minVersion),
      requestCert: clientCertificate !== 'none',
      // Whom the certificate makes it is for us to say, trunk by trunk: the library knows one set of roots only.
      rejectUnauthorized: false,
    });
    whenSecure(socket, 'inbound', events.onFailed, () => {
      const presented = presentedBy(socket);
      const { peer, refusal } = this.#judgeClient(presented);
      if (clientCertificate === 'required' && refusal !== undefined) return events.onFailed(refusal);
      const trusts = (peer?.trustedBy ?? []).map((trunk) => ({ trunk, trust: this.#store.trunk(trunk)?.trust.value }));
      events.onSecured({
        socket,
        ...(peer ? { peer } : {}),
        ...sessionOf(socket),
        renewal: 0,
        isCurrent: () =>
          this.#store.listener(listener)?.pair.value === pair &&
          trusts.every(({ trunk, trust }) => this.#store.trunk(trunk)?.trust.value === trust),
      });
    });
  }

  /** Our handshake with a peer that we connected to from a listener's address. Nothing is sent before it is who it should be. */
  connect(target: TlsTarget | undefined, listener: string, raw: Socket, events: HandshakeEvents): void {
    if (!target) return events.onFailed('no trunk is known whose TLS rules the connection should follow');
    const material = this.#store.trunk(target.trunk);
    const trust = material?.trust.value;
    if (!material) return events.onFailed(`trunk ${target.trunk} has no TLS configuration`);
    if (!trust) return events.onFailed(`no trusted roots: ${material.trust.problem}`);
    const ownPair = () => this.#store.trunk(target.trunk)?.pair ?? this.#store.listener(listener)?.pair;
    const source = ownPair();
    const pair = source?.value;
    if (source && !pair) return events.onFailed(`no certificate of ours: ${source.problem}`);
    const servername = target.serverName ?? target.names.find((name) => isIP(name) === 0);
    const socket = connect({
      socket: raw,
      secureContext: this.#clientContext(trust, pair, material.tls.minVersion),
      ...(servername === undefined ? {} : { servername }),
      // Both are judged below, so that it can be said what is wrong.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    whenSecure(socket, 'outbound', events.onFailed, () => {
      const presented = presentedBy(socket);
      const fault = this.#serverFault(socket, presented, target, material, trust);
      if (fault !== undefined) return events.onFailed(fault);
      events.onSecured({
        socket,
        peer: { names: presented[0]!.identity.names, trustedBy: [target.trunk] },
        ...sessionOf(socket),
        renewal: material.tls.renewal,
        isCurrent: () => this.#store.trunk(target.trunk)?.trust.value === trust && ownPair()?.value === pair,
      });
    });
  }

  /** What an error of an established connection means. */
  explain(error: NodeJS.ErrnoException, side: 'outbound' | 'inbound'): string {
    return error.code?.startsWith('ERR_SSL_') ? explainFailure(error, side) : (error.code ?? error.message);
  }

  /** Whom a client's certificate makes it, and why it is nobody. */
  #judgeClient(presented: readonly Certificate[]): { peer?: PeerCertificate; refusal?: string } {
    const leaf = presented[0];
    if (!leaf) return { refusal: 'no client certificate, and the listener requires one' };
    const trustedBy: string[] = [];
    let refusal = 'no trunk has roots to trust the client certificate by';
    for (const { it, trunks } of this.#store.trusts) {
      const verdict: Verdict | undefined = it.value && verifyChain(presented, it.value, this.#store.wall);
      if (verdict?.trusted) trustedBy.push(...trunks);
      else if (verdict) refusal = `the client certificate of ${ownerOf(leaf)} ${verdict.reason}`;
    }
    const peer = { names: leaf.identity.names, trustedBy };
    return trustedBy.length > 0 ? { peer } : { peer, refusal };
  }

  #serverFault(
    socket: TLSSocket,
    presented: readonly Certificate[],
    target: TlsTarget,
    { tls }: TrunkMaterial,
    trust: Trust,
  ): string | undefined {
    const leaf = presented[0];
    if (!leaf) return 'the peer shows no certificate';
    if (!socket.authorized) {
      const verdict = verifyChain(presented, trust, this.#store.wall);
      const code = String(socket.authorizationError ?? '')
        .toLowerCase()
        .replaceAll('_', ' ');
      return `the certificate of ${ownerOf(leaf)} ${verdict.trusted ? `is not accepted (${code})` : verdict.reason}`;
    }
    const wanted = tls.names ?? target.names;
    if (wanted.some((name) => bearsName(leaf.identity, name, tls.wildcards))) return undefined;
    return `the peer's certificate is for ${ownerOf(leaf)}; wanted ${wanted.join(' or ') || 'no name'}`;
  }

  #serverContext(pair: KeyPair, minVersion: Versions): SecureContext {
    const made = memo(this.#serverContexts, pair, () => new Map<Versions, SecureContext>());
    return memo(made, minVersion, () =>
      createSecureContext({
        cert: pair.certificatePem,
        key: pair.keyPem,
        minVersion,
        // No names of authorities go out: a peer with one certificate shows it, and large stacks choose badly from long lists.
        ca: [],
        // A resumed session brings the peer's certificate without those that lead to a root; a renegotiated one, another peer's.
        secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
      }),
    );
  }

  #clientContext(trust: Trust, pair: KeyPair | undefined, minVersion: Versions): SecureContext {
    const ofTrust = memo(
      this.#clientContexts,
      trust,
      () => new WeakMap<KeyPair | Trust, Map<Versions, SecureContext>>(),
    );
    // The trust stands for having no certificate.
    const made = memo(ofTrust, pair ?? trust, () => new Map<Versions, SecureContext>());
    return memo(made, minVersion, () =>
      createSecureContext({
        ...(pair ? { cert: pair.certificatePem, key: pair.keyPem } : {}),
        minVersion,
        ca: [...trust.pem],
        // Whatever stands in the files is trusted, be it an authority below a root or the peer itself.
        allowPartialTrustChain: true,
      }),
    );
  }
}

/** Calls one of the two, once. */
function whenSecure(
  socket: TLSSocket,
  side: 'outbound' | 'inbound',
  onFailed: (reason: string) => void,
  onSecure: () => void,
): void {
  const end = (act: () => void) => () => {
    socket
      .off('close', closed)
      .off('secure', secured)
      .off('secureConnect', secured)
      .off('_tlsError', failed)
      .off('error', failed);
    // What still comes of it is of no interest to anybody, and an error without a listener ends the process.
    socket.on('error', () => {});
    act();
  };
  const failed = (error: NodeJS.ErrnoException) => end(() => onFailed(explainFailure(error, side)))();
  const closed = end(() => onFailed('the peer closed the connection during the handshake'));
  const secured = end(onSecure);
  socket.on('close', closed).on('error', failed).on('_tlsError', failed);
  socket.on(side === 'inbound' ? 'secure' : 'secureConnect', secured);
}

function presentedBy(socket: TLSSocket): readonly Certificate[] {
  const presented: Certificate[] = [];
  let one = socket.getPeerX509Certificate();
  while (one && presented.length < chainLimits.presented) {
    presented.push(new Certificate(one));
    one = one.issuerCertificate;
  }
  return presented;
}

function sessionOf(socket: TLSSocket): { version: string; cipher: string } {
  return { version: socket.getProtocol() ?? '', cipher: socket.getCipher().standardName };
}

function ownerOf({ identity, subject }: Certificate): string {
  const names = [...identity.names, ...identity.addresses];
  const shown = names.slice(0, 8).join(', ');
  if (names.length > 8) return `${shown} and ${names.length - 8} more`;
  return shown === '' ? `"${subject}"` : shown;
}

interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function memo<K, V>(cache: Cache<K, V>, key: K, make: () => V): V {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}
