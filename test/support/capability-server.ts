import { once } from 'node:events';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Authority } from './certificates.ts';

/**
 * A provider's side of RFC 10006: WebFinger, an authorization server (RFC 8414, RFC 6749 4.4) and capability sets in JSON and XML, over
 * HTTPS on the loopback address. Every answer can be replaced, to see what a client makes of it.
 */
export interface CapabilityServer {
  /** https://localhost:PORT */
  readonly origin: string;
  /** PEM of the root that its certificate comes from. */
  readonly ca: string;
  /** What was asked, in order: `GET /capdoc?trunkid=17`. */
  readonly asked: string[];
  /** The Authorization header fields of the same. */
  readonly authorizations: (string | undefined)[];
  /** What is answered to a path in place of the usual; without a status, it never answers at all. */
  readonly faults: Map<string, Fault>;
  /** What the server has to say. */
  readonly holds: Holdings;
  close(): Promise<void>;
}

export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Holdings {
  client: { id: string; secret: string };
  token: string;
  /** By trunk id, the first for whoever names none: what stands below `sip-auto-peering`. */
  documents: Map<string, Readonly<Record<string, unknown>>>;
  /** Only XML is at hand. */
  xmlOnly: boolean;
  /** What the metadata says besides issuer and token end point. */
  metadata: Readonly<Record<string, unknown>>;
  certificates: string;
}

export interface ServerOptions {
  /** The name in its certificate; localhost unless given. */
  readonly name?: string;
  /** Days until its certificate expires; negative: it has. */
  readonly expires?: number;
  /** No TLS. */
  readonly plain?: boolean;
}

let servers = 0;

