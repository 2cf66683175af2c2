import { once } from 'node:events';
import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Configuration, Flow, Listener, PeerCertificate, TlsTarget, Trunk } from '#engine/ports';
import type { HostPort } from '#kernel';
import { type StreamLimits, StreamShell } from '#shell/sip-stream';
import { type CertificateEvent, CertificateStore, TlsSecurity } from '#shell/tls';
import { Authority, certificateFolder, type Issued, selfSigned, usages } from '../support/certificates.ts';

/** The TLS shell on loopback sockets: each peer here is Node's own TLS, or plain TCP. */

type ListenerTls = NonNullable<Listener['tls']>;
type TrunkTls = NonNullable<Trunk['tls']>;

interface Heard {
  readonly messages: { readonly flow: Flow; readonly octets: string }[];
  readonly opened: { readonly flow: Flow; readonly peer: PeerCertificate | undefined }[];
  readonly retiring: string[];
  readonly closed: { readonly connection: string; readonly reason: string }[];
  readonly refused: string[];
  readonly events: CertificateEvent[];
  answer?: (flow: Flow) => void;
}

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

const folder = certificateFolder();
afterAll(() => folder.remove());

/** Two carriers that know nothing of each other, and our own enterprise. */
let carrierA: Authority;
let carrierB: Authority;
let enterprise: Authority;
let ours: Issued;
let files: { certificate: string; key: string };
let rootA: string;
let rootB: string;

beforeAll(async () => {
  carrierA = await Authority.root('Carrier A Root');
  carrierB = await Authority.root('Carrier B Root');
  enterprise = await Authority.root('Enterprise Root');
  ours = await (await enterprise.subordinate('Enterprise Sub')).issue({ dns: ['sbc.us.example'] });
  files = saved('ours', ours);
  rootA = folder.write('root-a.pem', carrierA.pem);
  rootB = folder.write('root-b.pem', carrierB.pem);
});

function saved(name: string, { certificate, key }: Issued): { certificate: string; key: string } {
  return { certificate: folder.write(`${name}.crt`, certificate), key: folder.write(`${name}.key`, key) };
}

const trunkTls = (more: Partial<TrunkTls> = {}): TrunkTls => ({
  trust: { system: false, files: [rootA] },
  wildcards: false,
  minVersion: 'TLSv1.2',
  renewal: 0,
  ...more,
});

interface Options {
  readonly listener?: Partial<ListenerTls>;
  readonly trunks?: Readonly<Record<string, TrunkTls>>;
  readonly limits?: Partial<StreamLimits>;
  readonly interval?: number;
}

async function shell({ listener, trunks, limits, interval = 15 }: Options = {}) {
  const heard: Heard = { messages: [], opened: [], retiring: [], closed: [], refused: [], events: [] };
  const tls: ListenerTls = { ...files, clientCertificate: 'requested', minVersion: 'TLSv1.2', ...listener };
  const known = Object.entries(trunks ?? { a: trunkTls(), b: trunkTls({ trust: { system: false, files: [rootB] } }) });
  const configuration = {
    listeners: [{ id: 'wan/tls', tls }],
    trunks: known.map(([name, of]) => ({ name, tls: of })),
  } as unknown as Configuration;
  const store = new CertificateStore({ configuration, interval, onEvent: (event) => heard.events.push(event) });
  store.watch();
  const streams = new StreamShell({
    run: 'run1',
    security: new TlsSecurity(store),
    limits: { ...limits },
    events: {
      onMessage: (flow, octets) => {
        heard.messages.push({ flow, octets });
        heard.answer?.(flow);
      },
      onOpened: (flow, peer) => heard.opened.push({ flow, peer }),
      onRetiring: (connection) => heard.retiring.push(connection),
      onClosed: (connection, reason) => heard.closed.push({ connection, reason }),
      onRefused: (_listener, _from, reason) => heard.refused.push(reason),
    },
  });
  const at = await streams.listen({ id: 'wan/tls', transport: 'tls', bind: { host: '127.0.0.1', port: 0 } });
  cleaning.push(async () => {
    store.close();
    await streams.closeAll();
  });
  return { streams, store, heard, at };
}

interface Peer {
  readonly socket: TLSSocket;
  got(): string;
  failed(): string | undefined;
  ended(): boolean;
}

/** Connects to the shell by TLS, whoever it says it is. */
async function client(at: HostPort, options: ConnectionOptions = {}): Promise<Peer> {
  const socket = connectTls({ host: at.host, port: at.port, rejectUnauthorized: false, ...options });
  const peer = follow(socket);
  await Promise.race([once(socket, 'secureConnect').catch(() => {}), once(socket, 'close').catch(() => {})]);
  return peer;
}

function follow(socket: TLSSocket): Peer {
  let text = '';
  let failed: string | undefined;
  let ended = false;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failed ??= error.code ?? error.message;
  });
  socket.on('close', () => {
    ended = true;
  });
  cleaning.push(() => socket.destroy());
  return { socket, got: () => text, failed: () => failed, ended: () => ended };
}

