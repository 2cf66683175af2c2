import { once } from 'node:events';
import type { SrtpPlan } from '#codec/media-control';
import { readSdesKey, SrtpReceiver, SrtpSender } from '#codec/srtp';
import { Endpoint, type PacketHandler } from '#media/packet-io';
import { choosePacketLoop, chooseSrtpCiphers } from '#media-process';

/**
 * The traffic of a media benchmark, a process of its own: both parties of every session send RTP at their pace,
 * spread evenly over time as independent phones do, and take what the relay brings. Started by bench-media.ts.
 */
export interface TrafficOrder {
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly host: string;
  /** Octets of RTP payload; 160 and 20 ms are G.711. */
  readonly payload: number;
  readonly intervalMs: number;
  readonly sessions: readonly {
    /** Where the two parties listen and send from. */
    readonly a: number;
    readonly b: number;
    /** The relay's ports for them. */
    readonly relayA: number;
    readonly relayB: number;
    /** SRTP of the relay with them: they send with its `receive`. Plain RTP when absent. */
    readonly srtpA?: Required<SrtpPlan>;
    readonly srtpB?: Required<SrtpPlan>;
  }[];
}

export interface TrafficReport {
  readonly sent: number;
  readonly received: number;
  /** Milliseconds through the relay. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  /** Greatest lag of a packet behind its time: over a few ms, the generator itself was starved. */
  readonly lateMs: number;
}

interface Flow {
  readonly socket: number;
  readonly to: Endpoint;
  readonly ssrc: number;
  sequence: number;
  readonly sender: SrtpSender | undefined;
  readonly receiver: SrtpReceiver | undefined;
}

const header = 12;
const bucketsPerMs = 100;

class Traffic implements PacketHandler {
  readonly #order: TrafficOrder;
  readonly #loop = choosePacketLoop(process.env.TANDEM_PACKET_IO);
  readonly #flows: Flow[] = [];
  readonly #bySocket: Flow[] = [];
  readonly #opened = new Uint8Array(2048);
  readonly #packet: Uint8Array;
  readonly #view: DataView;
  readonly #histogram = new Uint32Array(1000 * bucketsPerMs);
  #flow = 0;
  #next = 0;
  #measureFrom = Infinity;
  #end = Infinity;
  #sent = 0;
  #received = 0;
  #max = 0;
  #late = 0;
  #onEnd = () => {};

  constructor(order: TrafficOrder) {
    this.#order = order;
    this.#packet = new Uint8Array(header + order.payload);
    this.#view = new DataView(this.#packet.buffer);
    const ciphers = chooseSrtpCiphers(undefined);
    for (const { a, b, relayA, relayB, srtpA, srtpB } of order.sessions)
      for (const [port, relay, srtp] of [
        [a, relayA, srtpA],
        [b, relayB, srtpB],
      ] as const) {
        const socket = this.#loop.open(order.host, port);
        const to = Endpoint.of(order.host, relay);
        if (typeof socket !== 'number' || !to) throw new Error(`cannot open ${order.host}:${port}`);
        const sender = srtp && new SrtpSender(ciphers, readSdesKey(srtp.receive)!);
        const receiver = srtp && new SrtpReceiver(ciphers, readSdesKey(srtp.send)!);
        const flow = { socket, to, ssrc: port, sequence: 0, sender, receiver };
        this.#flows.push(flow);
        this.#bySocket[socket] = flow;
      }
  }

  async run(): Promise<TrafficReport> {
    const start = this.#loop.now() + 100;
    this.#next = start;
    this.#measureFrom = start + this.#order.warmUpSeconds * 1000;
    this.#end = this.#measureFrom + this.#order.seconds * 1000;
    setTimeout(() => process.send?.('measuring'), this.#measureFrom - this.#loop.now());
    const ended = new Promise<void>((resolve) => {
      this.#onEnd = resolve;
    });
    this.#loop.run(this);
    await ended;
    // What is still under way.
    await new Promise((resolve) => setTimeout(resolve, 300));
    this.#loop.stop();
    return {
      sent: this.#sent,
      received: this.#received,
      latency: { p50: this.#quantile(0.5), p99: this.#quantile(0.99), p999: this.#quantile(0.999), max: this.#max },
      lateMs: this.#late,
    };
  }

  onPacket(
    socket: number,
    received: Uint8Array,
    size: number,
    _a: number,
    _b: number,
    _c: number,
    _d: number,
    _port: number,
    now: number,
  ): void {
    const receiver = this.#bySocket[socket]!.receiver;
    const data = receiver ? this.#opened : received;
    const length = receiver ? receiver.openRtp(received, size, data) : size;
    receiver?.accept();
    if (length !== this.#packet.length) return;
    const sentAt = new DataView(data.buffer, data.byteOffset, length).getFloat64(header);
    if (sentAt < this.#measureFrom) return;
    this.#received++;
    const took = Math.max(0, now - sentAt);
    if (took > this.#max) this.#max = took;
    this.#histogram[Math.min(this.#histogram.length - 1, Math.floor(took * bucketsPerMs))]!++;
  }

  nextDeadline(): number | undefined {
    // A millisecond early: the loop then does not sleep, and a packet leaves within microseconds of its time.
    return this.#next < this.#end ? this.#next - 1 : undefined;
  }

  onDeadline(): void {
    const spacing = this.#order.intervalMs / this.#flows.length;
    let now = this.#loop.now();
    // Not all at once when it has fallen behind: what comes in must be taken meanwhile.
    for (let burst = 0; burst < 64 && this.#next <= now && this.#next < this.#end; burst++) {
      const flow = this.#flows[this.#flow]!;
      this.#flow = this.#flow + 1 === this.#flows.length ? 0 : this.#flow + 1;
      const view = this.#view;
      view.setUint16(0, 0x8000);
      view.setUint16(2, flow.sequence & 0xffff);
      view.setUint32(4, flow.sequence++ * this.#order.payload);
      view.setUint32(8, flow.ssrc);
      view.setFloat64(header, now);
      if (flow.sender) {
        const { outgoing } = this.#loop;
        const length = flow.sender.sealRtp(this.#packet, this.#packet.length, outgoing);
        this.#loop.send(flow.socket, outgoing, length, flow.to);
      } else this.#loop.send(flow.socket, this.#packet, this.#packet.length, flow.to);
      if (now >= this.#measureFrom) {
        this.#sent++;
        this.#late = Math.max(this.#late, now - this.#next);
      }
      this.#next += spacing;
      now = this.#loop.now();
    }
    if (this.#next >= this.#end) {
      this.#onEnd();
      this.#loop.wake();
    }
  }

  #quantile(part: number): number {
    let left = this.#received * part;
    for (let bucket = 0; bucket < this.#histogram.length; bucket++) {
      left -= this.#histogram[bucket]!;
      if (left <= 0) return (bucket + 1) / bucketsPerMs;
    }
    return this.#max;
  }
}

const [order] = (await once(process, 'message')) as [TrafficOrder];
process.send!(await new Traffic(order).run());
process.disconnect!();
