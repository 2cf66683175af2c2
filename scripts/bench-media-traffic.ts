import { once } from 'node:events';
import { Endpoint, type PacketHandler } from '#media/packet-io';
import { choosePacketLoop } from '#media-process';

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

const header = 12;
const bucketsPerMs = 100;

class Traffic implements PacketHandler {
  readonly #order: TrafficOrder;
  readonly #loop = choosePacketLoop(process.env.TANDEM_PACKET_IO);
  readonly #flows: { socket: number; to: Endpoint; ssrc: number; sequence: number }[] = [];
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
    for (const { a, b, relayA, relayB } of order.sessions)
      for (const [port, relay] of [
        [a, relayA],
        [b, relayB],
      ] as const) {
        const socket = this.#loop.open(order.host, port);
        const to = Endpoint.of(order.host, relay);
        if (typeof socket !== 'number' || !to) throw new Error(`cannot open ${order.host}:${port}`);
        this.#flows.push({ socket, to, ssrc: port, sequence: 0 });
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
    _socket: number,
    data: Uint8Array,
    length: number,
    _a: number,
    _b: number,
    _c: number,
    _d: number,
    _port: number,
    now: number,
  ): void {
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
    while (this.#next <= now && this.#next < this.#end) {
      const flow = this.#flows[this.#flow]!;
      this.#flow = this.#flow + 1 === this.#flows.length ? 0 : this.#flow + 1;
      const view = this.#view;
      view.setUint16(0, 0x8000);
      view.setUint16(2, flow.sequence & 0xffff);
      view.setUint32(4, flow.sequence++ * this.#order.payload);
      view.setUint32(8, flow.ssrc);
      view.setFloat64(header, now);
      this.#loop.send(flow.socket, this.#packet, this.#packet.length, flow.to);
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
