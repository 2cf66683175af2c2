import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../perf/sipp.ts';

/** A message as it came. */
export interface Seen {
  readonly text: string;
  readonly startLine: string;
  /** Of a request; of a response the one in its CSeq. */
  readonly method: string;
  /** 0 of a request. */
  readonly status: number;
  /** The user part of the Request-URI. */
  readonly user: string;
  /** Of `performance.now()`. */
  readonly at: number;
  readonly from: Endpoint;
  /** The values of a header, in order. */
  all(name: string): readonly string[];
}

export interface Reply {
  readonly status: string;
  readonly headers?: readonly string[];
  /** With a session description. */
  readonly offers?: boolean;
  /** Ms after the request. */
  readonly after?: number;
}

type Send = (text: string) => void;

const answersCall: readonly Reply[] = [{ status: '180 Ringing' }, { status: '200 OK', offers: true }];

/** What a live peer says. */
export function usual({ method }: Seen): readonly Reply[] {
  switch (method) {
    case 'INVITE':
      return answersCall;
    case 'ACK':
      return [];
    default:
      return [{ status: '200 OK' }];
  }
}

/** A call that this peer made. Times are ms since the INVITE. */
export interface Outgoing {
  readonly callId: string;
  /** Of the 180 or 183; undefined where a final response came first. */
  readonly ringing: Promise<number | undefined>;
  readonly final: Promise<{ readonly status: number; readonly ms: number; readonly message: Seen }>;
  /** BYE; its answer's status. */
  hangUp(): Promise<number>;
}

let calls = 0;

/** A small user agent over UDP or TCP for what SIPp cannot do: answer as it is told at the moment, and tell when what came. */
export class SipPeer {
  readonly name: string;
  readonly place: Endpoint;
  /** What it says to a request; may be changed at any time. Nothing: it swallows. */
  answers: (request: Seen) => readonly Reply[] = usual;
  readonly seen: Seen[] = [];
  readonly #udp: UdpSocket | undefined;
  readonly #tcp: Server | undefined;
  readonly #streams = new Set<Socket>();
  readonly #waiting = new Set<() => void>();
  readonly #responses = new Map<string, (response: Seen) => void>();

  static async start(name: string, place: Endpoint, transport: 'udp' | 'tcp' = 'udp'): Promise<SipPeer> {
    if (transport === 'tcp') {
      const server = createServer();
      server.listen(place.port, place.host);
      await once(server, 'listening');
      return new SipPeer(name, place, undefined, server);
    }
    const socket = createSocket('udp4');
    socket.bind(place.port, place.host);
    await once(socket, 'listening');
    return new SipPeer(name, place, socket, undefined);
  }

