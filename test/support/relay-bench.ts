import type {
  AllocatedStream,
  MediaInterface,
  MediaNotification,
  MediaRemote,
  MediaResponse,
  SessionPlan,
  StreamPlan,
  StreamSideCounters,
  StreamSidePlan,
} from '#codec/media-control';
import { seeded } from '#kernel';
import type { CaptureFiles } from '#media/capture';
import { Endpoint, maxDatagram, type OpenFailure, outgoingRoom, type PacketIo } from '#media/packet-io';
import { PortLedger } from '#media/ports';
import { Relay } from '#media/relay';
import { chooseSrtpCiphers } from '#media-process';

/** A packet that the relay sent: "10.0.0.1:20000 > 192.0.2.1:4000" and its octets. */
export interface Sent {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Sockets without a network: what is sent is kept, what is received is put in by `Bench.receive`. */
class FakeIo implements PacketIo {
  readonly sockets = new Map<number, string>();
  readonly outgoing = new Uint8Array(maxDatagram + outgoingRoom);
  readonly sent: Sent[] = [];
  /** Code points by socket. */
  readonly dscp = new Map<number, number>();
  /** Addresses that cannot be bound, by "host:port" or "host". */
  readonly refuses = new Map<string, OpenFailure>();
  #next = 3;

  open(host: string, port: number): number | OpenFailure {
    const name = `${host}:${port}`;
    const refused = this.refuses.get(name) ?? this.refuses.get(host);
    if (refused) return refused;
    if ([...this.sockets.values()].includes(name)) return { failure: 'taken', detail: 'EADDRINUSE' };
    this.sockets.set(this.#next, name);
    return this.#next++;
  }

  close(socket: number): void {
    if (!this.sockets.delete(socket)) throw new Error(`socket ${socket} is not open`);
  }

  setDscp(socket: number, dscp: number): void {
    if (!this.sockets.has(socket)) throw new Error(`socket ${socket} is not open`);
    this.dscp.set(socket, dscp);
  }

  send(socket: number, data: Uint8Array, length: number, to: Endpoint): void {
    const from = this.sockets.get(socket);
    if (from === undefined) throw new Error(`socket ${socket} is not open`);
    this.sent.push({ path: `${from} > ${to.host}:${to.port}`, data: data.slice(0, length) });
  }
}

/** Files of captures without a disk. */
class FakeCaptures implements CaptureFiles {
  readonly files = new Map<string, { octets: Uint8Array; ended: boolean; fail: (detail: string) => void }>();
  /** The disk takes nothing. */
  full = false;
  time = 1_700_000_000_000;

  open(name: string, fail: (detail: string) => void) {
    const file = { octets: new Uint8Array(), ended: false, fail };
    this.files.set(name, file);
    return {
      write: (octets: Uint8Array) => {
        if (this.full) return false;
        const whole = new Uint8Array(file.octets.length + octets.length);
        whole.set(file.octets);
        whole.set(octets, file.octets.length);
        file.octets = whole;
        return true;
      },
      end: () => {
        file.ended = true;
      },
    };
  }

  wall(): number {
    return this.time++;
  }
}

/** Node's own: they give the same everywhere. */
export const ciphers = chooseSrtpCiphers('node');

const addresses = { internal: '10.0.0.1', external: '203.0.113.1' };

/** A relay on the test bench: time is what the test says it is. */
export class Bench {
  readonly io = new FakeIo();
  readonly captures = new FakeCaptures();
  readonly notices: MediaNotification[] = [];
  readonly ledgers: Record<MediaInterface, PortLedger>;
  readonly relay: Relay;
  now = 1000;
  #id = 0;

  constructor({
    pairs = 8,
    bind = addresses,
    advertise,
  }: { pairs?: number; bind?: Record<MediaInterface, string>; advertise?: string } = {}) {
    const ledger = () => new PortLedger({ min: 20000, max: 20000 + 2 * pairs - 1 }, seeded(1), 2000);
    this.ledgers = { internal: ledger(), external: ledger() };
    if (bind.internal === bind.external) this.ledgers.external = this.ledgers.internal;
    const setup = (name: MediaInterface) => ({
      bind: bind[name],
      advertise: advertise ?? bind[name],
      ledger: this.ledgers[name],
    });
    const interfaces = { internal: setup('internal'), external: setup('external') };
    this.relay = new Relay(
      this.io,
      interfaces,
      ciphers,
      this.captures,
      seeded(2),
      (notice) => void this.notices.push(notice),
    );
  }

