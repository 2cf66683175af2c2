import { createSocket, type Socket } from 'node:dgram';
import type { HostPort } from '#kernel';
import { packetMs, type ToneListener, type ToneSender } from './rtp.ts';

/** What is further behind than this is skipped rather than sent in a burst. Packets. */
const mostBehind = 10;

/** One RTP socket: plays a tone to the peer, 20 ms by 20 ms, and hands to a listener what comes. */
export class RtpSocket {
  readonly address: HostPort;
  readonly #socket: Socket;
  #listener: ToneListener | undefined;
  #sender: ToneSender | undefined;
  #to: HostPort | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the next packet is due, on the monotonic clock: kept as a sum, so lateness of timers does not add up. */
  #due = 0;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.address = { host, port: socket.address().port };
    socket.on('message', (packet) => this.#listener?.add(packet, performance.now()));
    socket.on('error', () => undefined); // What does not arrive is counted by who misses it.
  }

  static open(host: string): Promise<RtpSocket> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, host, () => {
        socket.off('error', reject);
        resolve(new RtpSocket(socket, host));
      });
    });
  }

  listen(listener: ToneListener): void {
    this.#listener = listener;
  }

  /** Begins to send, goes on elsewhere, or (`to` undefined) pauses. */
  play(sender: ToneSender, to: HostPort | undefined): void {
    this.#sender = sender;
    this.#to = to;
    if (this.#timer !== undefined) return;
    this.#due = performance.now();
    this.#tick();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listener = undefined;
    this.#socket.close();
  }

  #tick(): void {
    const sender = this.#sender!;
    const now = performance.now();
    const behind = Math.floor((now - this.#due) / packetMs);
    if (behind > mostBehind) {
      sender.skip(behind);
      this.#due += behind * packetMs;
    }
    for (; this.#due <= now; this.#due += packetMs) {
      if (this.#to === undefined) sender.skip(1);
      else this.#socket.send(sender.next(), this.#to.port, this.#to.host);
    }
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, this.#due - performance.now()));
  }
}