export async function capabilityServer(options: ServerOptions = {}): Promise<CapabilityServer> {
  const root = await Authority.root(`Capability Test Root ${++servers}`);
  const { certificate, key } = await root.issue({
    dns: [options.name ?? 'localhost'],
    ...(options.expires !== undefined && { from: -30, to: options.expires }),
  });
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const faults = new Map<string, Fault>();
  const holds: Holdings = {
    client: { id: 'acme', secret: 'a secret: with, odd+characters' },
    token: 'token-17',
    documents: new Map([['17', exampleDocument()]]),
    xmlOnly: false,
    metadata: { grant_types_supported: ['client_credentials'] },
    certificates: root.pem,
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url!, origin);
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    authorizations.push(request.headers.authorization);
    const fault = faults.get(url.pathname);
    if (fault) {
      if (fault.status !== undefined) response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const body = await textOf(request);
    const [status, type, text, headers] = usual({ request, url, body }, origin, holds);
    response.writeHead(status, { 'content-type': type, ...headers }).end(text);
  };
  const take = (request: IncomingMessage, response: ServerResponse) => void answer(request, response);
  const server = options.plain ? createPlainServer(take) : createServer({ cert: certificate, key }, take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `${options.plain ? 'http' : 'https'}://localhost:${port}`;
  return {
    origin,
    ca: root.pem,
    asked,
    authorizations,
    faults,
    holds,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Usual = [status: number, type: string, text: string, headers?: Readonly<Record<string, string>>];

function usual(
  { request, url, body }: { request: IncomingMessage; url: URL; body: string },
  origin: string,
  holds: Holdings,
): Usual {
  const json = (status: number, value: unknown): Usual => [status, 'application/json', JSON.stringify(value)];
  switch (url.pathname) {
    case '/.well-known/webfinger': {
      if (url.searchParams.get('resource') !== origin) return json(404, {});
      const links = [{ rel: 'sip-trunking-capability', href: `${origin}/capdoc` }];
      const wanted = url.searchParams.getAll('rel');
      const shown = links.filter(({ rel }) => wanted.length === 0 || wanted.includes(rel));
      return [200, 'application/jrd+json', JSON.stringify({ subject: origin, links: shown })];
    }
    case '/.well-known/oauth-authorization-server':
      return json(200, { issuer: origin, token_endpoint: `${origin}/token`, ...holds.metadata });
    case '/token': {
      const form = new URLSearchParams(body);
      const known = [`${holds.client.id}:${holds.client.secret}`];
      const given = basicOf(request.headers.authorization) ?? `${form.get('client_id')}:${form.get('client_secret')}`;
      if (!known.includes(given)) return json(401, { error: 'invalid_client', error_description: 'Who are you?' });
      if (form.get('grant_type') !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' });
      return json(200, { access_token: holds.token, token_type: 'Bearer', expires_in: 3600 });
    }
    case '/capdoc': {
      const bearer = request.headers.authorization;
      if (bearer === undefined) return [401, 'text/plain', 'A token, please', { 'www-authenticate': 'Bearer' }];
      if (bearer !== `Bearer ${holds.token}`) return json(403, { error: 'not for you' });
      const id = url.searchParams.get('trunkid') ?? holds.documents.keys().next().value!;
      const document = holds.documents.get(id);
      if (!document) return json(400, { error: 'no such trunk' });
      const wantsJson = (request.headers.accept ?? '*/*').includes('json');
      if (holds.xmlOnly || !wantsJson) return [200, 'application/xml', documentXml(document)];
      return json(200, { 'ietf-sip-auto-peering:sip-auto-peering': document });
    }
    case '/certificates.pem':
      return [200, 'application/x-pem-file', holds.certificates];
    default:
      return [404, 'text/plain', 'There is nothing here'];
  }
}

/** RFC 6749 2.3.1: form-encoded, then joined, then base64. */
function basicOf(header: string | undefined): string | undefined {
  if (!header?.startsWith('Basic ')) return undefined;
  const [id = '', secret = ''] = Buffer.from(header.slice(6), 'base64').toString().split(':');
  const plain = (text: string) => new URLSearchParams(`a=${text}`).get('a')!;
  return `${plain(id)}:${plain(secret)}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

/** The example of RFC 10006 9.1 in short, with identities as RFC 7951 has them. */
export function exampleDocument(): Record<string, unknown> {
  return {
    variant: 'ietf-sip-auto-peering:v1-0',
    revision: { 'not-before': '2026-06-15T10:30:00Z', location: 'https://capserver.example.org/capserver/capdoc.json' },
    'transport-info': {
      transport: ['ietf-sip-auto-peering:tcp', 'ietf-sip-auto-peering:udp'],
      registrar: [
        { host: 'registrar1.voip.example.com', port: 5060 },
        { host: 'registrar2.voip.example.com', port: 5060 },
      ],
      realm: [{ name: 'voip.example.com', username: 'voip', password: '$6$OoEJwExxp6U$4RkL2lSSGLoKdfGjX4' }],
      'call-control': [
        { host: 'callServer1.voip.example.com', port: 5060 },
        { host: '192.0.2.40', port: 5065 },
      ],
      'dns-server': ['192.0.2.50', '192.0.2.51'],
      'outbound-proxy': [{ host: '192.0.2.35', port: 5060 }],
    },
    'call-spec': {
      'early-media': true,
      'signaling-forking': false,
      'supported-method': ['invite', 'options', 'bye', 'cancel', 'ack', 'prack', 'subscribe', 'notify', 'register'],
      'caller-id': { 'e164-format': true, 'preferred-method': 'from' },
      'number-range': [
        { index: 0, type: 'range', count: 20, value: ['19725455000'] },
        { index: 1, type: 'collection', count: 2, value: ['19725455000', '19725455001'] },
      ],
    },
    media: {
      'media-type-audio': [
        { 'media-format': 'ietf-sip-auto-peering:pcmu', rate: 8000, ptime: 20 },
        { 'media-format': 'ietf-sip-auto-peering:g729', rate: 8000, ptime: 20, parameter: 'annexb' },
      ],
      fax: { protocol: ['t38', 'pass-through'] },
      rtp: { 'rtp-trigger': true, 'symmetric-rtp': true },
      rtcp: { 'symmetric-rtcp': true, 'rtcp-feedback': true },
    },
    dtmf: { 'payload-number': 101, iteration: false },
    security: {
      signaling: { secure: true, version: ['ietf-tls-common:tls12', 'ietf-tls-common:tls13'] },
      'media-security': { 'key-management': ['sdes', 'dtls-srtp'] },
      'secure-telephony-identity': {
        'stir-compliance': true,
        'certificate-delegation': true,
        'acme-directory': 'https://sipserviceprovider.example/acme.html',
      },
    },
    extension: ['one-hundred-rel', 'timer', 'replaces', 'path'],
  };
}

/** The same as XML (RFC 7950): lists are elements of one name, identities have a prefix. */
function documentXml(document: Readonly<Record<string, unknown>>): string {
  const write = (name: string, value: unknown): string => {
    if (Array.isArray(value)) return value.map((one) => write(name, one)).join('');
    const inner =
      typeof value === 'object' && value !== null
        ? Object.entries(value)
            .map(([key, one]) => write(key, one))
            .join('')
        : String(value).replaceAll('ietf-sip-auto-peering:', 'sipap:').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<${name}>${inner}</${name}>`;
  };
  const body = Object.entries(document)
    .map(([key, value]) => write(key, value))
    .join('');
  const name = 'urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sip-auto-peering xmlns="${name}" xmlns:sipap="${name}">${body}</sip-auto-peering>\n`;
}
