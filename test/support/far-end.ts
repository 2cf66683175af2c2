/**
 * The far end of a trunk for tests: takes calls on a UDP socket, rings, answers, and sends back what it hears (tone and digits).
 * Numbers that end in 404 it does not know, those that end in 486 are busy, those that end in 0000 are silent.
 */
import { createSocket, type Socket } from 'node:dgram';
import type { HostPort } from '#kernel';
import { answering, describe, type PhoneEvent, PhoneSocket, understand } from '#phone';

interface Leg {
  readonly rtp: Socket;
  readonly port: number;
  readonly isSilent: boolean;
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  version: number;
}

export class FarEnd {
  readonly address: HostPort;
  /** Numbers that were called. */
  readonly called: string[] = [];
  readonly #phone: PhoneSocket;
  readonly #legs = new Map<string, Leg>();

  static async start(address: HostPort): Promise<FarEnd> {
    let farEnd: FarEnd | undefined;
    const phone = await PhoneSocket.open(address, (event) => void farEnd?.told(event));
    farEnd = new FarEnd(phone);
    return farEnd;
  }

  private constructor(phone: PhoneSocket) {
    this.#phone = phone;
    this.address = phone.address;
  }

  close(): void {
    this.#phone.close();
    for (const { rtp } of this.#legs.values()) rtp.close();
    this.#legs.clear();
  }

  async told(event: PhoneEvent): Promise<void> {
    switch (event.kind) {
      case 'incoming':
        return this.#incoming(event);
      case 'offered': {
        const leg = this.#legs.get(event.call);
        if (leg) this.#answer(event.call, leg, event.offer);
        return;
      }
      case 'ended':
        this.#legs.get(event.call)?.rtp.close();
        this.#legs.delete(event.call);
        return;
      default:
    }
  }

  async #incoming({ call, called, offer }: PhoneEvent & { kind: 'incoming' }): Promise<void> {
    this.called.push(called);
    const refusal = called.endsWith('404') ? 404 : called.endsWith('486') ? 486 : undefined;
    if (refusal !== undefined) {
      this.#phone.handle({ kind: 'refuse', call, status: refusal });
      return;
    }
    this.#phone.handle({ kind: 'ring', call });
    const rtp = createSocket('udp4');
    await new Promise<void>((resolve) => rtp.bind(0, this.address.host, resolve));
    const leg: Leg = {
      rtp,
      port: rtp.address().port,
      isSilent: called.endsWith('0000'),
      direction: 'sendrecv',
      version: 0,
    };
    this.#legs.set(call, leg);
    rtp.on('message', (packet, from) => {
      const speaks = leg.direction === 'sendrecv' || leg.direction === 'sendonly';
      if (speaks && !leg.isSilent) rtp.send(packet, from.port, from.address);
    });
    rtp.on('error', () => {});
    this.#answer(call, leg, offer);
  }

  #answer(call: string, leg: Leg, offer: string): void {
    const remote = understand(offer);
    if (!remote) {
      this.#phone.handle({ kind: 'refuse', call, status: 488 });
      return;
    }
    leg.direction = answering(remote.direction);
    const answer = describe({
      rtp: { host: this.address.host, port: leg.port },
      laws: [remote.law],
      direction: leg.direction,
      id: 1,
      version: ++leg.version,
      ...(remote.digits === undefined ? {} : { digits: remote.digits }),
      user: 'far-end',
    });
    this.#phone.handle({ kind: 'answer', call, answer });
  }
}
