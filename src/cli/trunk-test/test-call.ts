import { pcma, pcmu } from '#codec/g711';
import type { Direction } from '#codec/sdp';
import type { HostPort, Octets } from '#kernel';
import {
  amplitudeOf,
  answering,
  describe,
  dice,
  maySend,
  type PhoneEvent,
  PhoneSocket,
  type RemoteSession,
  RtpSocket,
  ToneListener,
  ToneSender,
  ToneSource,
  understand,
} from '#phone';

/** What a test call sounds like: the tone that telephone networks are measured with (ITU-T O.6), at a usual level. */
export const tone = { hertz: 1020, level: -10 } as const;
/** Payload type that digits are offered with. */
const digitsType = 101;

export interface TestCallOptions {
  /** Where our sockets are. */
  readonly sip: string;
  readonly rtp: string;
  /** The listener of the program. */
  readonly to: HostPort;
  readonly caller: string;
  readonly called: string;
  /** Where RTP really goes that the program wants at this address. */
  readonly reach: (rtp: HostPort) => HostPort;
}

/** A phone with one call: what was heard of it, and what happened, waits to be asked for. */
export class TestCall {
  readonly address: HostPort;
  readonly #options: TestCallOptions;
  readonly #phone: PhoneSocket;
  readonly #rtp: RtpSocket;
  readonly #events: PhoneEvent[];
  readonly #session = dice.integer(2 ** 31);
  #news: () => void = () => {};
  #version = 0;
  #sender: ToneSender | undefined;
  listener: ToneListener | undefined;
  remote: RemoteSession | undefined;
  answered = false;
  ended: (PhoneEvent & { kind: 'ended' }) | undefined;
  callId: Octets | undefined;

  private constructor(options: TestCallOptions, phone: PhoneSocket, rtp: RtpSocket, events: PhoneEvent[]) {
    this.#options = options;
    this.#phone = phone;
    this.#rtp = rtp;
    this.#events = events;
    this.address = phone.address;
  }

  /** Opens its sockets; rejects with the system's error. */
  static async open(options: TestCallOptions): Promise<TestCall> {
    const events: PhoneEvent[] = [];
    let call: TestCall | undefined;
    const phone = await PhoneSocket.open({ host: options.sip, port: 0 }, (event) => {
      events.push(event);
      if (call) call.#heard(event);
    });
    try {
      call = new TestCall(options, phone, await RtpSocket.open(options.rtp), events);
      return call;
    } catch (error) {
      phone.close();
      throw error;
    }
  }

  get talking(): boolean {
    return this.answered && this.remote !== undefined && this.ended === undefined;
  }

  get sent(): number {
    return this.#sender?.packets ?? 0;
  }

  dial(): void {
    const { caller, called, to } = this.#options;
    this.#phone.handle({
      kind: 'dial',
      call: 'test',
      caller,
      called,
      to,
      offer: this.#offer('sendrecv'),
      outbound: true,
    });
    this.callId = this.#phone.callIdOf('test');
  }

  /** The next thing that happens, or undefined when nothing does in time. */
  async next(timeout: number): Promise<PhoneEvent | undefined> {
    if (this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, timeout));
        this.#news = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#events.shift();
  }

  /** Takes an answer, early or not: speaks and listens as it says. Undefined: there is no G.711 in it. */
  agree(answer: Octets): RemoteSession | undefined {
    const remote = understand(answer);
    if (!remote) return undefined;
    if (this.remote?.law !== remote.law) {
      this.listener = new ToneListener(remote.law, tone.hertz, digitsType);
      this.#rtp.listen(this.listener);
      this.#sender = new ToneSender(remote.law, new ToneSource(tone.hertz, amplitudeOf(tone.level)), {
        ssrc: dice.integer(2 ** 32),
        sequence: dice.integer(2 ** 16),
        timestamp: dice.integer(2 ** 32),
      });
    }
    this.remote = remote;
    const to = remote.rtp && this.#options.reach(remote.rtp);
    this.#rtp.play(this.#sender!, maySend(remote.direction) ? to : undefined);
    return remote;
  }

  /** Ms that the digits take. */
  dialDigits(digits: string): number {
    this.#sender?.dial(digits, this.remote?.digits ?? digitsType);
    return this.#sender?.dialling ?? 0;
  }

  /** A new offer. */
  offer(direction: Direction): void {
    this.#phone.handle({ kind: 'offer', call: 'test', offer: this.#offer(direction) });
  }

  hangUp(): void {
    this.#phone.handle({ kind: 'hang-up', call: 'test' });
  }

  close(): void {
    this.#rtp.close();
    this.#phone.close();
  }

  #heard(event: PhoneEvent): void {
    if (event.kind === 'answered') this.answered = true;
    if (event.kind === 'offered') this.#offered(event.offer);
    if (event.kind === 'ended') this.ended = event;
    this.#news();
  }

  /** The far end offers anew: it refreshes its session, or moves its media. */
  #offered(offer: Octets): void {
    const remote = this.agree(offer);
    if (!remote) this.#phone.handle({ kind: 'refuse', call: 'test', status: 488 });
    else this.#phone.handle({ kind: 'answer', call: 'test', answer: this.#offer(answering(remote.direction)) });
  }

  #offer(direction: Direction): Octets {
    return describe({
      rtp: this.#rtp.address,
      laws: this.remote ? [this.remote.law] : [pcma, pcmu],
      direction,
      id: this.#session,
      version: ++this.#version,
      digits: digitsType,
      user: 'tandem-test',
    });
  }
}