  private constructor(name: string, place: Endpoint, udp: UdpSocket | undefined, tcp: Server | undefined) {
    this.name = name;
    this.place = place;
    this.#udp = udp;
    this.#tcp = tcp;
    udp?.on('error', () => undefined); // refused: what does not come is seen by who waits for it
    udp?.on('message', (data, { address, port }) => {
      this.#receive(data.toString('latin1'), { host: address, port }, (text) => udp.send(text, port, address));
    });
    tcp?.on('connection', (socket) => this.#accept(socket));
  }

  said(): string {
    return this.seen
      .slice(-30)
      .map(({ startLine, from, at }) => `${(at / 1000).toFixed(3)} ${startLine} from ${from.host}:${from.port}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    for (const socket of this.#streams) socket.destroy();
    const server = this.#udp ?? this.#tcp!;
    const closed = once(server, 'close');
    server.close();
    await closed;
  }

  requests(method: string, fits: (request: Seen) => boolean = () => true): readonly Seen[] {
    return this.seen.filter((one) => one.status === 0 && one.method === method && fits(one));
  }

  /** Waits for a request that fits, one that came before included. */
  async request(method: string, fits: (request: Seen) => boolean = () => true, milliseconds = 5_000): Promise<Seen> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const [found] = this.requests(method, fits);
      if (found) return found;
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`${this.name}: no such ${method} within ${milliseconds} ms. It saw:\n${this.said()}`);
      const stop = new AbortController();
      const came = new Promise<void>((resolve) => this.#waiting.add(resolve));
      await Promise.race([came, sleep(left, undefined, { signal: stop.signal }).catch(() => undefined)]);
      stop.abort();
    }
  }

  /** Calls a number at `to`, over UDP. */
  call(number: string, to: Endpoint): Outgoing {
    const { host, port } = this.place;
    const id = `${process.pid}-${this.name}-${++calls}`;
    const began = performance.now();
    const send = (text: string) => this.#udp!.send(text, to.port, to.host);
    const request = (method: string, cseq: number, uri: string, toTag: string, body = ''): string =>
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${id}${method === 'ACK' ? 'ACK' : ''}${cseq};rport`,
        `From: <sip:4930100@${host}>;tag=${id}`,
        `To: <sip:${number}@${to.host}>${toTag}`,
        `Call-ID: ${id}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: <sip:4930100@${host}:${port}>`,
        ...routes.map((route) => `Route: ${route}`),
        'Max-Forwards: 70',
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const uri = `sip:${number}@${to.host}:${to.port}`;
    let routes: readonly string[] = [];
    const ringing = Promise.withResolvers<number | undefined>();
    const final = Promise.withResolvers<Awaited<Outgoing['final']>>();
    let ended: (status: number) => void = () => undefined;
    let target = uri;
    let toTag = '';
    this.#responses.set(id, (response) => {
      const ms = response.at - began;
      if (response.method === 'BYE') return response.status >= 200 ? ended(response.status) : undefined;
      if (response.status > 100 && response.status < 200) ringing.resolve(ms);
      if (response.status < 200) return;
      toTag = `;tag=${/;tag=([^;\s]+)/.exec(response.all('to')[0] ?? '')?.[1] ?? ''}`;
      const answered = response.status < 300;
      target = answered ? (/<([^>]+)>/.exec(response.all('contact')[0] ?? '')?.[1] ?? uri) : uri;
      // RFC 3261 12.1.2: the route set, in reverse order; whoever has one goes by it.
      if (answered)
        routes = response
          .all('record-route')
          .flatMap((value) => value.split(','))
          .reverse();
      const ack = request('ACK', 1, target, toTag);
      // 17.1.1.3: the ACK of a failure has its INVITE's branch.
      send(answered ? ack : ack.replace(`${id}ACK1`, `${id}1`));
      ringing.resolve(undefined);
      final.resolve({ status: response.status, ms, message: response });
    });
    send(request('INVITE', 1, uri, '', sessionDescription(host)));
    return {
      callId: id,
      ringing: ringing.promise,
      final: final.promise,
      hangUp: () =>
        new Promise((resolve) => {
          ended = resolve;
          send(request('BYE', 2, target, toTag));
        }),
    };
  }

  #accept(socket: Socket): void {
    this.#streams.add(socket);
    socket.on('close', () => this.#streams.delete(socket));
    socket.on('error', () => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        text = text.replace(/^(\r\n)+/, '');
        const head = text.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/^(?:Content-Length|l)\s*:\s*(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
        if (text.length < head + 4 + length) return;
        const message = text.slice(0, head + 4 + length);
        text = text.slice(head + 4 + length);
        const from = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
        this.#receive(message, from, (reply) => socket.write(reply, 'latin1'));
      }
    });
  }

  #receive(text: string, from: Endpoint, send: Send): void {
    if (text.trim() === '') return;
    const message = read(text, from);
    this.seen.push(message);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    if (message.status > 0) return this.#responses.get(message.all('call-id')[0] ?? '')?.(message);
    for (const reply of this.answers(message)) {
      const answer = () => send(this.#reply(message, reply));
      if (reply.after === undefined) answer();
      else setTimeout(answer, reply.after).unref();
    }
  }

  #reply(request: Seen, { status, headers = [], offers }: Reply): string {
    const { host, port } = this.place;
    const [to = ''] = request.all('to');
    const body = offers ? sessionDescription(host) : '';
    const transport = this.#tcp ? ';transport=tcp' : '';
    return [
      `SIP/2.0 ${status}`,
      ...request.all('via').map((via) => `Via: ${via}`),
      ...request.all('record-route').map((route) => `Record-Route: ${route}`),
      `From: ${request.all('from')[0]}`,
      `To: ${to}${to.includes(';tag=') || status.startsWith('100') ? '' : `;tag=${this.name}`}`,
      `Call-ID: ${request.all('call-id')[0]}`,
      `CSeq: ${request.all('cseq')[0]}`,
      `Contact: <sip:${host}:${port}${transport}>`,
      ...headers,
      ...(offers ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }
}

function read(text: string, from: Endpoint): Seen {
  const [startLine = '', ...lines] = text
    .split('\r\n\r\n', 1)[0]!
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1] ?? 0);
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line] as const);
  const all = (name: string) =>
    headers.filter(([one]) => one === name).map(([, line]) => line.slice(line.indexOf(':') + 1).trim());
  const method = status > 0 ? (all('cseq')[0]?.split(' ')[1] ?? '') : startLine.split(' ')[0]!;
  const user = /^\S+ sips?:([^@;\s]+)@/.exec(startLine)?.[1] ?? '';
  return { text, startLine, method, status, user, at: performance.now(), from, all };
}

function sessionDescription(host: string): string {
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    'm=audio 30000 RTP/AVP 8 0',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
}