  ask(request: object): MediaResponse {
    const response = this.relay.handle({ id: ++this.#id, ...request }, this.now);
    if (response?.id !== this.#id) throw new Error('no answer, or to another request');
    return response;
  }

  /** Applies; the answer must be `applied`. */
  apply(plan: SessionPlan) {
    const response = this.ask({ kind: 'apply', plan });
    if (response.kind !== 'applied') throw new Error(JSON.stringify(response));
    return response.streams;
  }

  /** Applies a plan of one stream. */
  applyOne(plan: SessionPlan): AllocatedStream {
    return this.apply(plan)[0]!;
  }

  counters(session: string, side: 'a' | 'b', stream = 0): StreamSideCounters {
    const response = this.ask({ kind: 'counters', sessions: [session] });
    if (response.kind !== 'counters') throw new Error(response.kind);
    return response.sessions[session]!.find((one) => one.stream === stream)![side];
  }

  /** A datagram from "host:port" to our "host:port"; what the relay sent because of it. */
  receive(from: string, to: string, data: Uint8Array): Sent[] {
    const socket = [...this.io.sockets].find(([, name]) => name === to)?.[0];
    if (socket === undefined) throw new Error(`${to} is not open`);
    const source = endpoint(from);
    const buffer = new Uint8Array(Math.max(2048, data.length)).fill(0xee);
    buffer.set(data);
    const before = this.io.sent.length;
    this.relay.onPacket(socket, buffer, data.length, source.a, source.b, source.c, source.d, source.port, this.now);
    return this.io.sent.slice(before);
  }

  /** Lets a minute pass: nothing is under way but the looks at how the one stream goes, every 5 s at most. */
  isAtRest(): boolean {
    const at: number[] = [];
    for (let next = this.relay.nextDeadline(); next !== undefined && at.length < 12; next = this.relay.nextDeadline()) {
      at.push(next);
      this.pass(next - this.now);
    }
    return at.every((time, i) => i === 0 || time - at[i - 1]! >= 5000);
  }

  /** Lets time pass, deadline by deadline. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const deadline = this.relay.nextDeadline();
      if (deadline === undefined || deadline > end) break;
      this.now = Math.max(this.now, deadline);
      this.relay.onDeadline(this.now);
      const next = this.relay.nextDeadline();
      if (next !== undefined && next <= this.now) throw new Error('time does not progress');
    }
    this.now = end;
  }
}

function endpoint(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  return Endpoint.of(text.slice(0, colon).replace(/[[\]]/g, ''), Number(text.slice(colon + 1)))!;
}

export function remote(text: string, rtcp?: string): MediaRemote {
  const { host, port } = endpoint(text);
  const { host: rtcpHost, port: rtcpPort } = rtcp === undefined ? { host, port: port + 1 } : endpoint(rtcp);
  return { rtp: { host, port }, rtcp: { host: rtcpHost, port: rtcpPort } };
}

/** The peer a is inside at 10.0.0.20:4000, b outside at 198.51.100.30:6000, unless said otherwise. */
export function side(name: MediaInterface, at: string | undefined, more: Partial<StreamSidePlan> = {}): StreamSidePlan {
  return { interface: name, sends: true, revision: 1, ...(at === undefined ? {} : { remote: remote(at) }), ...more };
}

export const peerA = '10.0.0.20:4000';
export const peerB = '198.51.100.30:6000';

export function stream(more: Partial<StreamPlan> = {}): StreamPlan {
  return { stream: 0, media: 'audio', a: side('internal', peerA), b: side('external', peerB), ...more };
}

export function plan(streams: readonly StreamPlan[] = [stream()], more: Partial<SessionPlan> = {}): SessionPlan {
  return { session: 's', streams, silenceMs: 0, ...more };
}

export function rtp(sequence: number, { ssrc = 1, type = 0, payload = 'x' } = {}): Uint8Array {
  const packet = new Uint8Array(12 + payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, type);
  view.setUint16(2, sequence);
  view.setUint32(4, sequence * 160);
  view.setUint32(8, ssrc);
  for (let i = 0; i < payload.length; i++) packet[12 + i] = payload.charCodeAt(i);
  return packet;
}

/** An empty receiver report. */
export function rtcp(ssrc = 1): Uint8Array {
  return Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, ssrc);
}