/** A peer that waits for connections of the shell's. */
async function server(options: TlsOptions, onConnection: (peer: Peer) => void = () => {}) {
  const it = createTlsServer(options, (socket) => onConnection(follow(socket)));
  it.on('tlsClientError', () => {});
  it.listen(0, '127.0.0.1');
  await once(it, 'listening');
  cleaning.push(() => it.close());
  return { host: '127.0.0.1', port: (it.address() as { port: number }).port };
}

const plain = async (onConnection: (socket: Socket) => void): Promise<HostPort> => {
  const it = createServer((socket) => {
    socket.on('error', () => {});
    cleaning.push(() => socket.destroy());
    onConnection(socket);
  });
  it.listen(0, '127.0.0.1');
  await once(it, 'listening');
  cleaning.push(() => it.close());
  return { host: '127.0.0.1', port: (it.address() as { port: number }).port };
};

const until = (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 5_000, interval: 5 }).toBe(true);
const shown = ({ certificate, key }: Issued) => ({ cert: certificate, key });
const asServer = shown;

let number = 0;
function message(body = 'v=0\r\n\xe4\xff\x00'): string {
  const id = ++number;
  return (
    `OPTIONS sip:${id}@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK${id}\r\nFrom: <sip:a@b>;tag=1\r\n` +
    `To: <sip:c@d>\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

describe('connections that peers open', () => {
  test('messages both ways; the flow says what the certificate proved, and to which trunk', async () => {
    const { streams, heard, at } = await shell();
    const theirs = await (await carrierA.subordinate('Carrier A Sub')).issue({
      uris: ['sip:a.example'],
      dns: ['gw.a.example'],
    });
    const { socket, got } = await client(at, {
      ...shown(theirs),
      ca: enterprise.pem,
      rejectUnauthorized: true,
      servername: 'sbc.us.example',
    });
    const sent = message();
    socket.write(sent, 'latin1');
    await until(() => heard.messages.length === 1);
    const flow: Flow = {
      transport: 'tls',
      listener: 'wan/tls',
      remote: { host: '127.0.0.1', port: socket.localPort! },
      connection: 'in-run1-1',
    };
    expect(heard.opened).toEqual([{ flow, peer: { names: ['a.example'], trustedBy: ['a'] } }]);
    expect(heard.messages).toEqual([{ flow, octets: sent }]);
    streams.send(flow, 'answer \xff');
    await until(() => got() === 'answer \xff');
    expect(streams.inspect()).toMatchObject([
      {
        connection: 'in-run1-1',
        peer: `tls 127.0.0.1:${socket.localPort}`,
        listener: 'wan/tls',
        direction: 'inbound',
        state: 'open',
        octetsIn: sent.length,
        octetsOut: 8,
        tls: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), names: ['a.example'], trustedBy: ['a'] },
      },
    ]);
    socket.end();
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'in-run1-1', reason: 'closed by the peer' }]);
    expect(streams.size).toBe(0);
  });

  test.each<[string, () => Promise<ConnectionOptions>, PeerCertificate | undefined]>([
    ['no certificate', async () => ({}), undefined],
    [
      'of B',
      async () => shown(await carrierB.issue({ dns: ['b.example'] })),
      { names: ['b.example'], trustedBy: ['b'] },
    ],
    [
      'of somebody else',
      async () => shown(await enterprise.issue({ dns: ['a.example'] })),
      { names: ['a.example'], trustedBy: [] },
    ],
    ['of itself', async () => shown(await selfSigned({ dns: ['a.example'] })), { names: ['a.example'], trustedBy: [] }],
    [
      'of one who calls itself A',
      async () => shown(await (await Authority.root('Carrier A Root')).issue({ dns: ['a.example'] })),
      { names: ['a.example'], trustedBy: [] },
    ],
    [
      'that has expired',
      async () => shown(await carrierA.issue({ dns: ['a.example'], to: -0.5 })),
      { names: ['a.example'], trustedBy: [] },
    ],
    [
      'issued by a certificate that is no authority',
      async () =>
        shown(await (await carrierA.subordinate('leaf', { isAuthority: false })).issue({ dns: ['a.example'] })),
      { names: ['a.example'], trustedBy: [] },
    ],
    [
      'for a server only',
      async () => shown(await carrierA.issue({ dns: ['a.example'], usages: [usages.server] })),
      { names: ['a.example'], trustedBy: ['a'] },
    ],
    [
      'for mail',
      async () => shown(await carrierA.issue({ dns: ['a.example'], usages: [usages.email] })),
      { names: ['a.example'], trustedBy: [] },
    ],
  ])('a certificate that is requested does not break the handshake: %s', async (_what, options, peer) => {
    const { heard, at } = await shell();
    await client(at, await options());
    await until(() => heard.opened.length === 1);
    expect(heard.opened[0]!.peer).toEqual(peer);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'who wants to resume a session shows its certificate anew (%s)',
    async (maxVersion) => {
      const { heard, at } = await shell({ listener: { clientCertificate: 'required' } });
      const theirs = shown(await (await carrierA.subordinate('Carrier A Sub')).issue({ dns: ['a.example'] }));
      let session: Buffer | undefined;
      const first = await client(at, { ...theirs, maxVersion });
      first.socket.on('session', (one) => {
        session = one;
      });
      session ??= first.socket.getSession();
      await until(() => heard.opened.length === 1);
      const second = await client(at, { ...theirs, maxVersion, ...(session ? { session } : {}) });
      await until(() => heard.opened.length === 2);
      expect(second.socket.isSessionReused()).toBe(false);
      expect(heard.opened.map(({ peer }) => peer?.trustedBy)).toEqual([['a'], ['a']]);
      expect(heard.refused).toEqual([]);
    },
  );

  test('two trunks with the same roots: both are told, which of them it is the name will say', async () => {
    const { heard, at } = await shell({
      trunks: { one: trunkTls(), two: trunkTls(), three: trunkTls({ trust: { system: true, files: [rootA] } }) },
    });
    await client(at, shown(await carrierA.issue({ name: 'cn.example' })));
    await until(() => heard.opened.length === 1);
    expect(heard.opened[0]!.peer).toEqual({ names: ['cn.example'], trustedBy: ['one', 'two', 'three'] });
  });

  test.each<[string, () => Promise<ConnectionOptions>, string | RegExp]>([
    ['none', async () => ({}), 'no client certificate, and the listener requires one'],
    [
      'an unknown authority',
      async () => shown(await enterprise.issue({ dns: ['x.example'] })),
      'the client certificate of x.example was issued by "CN=Enterprise Root", which is not trusted',
    ],
    [
      'expired',
      async () => shown(await carrierB.issue({ dns: ['x.example'], from: -3, to: -2 })),
      /^the client certificate of x\.example expired on \d{4}-\d\d-\d\d$/,
    ],
  ])('a certificate that is required and not good turns away: %s', async (_what, options, reason) => {
    const { streams, heard, at } = await shell({ listener: { clientCertificate: 'required' } });
    const { ended, socket } = await client(at, await options());
    socket.on('end', () => {});
    await until(ended);
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
    expect([heard.opened, heard.closed, streams.size]).toEqual([[], [], 0]);
  });

  test('required and good', async () => {
    const { heard, at } = await shell({ listener: { clientCertificate: 'required' } });
    await client(at, shown(await carrierA.issue({ dns: ['a.example'] })));
    await until(() => heard.opened.length === 1);
    expect(heard.refused).toEqual([]);
  });

  test('not asked for: none is shown', async () => {
    const { heard, at } = await shell({ listener: { clientCertificate: 'none' } });
    await client(at, shown(await carrierA.issue({ dns: ['a.example'] })));
    await until(() => heard.opened.length === 1);
    expect(heard.opened[0]!.peer).toBeUndefined();
  });

  test.each<[string, Partial<ListenerTls>, ConnectionOptions, string]>([
    [
      'a version too low',
      { minVersion: 'TLSv1.3' },
      { maxVersion: 'TLSv1.2' },
      'the TLS version of the peer is too low',
    ],
    [
      'TLS 1.1',
      {},
      { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'the TLS version of the peer is too low',
    ],
    [
      'no cipher in common',
      {},
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
      'no cipher is shared with the peer',
    ],
  ])('a handshake that fails is told with its reason: %s', async (_what, listener, options, reason) => {
    const { heard, at } = await shell({ listener });
    await client(at, options);
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([reason]);
    expect(heard.opened).toEqual([]);
  });

  test.each([
    ['a SIP request', 'INVITE sip:1@192.0.2.1 SIP/2.0\r\n\r\n', 'plain text on a TLS port'],
    ['another', 'OPTIONS sip:1@192.0.2.1 SIP/2.0\r\n\r\n', 'plain text on a TLS port'],
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n', 'plain text on a TLS port'],
    ['pings', '\r\n\r\n\r\n\r\n\r\n\r\n', 'plain text on a TLS port'],
    ['something', '\x16\x03\x01\xff\xff\x01\x02\x03', 'what came is not TLS'],
    ['nothing, and it leaves', '', 'the peer closed the connection during the handshake'],
  ])('plain text on the TLS port: %s', async (_what, text, reason) => {
    const { heard, at } = await shell();
    const socket = connectTcp({ host: at.host, port: at.port });
    socket.on('error', () => {});
    cleaning.push(() => socket.destroy());
    socket.end(text, 'latin1');
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([reason]);
  });

  test('who does not come to the end of a handshake is turned away in time, and counts for as long', async () => {
    const { streams, heard, at } = await shell({ limits: { connect: 60, handshakes: 2 } });
    for (let i = 0; i < 3; i++) {
      const socket = connectTcp({ host: at.host, port: at.port });
      socket.on('error', () => {});
      cleaning.push(() => socket.destroy());
      await once(socket, 'connect');
    }
    await until(() => heard.refused.length === 3);
    expect(heard.refused).toEqual([
      'too many TLS handshakes at once',
      'the TLS handshake timed out',
      'the TLS handshake timed out',
    ]);
    expect(streams.size).toBe(0);
    await client(at);
    await until(() => heard.opened.length === 1);
  });

  test('a listener without a certificate says so, and serves once it has one', async () => {
    const certificate = join(folder.path, 'late.crt');
    const { heard, at } = await shell({ listener: { certificate, key: files.key } });
    await client(at);
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([`no certificate: ${certificate} is not there`]);
    expect(heard.events).toContainEqual({
      kind: 'problem',
      users: ['listener wan/tls'],
      files: [certificate, files.key],
      detail: `${certificate} is not there`,
    });
    writeFileSync(certificate, ours.certificate);
    await until(() => heard.events.some(({ kind }) => kind === 'reloaded'));
    await client(at);
    await until(() => heard.opened.length === 1);
  });

  test('a hundred at once, each with its messages', async () => {
    const { streams, heard, at } = await shell();
    heard.answer = (flow) => streams.send(flow, 'answer');
    const theirs = shown(await carrierA.issue({ dns: ['a.example'] }));
    const peers = await Promise.all(Array.from({ length: 100 }, () => client(at, theirs)));
    for (const { socket } of peers) socket.write(message(), 'latin1');
    await until(() => peers.every(({ got }) => got() === 'answer'));
    expect(streams.size).toBe(100);
    expect(new Set(heard.messages.map(({ flow }) => flow.connection)).size).toBe(100);
    for (const { socket } of peers) socket.end();
    await until(() => streams.size === 0);
    expect(heard.closed).toHaveLength(100);
  });
});

describe('connections of ours', () => {
  const flowTo = (remote: HostPort, connection = 'out-1'): Flow => ({
    transport: 'tls',
    listener: 'wan/tls',
    remote,
    connection,
  });
  const target = (...names: string[]): TlsTarget => ({ trunk: 'a', names });

  test('both prove who they are; what was sent before leaves then, and names go by SNI', async () => {
    const { streams, heard } = await shell();
    let seen: { servername: unknown; peer: string | undefined; alpn: unknown } | undefined;
    let text = '';
    const sent = [message(), message(), message()];
    const at = await server(
      { ...asServer(await carrierA.issue({ dns: ['sip.a.example'] })), requestCert: true, ca: enterprise.pem },
      ({ socket }) => {
        seen = {
          servername: socket.servername,
          peer: socket.getPeerX509Certificate()?.subjectAltName,
          alpn: socket.alpnProtocol,
        };
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1');
          if (text === sent[0]! + sent[1]) socket.write(sent[2]!, 'latin1');
        });
      },
    );
    const flow = flowTo(at);
    streams.connect(flow, target('192.0.2.1', 'sip.a.example'));
    streams.send(flow, sent[0]!);
    streams.send(flow, sent[1]!);
    await until(() => heard.messages.length === 1);
    expect(heard.messages).toEqual([{ flow, octets: sent[2] }]);
    expect(heard.opened).toEqual([{ flow, peer: { names: ['sip.a.example'], trustedBy: ['a'] } }]);
    expect(seen).toEqual({ servername: 'sip.a.example', peer: 'DNS:sbc.us.example', alpn: false });
    expect(streams.inspect()).toMatchObject([{ direction: 'outbound', state: 'open', tls: { trustedBy: ['a'] } }]);
  });

  test('the trunk’s own certificate goes before the listener’s', async () => {
    const own = saved('own-a', await carrierA.issue({ dns: ['customer7.a.example'] }));
    const { streams, heard } = await shell({ trunks: { a: trunkTls(own) } });
    let shows: string | undefined;
    const at = await server(
      { ...asServer(await carrierA.issue({ addresses: ['127.0.0.1'] })), requestCert: true, ca: carrierA.pem },
      ({ socket }) => {
        shows = `${socket.getPeerX509Certificate()?.subjectAltName} ${socket.servername}`;
      },
    );
    streams.connect(flowTo(at), target('127.0.0.1'));
    await until(() => heard.opened.length === 1 && shows !== undefined);
    expect(shows).toBe('DNS:customer7.a.example false');
  });

  test.each<[string, Partial<TrunkTls>, readonly string[], () => Promise<Issued>]>([
    ['the name asked for', {}, ['sip.a.example'], () => carrierA.issue({ dns: ['x.example', 'SIP.A.example'] })],
    [
      'the domain by URI',
      {},
      ['a.example'],
      () => carrierA.issue({ uris: ['sip:a.example'], dns: ['host7.a.example'] }),
    ],
    ['CN', {}, ['sip.a.example'], () => carrierA.issue({ name: 'sip.a.example' })],
    [
      'names of the configuration',
      { names: ['other.example'] },
      ['sip.a.example'],
      () => carrierA.issue({ dns: ['other.example'] }),
    ],
    [
      'a wildcard where allowed',
      { wildcards: true },
      ['sip.a.example'],
      () => carrierA.issue({ dns: ['*.a.example'] }),
    ],
    [
      'by an authority in between',
      {},
      ['sip.a.example'],
      async () => (await carrierA.subordinate('Sub')).issue({ dns: ['sip.a.example'] }),
    ],
    ['with RSA', {}, ['sip.a.example'], () => carrierA.issue({ dns: ['sip.a.example'], key: 'rsa-2048' })],
  ])('taken: %s', async (_what, tls, names, issue) => {
    const { streams, heard } = await shell({ trunks: { a: trunkTls(tls) } });
    const at = await server(asServer(await issue()));
    streams.connect(flowTo(at), target(...names));
    await until(() => heard.opened.length + heard.closed.length === 1);
    expect(heard.closed).toEqual([]);
  });

  test('an authority below a root, or the peer’s own certificate, may be what is trusted', async () => {
    const sub = await carrierB.subordinate('Pinned');
    const self = await selfSigned({ dns: ['self.example'] });
    const trust = { system: false, files: [folder.write('pins.pem', `${sub.pem}\n${self.certificate}`)] };
    const { streams, heard, at: listening } = await shell({ trunks: { a: trunkTls({ trust }) } });
    const below = await sub.issue({ dns: ['below.example'] });
    for (const [index, [issued, name]] of (
      [
        [below, 'below.example'],
        [self, 'self.example'],
      ] as const
    ).entries()) {
      streams.connect(flowTo(await server(asServer(issued)), `out-${index}`), target(name));
      await until(() => heard.opened.length + heard.closed.length === 2 * index + 1);
      await client(listening, shown(issued));
    }
    await until(() => heard.opened.length + heard.closed.length === 4);
    expect(heard.closed).toEqual([]);
    expect(heard.opened.map(({ peer }) => peer)).toEqual(
      ['below.example', 'below.example', 'self.example', 'self.example'].map((name) => ({
        names: [name],
        trustedBy: ['a'],
      })),
    );
  });

  test.each<[string, Partial<TrunkTls>, () => Promise<TlsOptions>, string | RegExp]>([
    [
      'another name',
      {},
      async () => asServer(await carrierA.issue({ dns: ['x.example', 'y.example'], addresses: ['192.0.2.1'] })),
      "the peer's certificate is for x.example, y.example, 192.0.2.1; wanted sip.a.example",
    ],
    [
      'a wildcard where none is allowed',
      {},
      async () => asServer(await carrierA.issue({ dns: ['*.a.example'] })),
      "the peer's certificate is for *.a.example; wanted sip.a.example",
    ],
    [
      'CN beside a subjectAltName',
      {},
      async () => asServer(await carrierA.issue({ name: 'sip.a.example', dns: ['x.example'] })),
      "the peer's certificate is for x.example; wanted sip.a.example",
    ],
    [
      'not the names of the configuration',
      { names: ['p.example', 'q.example'] },
      async () => asServer(await carrierA.issue({ dns: ['sip.a.example'] })),
      "the peer's certificate is for sip.a.example; wanted p.example or q.example",
    ],
    [
      'expired',
      {},
      async () => asServer(await carrierA.issue({ dns: ['sip.a.example'], from: -9, to: -2 })),
      /^the certificate of sip\.a\.example expired on \d{4}-\d\d-\d\d$/,
    ],
    [
      'not yet valid',
      {},
      async () => asServer(await carrierA.issue({ dns: ['sip.a.example'], from: 2 })),
      /^the certificate of sip\.a\.example is not valid before \d{4}-\d\d-\d\d$/,
    ],
    [
      'the authority of another trunk',
      {},
      async () => asServer(await carrierB.issue({ dns: ['sip.a.example'] })),
      'the certificate of sip.a.example was issued by "CN=Carrier B Root", which is not trusted',
    ],
    [
      'an authority in between that has expired',
      {},
      async () =>
        asServer(await (await carrierA.subordinate('Old Sub', { from: -9, to: -2 })).issue({ dns: ['sip.a.example'] })),
      /^the certificate of sip\.a\.example leads to "CN=Old Sub", which expired on \d{4}-\d\d-\d\d$/,
    ],
    [
      'nobody but itself',
      {},
      async () => asServer(await selfSigned({ dns: ['sip.a.example'] })),
      'the certificate of sip.a.example is self-signed and not trusted',
    ],
    [
      'for a client only',
      {},
      async () => asServer(await carrierA.issue({ dns: ['sip.a.example'], usages: [usages.client] })),
      'the certificate of sip.a.example is not accepted (invalid purpose)',
    ],
    [
      'a version too low',
      { minVersion: 'TLSv1.3' },
      async () => ({ ...asServer(await carrierA.issue({ dns: ['sip.a.example'] })), maxVersion: 'TLSv1.2' }),
      'the peer does not take the TLS versions that we offer',
    ],
    [
      'no cipher in common',
      {},
      async () => ({
        ...asServer(await carrierA.issue({ dns: ['sip.a.example'] })),
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
      }),
      /^the peer broke off the handshake/,
    ],
  ])('not taken, and the reason said: %s', async (_what, tls, options, reason) => {
    const { streams, heard } = await shell({ trunks: { a: trunkTls(tls) } });
    let got = '';
    const at = await server(await options(), ({ socket }) => {
      socket.on('data', (chunk: Buffer) => {
        got += chunk.toString('latin1');
      });
    });
    const flow = flowTo(at);
    streams.connect(flow, target('sip.a.example'));
    streams.send(flow, message());
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([
      { connection: 'out-1', reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
    ]);
    expect(heard.opened).toEqual([]);
    await new Promise((turn) => setTimeout(turn, 20));
    expect(got).toBe('');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a peer that wants a certificate where we have none says so (%s)',
    async (maxVersion) => {
      const certificate = join(folder.path, 'never.crt');
      const { streams, heard } = await shell({ trunks: { a: trunkTls() }, listener: {} });
      const at = await server({
        ...asServer(await carrierA.issue({ dns: ['sip.a.example'] })),
        requestCert: true,
        ca: carrierB.pem,
        maxVersion,
      });
      void certificate;
      // A listener that is not there has no certificate to lend.
      const flow = { ...flowTo(at), listener: 'lan/tcp' };
      streams.connect(flow, target('sip.a.example'));
      await until(() => heard.closed.length === 1);
      expect(heard.closed[0]!.reason).toMatch(/wants a client certificate/);
    },
  );

  test.each<[string, (socket: Socket) => void, string]>([
    [
      'plain text',
      (socket) => socket.end('SIP/2.0 400 Bad Request\r\n\r\n'),
      'the peer speaks plain text on this port, or no TLS that is known here',
    ],
    ['it hangs up', (socket) => socket.end(), 'the peer closed the connection during the handshake'],
    ['it is silent', () => {}, 'the TLS handshake timed out'],
  ])('a peer that does not speak TLS: %s', async (_what, behave, reason) => {
    const { streams, heard } = await shell({ limits: { connect: 80 } });
    streams.connect(flowTo(await plain(behave)), target('sip.a.example'));
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'out-1', reason }]);
    expect(streams.size).toBe(0);
  });

  test('without rules, of a trunk without TLS, or without roots, nothing is begun', async () => {
    const missing = join(folder.path, 'missing-roots.pem');
    const { streams, heard } = await shell({ trunks: { a: trunkTls({ trust: { system: false, files: [missing] } }) } });
    const at = await plain(() => {});
    streams.connect(flowTo(at, 'out-1'));
    streams.connect(flowTo(at, 'out-2'), { trunk: 'z', names: ['a.example'] });
    streams.connect(flowTo(at, 'out-3'), target('a.example'));
    await until(() => heard.closed.length === 3);
    expect(heard.closed.map(({ reason }) => reason).sort()).toEqual([
      'no trunk is known whose TLS rules the connection should follow',
      `no trusted roots: ${missing} is not there`,
      'trunk z has no TLS configuration',
    ]);
  });
});

describe('a change of certificates', () => {
  test('new handshakes show the new one, and no connection is dropped while calls go on', async () => {
    const pair = saved('renewed', await enterprise.issue({ dns: ['old.us.example'] }));
    const { streams, store, heard, at } = await shell({
      listener: pair,
      limits: { retireInbound: 100, retireIdle: 150 },
    });
    heard.answer = (flow) => streams.send(flow, 'answer.');
    const nameOf = ({ socket }: Peer) => socket.getPeerX509Certificate()?.subjectAltName;
    const old = await client(at);
    expect(nameOf(old)).toBe('DNS:old.us.example');
    const talking = setInterval(() => old.socket.write(message(), 'latin1'), 20);
    cleaning.push(() => clearInterval(talking));

    const next = await enterprise.issue({ dns: ['new.us.example'] });
    writeFileSync(pair.certificate, next.certificate);
    await until(() => heard.events.some(({ kind }) => kind === 'problem'));
    expect(heard.events.at(-1)).toMatchObject({
      kind: 'problem',
      detail: `${pair.key} is not the key of ${pair.certificate}`,
    });
    expect(store.inspect()[0]).toMatchObject({
      names: ['old.us.example'],
      problem: expect.stringMatching(/is not the key of/),
    });
    const between = await client(at);
    expect(nameOf(between)).toBe('DNS:old.us.example');
    between.socket.destroy();

    writeFileSync(pair.key, next.key);
    await until(() => heard.events.some(({ kind }) => kind === 'reloaded'));
    expect(heard.events.findLast(({ kind }) => kind === 'reloaded')).toMatchObject({
      users: ['listener wan/tls'],
      detail: 'new.us.example',
    });
    const young = await client(at);
    expect(nameOf(young)).toBe('DNS:new.us.example');
    expect(store.inspect()[0]).toMatchObject({ names: ['new.us.example'], problem: undefined });

    // The old one is asked to make way, and stays as long as it is spoken by.
    await until(() => heard.retiring.length === 1);
    const answered = old.got().length;
    await until(() => old.got().length > answered + 70);
    expect([old.ended(), heard.closed.filter(({ connection }) => connection === 'in-run1-1')]).toEqual([false, []]);
    expect(heard.retiring).toEqual(['in-run1-1']);
    clearInterval(talking);
    await until(old.ended);
    expect(heard.closed.at(-1)).toEqual({ connection: 'in-run1-1', reason: 'replaced by another' });
    expect(old.got().length).toBe(heard.messages.length * 7);
    expect(young.ended()).toBe(false);
  });

  test('as ACME clients do it: a symbolic link is swapped, files are renamed into place', async () => {
    const live = (version: number, name: string) => join(folder.path, `live${version}.${name}`);
    const link = (name: string) => join(folder.path, `link.${name}`);
    const write = async (version: number) => {
      const issued = await enterprise.issue({ dns: [`v${version}.us.example`] });
      writeFileSync(live(version, 'crt'), issued.certificate);
      writeFileSync(live(version, 'key'), issued.key);
    };
    const swap = (version: number, name: string) => {
      symlinkSync(live(version, name), `${link(name)}.new`);
      renameSync(`${link(name)}.new`, link(name));
    };
    await write(1);
    for (const name of ['crt', 'key']) swap(1, name);
    const { store, heard } = await shell({ listener: { certificate: link('crt'), key: link('key') } });
    for (const version of [2, 3]) {
      await write(version);
      for (const name of ['crt', 'key']) swap(version, name);
      await until(() => store.inspect()[0]!.names[0] === `v${version}.us.example`);
    }
    const renamed = await enterprise.issue({ dns: ['renamed.us.example'] });
    writeFileSync(live(4, 'crt.tmp'), renamed.certificate);
    writeFileSync(live(4, 'key.tmp'), renamed.key);
    renameSync(live(4, 'crt.tmp'), live(3, 'crt'));
    renameSync(live(4, 'key.tmp'), live(3, 'key'));
    await until(() => store.inspect()[0]!.names[0] === 'renamed.us.example');
    expect(
      heard.events.filter(({ kind }) => kind === 'problem').every(({ detail }) => detail.includes('is not the key of')),
    ).toBe(true);
  });

  test.each<[string, () => Promise<Issued>, RegExp]>([
    ['expired', () => enterprise.issue({ dns: ['bad.example'], from: -9, to: -2 }), /: it expired on/],
    ['not yet valid', () => enterprise.issue({ dns: ['bad.example'], from: 2 }), /: it is not valid before/],
    [
      'cut off',
      async () => ({ ...ours, certificate: ours.certificate.slice(0, 300) }),
      /a certificate in it is cut off/,
    ],
    ['empty', async () => ({ ...ours, certificate: '' }), /there is no PEM certificate in it/],
    [
      'garbage',
      async () => ({ ...ours, certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }),
      /crt: /,
    ],
    ['no key', async () => ({ ...ours, key: 'secret' }), /there is no private key in PEM in it/],
    [
      'a key too short',
      () => enterprise.issue({ dns: ['bad.example'], key: 'rsa-1024' }),
      /the TLS library does not take it/,
    ],
  ])('a new one that is no good leaves the old in force: %s', async (what, issue, reason) => {
    const name = what.replaceAll(' ', '-');
    const pair = saved(`kept-${name}`, ours);
    const { store, heard, at } = await shell({ listener: pair });
    saved(`kept-${name}`, await issue());
    await until(() => heard.events.some(({ kind }) => kind === 'problem'));
    expect(heard.events.find(({ kind }) => kind === 'problem')!.detail).toMatch(reason);
    expect(JSON.stringify(heard.events)).not.toContain('secret');
    const { socket } = await client(at);
    expect(socket.getPeerX509Certificate()?.subjectAltName).toBe('DNS:sbc.us.example');
    await store.look();
    await store.look();
    expect(heard.events.filter(({ kind }) => kind === 'problem')).toHaveLength(1);
    saved(`kept-${name}`, ours);
    await until(() => store.inspect()[0]!.problem === undefined);
  });

  test('a connection of ours retires at once, and the next request gets a new one with the new certificate', async () => {
    const own = saved('own-b', await carrierA.issue({ dns: ['one.us.example'] }));
    const { streams, heard } = await shell({ trunks: { a: trunkTls(own) }, limits: { retireIdle: 80 } });
    const seen: (string | undefined)[] = [];
    const at = await server(
      { ...asServer(await carrierA.issue({ dns: ['sip.a.example'] })), requestCert: true, ca: carrierA.pem },
      ({ socket }) => seen.push(socket.getPeerX509Certificate()?.subjectAltName),
    );
    const flow = (connection: string): Flow => ({ transport: 'tls', listener: 'wan/tls', remote: at, connection });
    streams.connect(flow('out-1'), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => heard.opened.length === 1);
    saved('own-b', await carrierA.issue({ dns: ['two.us.example'] }));
    await until(() => heard.retiring.length === 1);
    expect(streams.inspect()).toMatchObject([{ connection: 'out-1', state: 'retiring' }]);
    streams.connect(flow('out-2'), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => heard.opened.length === 2 && heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'out-1', reason: 'replaced by another' }]);
    expect(seen).toEqual(['DNS:one.us.example', 'DNS:two.us.example']);
  });

  test('new roots count for the next handshake', async () => {
    const roots = folder.write('changing-roots.pem', carrierA.pem);
    const { heard, at } = await shell({ trunks: { a: trunkTls({ trust: { system: false, files: [roots] } }) } });
    const theirs = shown(await carrierB.issue({ dns: ['b.example'] }));
    await client(at, theirs);
    folder.write('changing-roots.pem', `${carrierA.pem}\n${carrierB.pem}`);
    await until(() => heard.events.some(({ kind }) => kind === 'reloaded'));
    await client(at, theirs);
    await until(() => heard.opened.length === 2);
    expect(heard.opened.map(({ peer }) => peer?.trustedBy)).toEqual([[], ['a']]);
  });

  test('a connection of ours is replaced at its age', async () => {
    const { streams, heard } = await shell({ trunks: { a: trunkTls({ renewal: 60 }) }, limits: { retireIdle: 40 } });
    const at = await server(asServer(await carrierA.issue({ dns: ['sip.a.example'] })));
    streams.connect(
      { transport: 'tls', listener: 'wan/tls', remote: at, connection: 'out-1' },
      { trunk: 'a', names: ['sip.a.example'] },
    );
    await until(() => heard.closed.length === 1);
    expect([heard.retiring, heard.closed]).toEqual([
      ['out-1'],
      [{ connection: 'out-1', reason: 'replaced by another' }],
    ]);
  });
});

describe('what is told of certificates', () => {
  test('names, issuer, days, and what to heed', async () => {
    const soon = saved(
      'soon',
      await enterprise.issue({ dns: ['soon.example'], uris: ['sip:example'], to: 20.5, usages: [usages.server] }),
    );
    const gone = saved('gone', await selfSigned({ to: -0.5, key: 'rsa-2048' }));
    const roots = folder.write('old-root.pem', (await Authority.root('Old Root', { to: 3.5 })).pem);
    const { store, heard } = await shell({
      listener: soon,
      trunks: {
        a: trunkTls({ trust: { system: false, files: [roots, rootA] } }),
        b: trunkTls({ ...gone, trust: { system: true, files: [] } }),
      },
    });
    const [listener, trunk, trustA, trustB] = store.inspect();
    expect(listener).toMatchObject({
      kind: 'certificate',
      users: ['listener wan/tls'],
      names: ['example'],
      issuer: 'CN=Enterprise Root',
      daysLeft: 20,
      problem: undefined,
      warnings: [
        expect.stringMatching(/^the certificate expires within 30 days, on /),
        'the certificate is not for TLS clients (clientAuth): peers that check it refuse our connections',
      ],
    });
    expect(trunk).toMatchObject({
      users: ['trunk b'],
      daysLeft: -1,
      warnings: [expect.stringMatching(/^the certificate expired on /), 'the certificate is self-signed'],
    });
    expect(trustA).toMatchObject({
      kind: 'trust',
      names: ['CN=Old Root', 'CN=Carrier A Root'],
      daysLeft: 3,
      warnings: [expect.stringMatching(/^the root "CN=Old Root" expires within 7 days, on /)],
    });
    expect(trustB).toMatchObject({ kind: 'trust', users: ['trunk b'], names: [], warnings: [] });
    expect(heard.events.map(({ kind }) => kind)).toEqual(Array(5).fill('warning'));
    await store.look();
    expect(heard.events).toHaveLength(5);
  });
});

describe('the pool', () => {
  const flowTo = (remote: HostPort): Flow => ({ transport: 'tls', listener: 'wan/tls', remote, connection: 'out-1' });
  const limits = { keepAlive: 30, pong: 60 };

  test('a peer that has answered pings and does not any more is half-open, and closed', async () => {
    const { streams, heard } = await shell({ limits });
    const got: string[] = [];
    const at = await server(asServer(await carrierA.issue({ dns: ['sip.a.example'] })), ({ socket }) => {
      socket.on('data', (chunk: Buffer) => {
        got.push(chunk.toString('latin1'));
        if (got.length < 4) socket.write('\r\n');
      });
    });
    streams.connect(flowTo(at), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => streams.inspect()[0]?.answersPings === true);
    await until(() => heard.closed.length === 1);
    expect(got).toEqual(Array(4).fill('\r\n\r\n'));
    expect(heard.closed).toEqual([{ connection: 'out-1', reason: 'the peer does not answer pings any more' }]);
  });

  test('a peer that does not know pings is asked once and kept', async () => {
    const { streams, heard } = await shell({ limits });
    let got = '';
    const at = await server(asServer(await carrierA.issue({ dns: ['sip.a.example'] })), ({ socket }) => {
      socket.on('data', (chunk: Buffer) => {
        got += chunk.toString('latin1');
      });
    });
    streams.connect(flowTo(at), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => heard.opened.length === 1);
    await new Promise((turn) => setTimeout(turn, 250));
    expect([got, heard.closed, streams.size]).toEqual(['\r\n\r\n', [], 1]);
  });

  test('a peer that takes nothing for too long is cut off, long before memory runs full', async () => {
    const { streams, heard, at } = await shell({ limits: { write: 150 } });
    const { socket } = await client(at);
    socket.pause();
    await until(() => heard.opened.length === 1);
    const { flow } = heard.opened[0]!;
    // More than the systems on both sides take in.
    for (let i = 0; i < 15; i++) streams.send(flow, 'x'.repeat(200_000));
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'in-run1-1', reason: 'the peer took nothing of what was sent' }]);
  });

  test('a peer that reads slowly, but reads, is not', async () => {
    const { streams, heard, at } = await shell({ limits: { write: 300 } });
    const { socket, got } = await client(at);
    socket.pause();
    await until(() => heard.opened.length === 1);
    for (let i = 0; i < 15; i++) streams.send(heard.opened[0]!.flow, 'x'.repeat(200_000));
    for (let i = 0; i < 12; i++) {
      await new Promise((turn) => setTimeout(turn, 60));
      socket.resume();
      await new Promise((turn) => setImmediate(turn));
      socket.pause();
    }
    socket.resume();
    await until(() => got().length === 3_000_000);
    expect(heard.closed).toEqual([]);
  });

  test('there is a limit for connections of ours', async () => {
    const { streams, heard } = await shell({ limits: { outgoing: 1 } });
    const at = await plain(() => {});
    streams.connect(flowTo(at), { trunk: 'a', names: ['a.example'] });
    streams.connect({ ...flowTo(at), connection: 'out-2' }, { trunk: 'a', names: ['a.example'] });
    expect(heard.closed).toEqual([{ connection: 'out-2', reason: 'too many connections of ours' }]);
  });
});
