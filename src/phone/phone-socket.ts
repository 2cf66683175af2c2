import { randomBytes, randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { HostPort, Instant, Random } from '#kernel';
import type { Account } from './account.ts';
import type { PhoneEvent, PhoneInput } from './messages.ts';
import { Phone } from './phone.ts';

export const dice: Random = {
  integer: (below) => randomInt(below),
  token: (bits) =>
    randomBytes(Math.ceil(bits / 8))
      .toString('hex')
      .slice(0, bits / 4),
};

/** A phone on its UDP socket: bytes and the clock go in, bytes and what it tells come out. */
export class PhoneSocket {
  readonly address: HostPort;
  readonly #phone: Phone;
  readonly #socket: Socket;
  readonly #told: (event: PhoneEvent) => void;
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    socket: Socket,
    address: HostPort,
    told: (event: PhoneEvent) => void,
    account: Account | undefined,
  ) {
    this.address = address;
    this.#socket = socket;
    this.#told = told;
    this.#phone = new Phone({ address, random: dice, ...(account && { account }) });
    socket.on('message', (bytes, from) =>
      this.handle({
        kind: 'received',
        flow: { transport: 'udp', listener: this.#phone.listener, remote: { host: from.address, port: from.port } },
        octets: bytes.toString('latin1'),
      }),
    );
    socket.on('error', () => undefined); // Timers find out what did not arrive.
  }

  /** Rejects with Node's error (EADDRINUSE, EADDRNOTAVAIL …) when it cannot listen there. */
  static open(address: HostPort, told: (event: PhoneEvent) => void, account?: Account): Promise<PhoneSocket> {
    const socket = createSocket(address.host.includes(':') ? 'udp6' : 'udp4');
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(address.port, address.host, () => {
        socket.off('error', reject);
        resolve(new PhoneSocket(socket, { host: address.host, port: socket.address().port }, told, account));
      });
    });
  }

  handle(input: PhoneInput): void {
    const now: Instant = { mono: performance.now(), wall: Date.now() };
    const told: PhoneEvent[] = [];
    for (const effect of this.#phone.handle(input, now)) {
      if (effect.kind === 'tell') told.push(effect.event);
      else {
        const { host, port } = effect.flow.remote;
        this.#socket.send(Buffer.from(effect.octets, 'latin1'), port, host);
      }
    }
    clearTimeout(this.#timer);
    const deadline = this.#phone.nextDeadline();
    if (deadline !== undefined) {
      this.#timer = setTimeout(() => this.handle({ kind: 'wake' }), Math.max(0, deadline - performance.now()));
    }
    // Last: whoever is told may tell the phone something in turn.
    for (const event of told) this.#told(event);
  }

  /** The SIP Call-ID of a call that stands. */
  callIdOf(call: string): string | undefined {
    return this.#phone.callIdOf(call);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#socket.close();
  }
}
