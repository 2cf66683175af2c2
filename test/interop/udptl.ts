import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Endpoint } from '../perf/sipp.ts';

/** One gateway's end of a fax: sends numbered UDPTL packets (ITU-T T.38 9.1) and keeps what comes. */
export class UdptlParty {
  /** What was sent and what came, octets as hex, in order. */
  readonly sent: string[] = [];
  readonly heard: string[] = [];
  readonly #socket: Socket;
  readonly #remote: Endpoint;
  readonly #content: number;
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: Socket, remote: Endpoint, content: number) {
    this.#socket = socket;
    this.#remote = remote;
    this.#content = content;
    socket.on('message', (packet) => this.heard.push(packet.toString('hex')));
    socket.on('error', () => undefined); // a port that is closed again: what did not come is missed
  }

  /** `content` is what its pages are made of. */
  static async start(local: Endpoint, remote: Endpoint, content: number): Promise<UdptlParty> {
    const socket = createSocket('udp4');
    socket.bind(local.port, local.host);
    await once(socket, 'listening');
    return new UdptlParty(socket, remote, content);
  }

  /** Sends so many packets, one in `interval` ms. */
  send(packets: number, interval: number): Promise<void> {
    return new Promise((resolve) => {
      let sequence = 0;
      this.#timer = setInterval(() => {
        const packet = udptl(sequence++, this.#content);
        this.sent.push(packet.toString('hex'));
        this.#socket.send(packet, this.#remote.port, this.#remote.host);
        if (sequence < packets) return;
        clearInterval(this.#timer);
        resolve();
      }, interval);
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }
}

/** Image data of 20 to 59 octets, and the packet before it as the secondary one that repairs its loss. */
function udptl(sequence: number, content: number): Buffer {
  const data = (of: number) => Buffer.alloc(20 + (of % 40), content + of);
  const primary = data(sequence);
  const secondary = sequence === 0 ? [] : [data(sequence - 1)];
  return Buffer.concat([
    Buffer.from([sequence >> 8, sequence & 0xff, primary.length]),
    primary,
    Buffer.from([0, secondary.length]),
    ...secondary.flatMap((one) => [Buffer.from([one.length]), one]),
  ]);
}
