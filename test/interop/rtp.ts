import { createSocket, type Socket } from 'node:dgram';
import type { Endpoint } from '../perf/sipp.ts';

/** What one party heard of the other since `watch()`. */
interface Heard {
  readonly packets: number;
  /** Sequence numbers missing between the first and the last that came. */
  readonly missing: number;
  /** The longest pause between two packets, or until now, in milliseconds. */
  readonly longestPause: number;
}

/** One party's end of an audio stream: sends a packet every `interval` ms and keeps count of what comes. */
export class RtpParty {
  readonly #socket: Socket;
  readonly #remote: Endpoint;
  readonly #ssrc: number;
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;
  #watching = false;
  readonly #seen = new Set<number>();
  #first = -1;
  #last = -1;
  #lastAt = 0;
  #longestPause = 0;

  private constructor(socket: Socket, remote: Endpoint, ssrc: number) {
    this.#socket = socket;
    this.#remote = remote;
    this.#ssrc = ssrc;
    socket.on('message', (packet) => this.#receive(packet));
    socket.on('error', () => undefined); // a port that is closed again: what did not come is counted
  }

  static async start(local: Endpoint, remote: Endpoint, interval: number, ssrc: number): Promise<RtpParty> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(local.port, local.host, resolve);
    });
    const party = new RtpParty(socket, remote, ssrc);
    party.#timer = setInterval(() => party.#send(), interval);
    return party;
  }

  /** Counts from here on. */
  watch(): void {
    this.#watching = true;
    this.#lastAt = performance.now();
  }

  heard(): Heard {
    const span = this.#first < 0 ? 0 : this.#last - this.#first + 1;
    return {
      packets: this.#seen.size,
      missing: span - this.#seen.size,
      longestPause: Math.max(this.#longestPause, performance.now() - this.#lastAt),
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #send(): void {
    const packet = Buffer.alloc(12 + 160, 0xd5); // silence in A-law
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt16BE(this.#sequence & 0xffff, 2);
    packet.writeUInt32BE((this.#sequence * 160) >>> 0, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    this.#sequence++;
    this.#socket.send(packet, this.#remote.port, this.#remote.host);
  }

  #receive(packet: Buffer): void {
    if (!this.#watching || packet.length < 12 || packet[0] !== 0x80) return;
    const sequence = packet.readUInt16BE(2);
    const now = performance.now();
    this.#longestPause = Math.max(this.#longestPause, now - this.#lastAt);
    this.#lastAt = now;
    this.#seen.add(sequence);
    if (this.#first < 0) this.#first = sequence;
    this.#last = Math.max(this.#last, sequence);
  }
}
