import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Configuration, Flow, Listener, PeerCertificate, Trunk } from '#engine/ports';
import type { HostPort } from '#kernel';
import { type StreamLimits, StreamShell } from '#shell/sip-stream';
import { type CertificateEvent, CertificateStore, TlsSecurity } from '#shell/tls';
import { Authority, certificateFolder, type Issued } from './certificates.ts';

/* The TLS shell on loopback sockets: each peer is Node's own TLS, or plain TCP. Its hooks belong to the test file that imports it. */

export type ListenerTls = NonNullable<Listener['tls']>;
export type TrunkTls = NonNullable<Trunk['tls']>;

export interface Heard {
  readonly messages: { readonly flow: Flow; readonly octets: string }[];
  readonly opened: { readonly flow: Flow; readonly peer: PeerCertificate | undefined }[];
  readonly retiring: string[];
  readonly closed: { readonly connection: string; readonly reason: string }[];
  readonly refused: string[];
  readonly events: CertificateEvent[];
  answer?: (flow: Flow) => void;
}

export const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

export const folder = certificateFolder();
afterAll(() => folder.remove());

/** Two carriers that know nothing of each other, and our own enterprise. */
export let carrierA: Authority;
export let carrierB: Authority;
export let enterprise: Authority;
export let ours: Issued;
export let files: { certificate: string; key: string };
export let rootA: string;
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

export function saved(name: string, { certificate, key }: Issued): { certificate: string; key: string } {
  return { certificate: folder.write(`${name}.crt`, certificate), key: folder.write(`${name}.key`, key) };
}

export const trunkTls = (more: Partial<TrunkTls> = {}): TrunkTls => ({
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

export async function shell({ listener, trunks, limits, interval = 15 }: Options = {}) {
  const heard: Heard = { messages: [], opened: [], retiring: [], closed: [], refused: [], events: [] };
  const tls: ListenerTls = { ...files, clientCertificate: 'requested', minVersion: 'TLSv1.2', ...listener };
  const configurationOf = (of: Readonly<Record<string, TrunkTls>>) =>
    ({
      listeners: [{ id: 'wan/tls', tls }],
      trunks: Object.entries(of).map(([name, one]) => ({ name, tls: one })),
    }) as unknown as Configuration;
  const configuration = configurationOf(
    trunks ?? { a: trunkTls(), b: trunkTls({ trust: { system: false, files: [rootB] } }) },
  );
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
  return { streams, store, heard, at, configurationOf };
}

export interface Peer {
  readonly socket: TLSSocket;
  got(): string;
  failed(): string | undefined;
  ended(): boolean;
}

/** Connects to the shell by TLS, whoever it says it is. */
export async function client(at: HostPort, options: ConnectionOptions = {}): Promise<Peer> {
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
export async function server(options: TlsOptions, onConnection: (peer: Peer) => void = () => {}) {
  const it = createTlsServer(options, (socket) => onConnection(follow(socket)));
  it.on('tlsClientError', () => {});
  it.listen(0, '127.0.0.1');
  await once(it, 'listening');
  cleaning.push(() => it.close());
  return { host: '127.0.0.1', port: (it.address() as { port: number }).port };
}

export const plain = async (onConnection: (socket: Socket) => void): Promise<HostPort> => {
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

export const until = (holds: () => boolean): Promise<void> =>
  expect.poll(holds, { timeout: 5_000, interval: 5 }).toBe(true);
export const shown = ({ certificate, key }: Issued) => ({ cert: certificate, key });

let number = 0;
export function message(body = 'v=0\r\n\xe4\xff\x00'): string {
  const id = ++number;
  return (
    `OPTIONS sip:${id}@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK${id}\r\nFrom: <sip:a@b>;tag=1\r\n` +
    `To: <sip:c@d>\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}
