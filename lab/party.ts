import { type G711, pcma, pcmu } from '#codec/g711';
import type { Direction } from '#codec/sdp';
import type { HostPort, Octets } from '#kernel';
import {
  answering,
  describe,
  dice,
  maySend,
  type PhoneEvent,
  type PhoneSocket,
  type RemoteSession,
  RtpSocket,
  ToneListener,
  ToneSender,
  ToneSource,
  understand,
} from '#phone';
import type { PartyReport, PartyState } from './messages.ts';
import type { CallPlan, Role } from './plan.ts';

/** One party of one call: does what the plan says, and reports what it sees and hears. */
export class Party {
  readonly #plan: CallPlan;
  readonly #role: Role;
  readonly #phone: PhoneSocket;
  readonly #call: string;
  readonly #changed: (party: Party) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #troubles: string[] = [];
  readonly #session = dice.integer(2 ** 31);
  #version = 0;
  #state: PartyState;
  #callId: string | undefined;
  #rtp: RtpSocket | undefined;
  #law: G711 | undefined;
  #sender: ToneSender | undefined;
  #listener: ToneListener | undefined;
  #heardBefore = true;
  #startedMono = performance.now();
  #startedAt = Date.now();
  #ringingAt: number | undefined;
  #setUpMs: number | undefined;
  #answeredAt: number | undefined;
  #endedAt: number | undefined;
  #end: PartyReport['end'];

  /** `call`: the phone's name of it. `changed` is called whenever there is something new to report. */
  constructor(plan: CallPlan, role: Role, phone: PhoneSocket, call: string, changed: (party: Party) => void) {
    this.#plan = plan;
    this.#role = role;
    this.#phone = phone;
    this.#call = call;
    this.#changed = changed;
    this.#state = role === 'caller' ? 'dialling' : 'ringing';
  }

  /** Calls through the program at `proxy`. */
  async dial(proxy: HostPort): Promise<void> {
    this.#rtp = await RtpSocket.open(this.#phone.address.host);
    this.#startedMono = performance.now();
    this.#startedAt = Date.now();
    const { caller, called } = this.#plan;
    const laws = this.#plan.law === 'PCMA' ? [pcma, pcmu] : [pcmu, pcma];
    const offer = this.#describe(laws, 'sendrecv');
    this.#phone.handle({ kind: 'dial', call: this.#call, caller, called, to: proxy, offer });
    this.#callId = this.#phone.callIdOf(this.#call);
    this.#changed(this);
  }

  /** Takes a call that came: rings, and answers after a while. */
  async take({ sipCallId, offer }: PhoneEvent & { kind: 'incoming' }): Promise<void> {
    const call = this.#call;
    this.#callId = sipCallId;
    const remote = understand(offer);
    if (remote === undefined) {
      this.#phone.handle({ kind: 'refuse', call, status: 488 });
      return;
    }
    this.#rtp = await RtpSocket.open(this.#phone.address.host);
    if (this.isOver) {
      this.#rtp.close();
      return;
    }
    this.#ringingAt = Date.now();
    this.#phone.handle({ kind: 'ring', call });
    this.#changed(this);
    this.#after(this.#plan.ringMs, () => {
      const answer = this.#describe([remote.law], answering(remote.direction));
      this.#phone.handle({ kind: 'answer', call, answer });
      this.#agreed(remote);
    });
  }

  /** The call is this party's, as that phone names it. */
  is(phone: PhoneSocket, call: string): boolean {
    return phone === this.#phone && call === this.#call;
  }

  get number(): number {
    return this.#plan.number;
  }

  get isOver(): boolean {
    return this.#state === 'ended';
  }

  hangUp(): void {
    this.#phone.handle({ kind: 'hang-up', call: this.#call });
  }

  told(event: PhoneEvent): void {
    switch (event.kind) {
      case 'ringing':
        if (this.#ringingAt === undefined) {
          this.#ringingAt = Date.now();
          this.#setUpMs = performance.now() - this.#startedMono;
          this.#state = 'ringing';
        }
        break;
      case 'answered':
        this.#answered(event.answer);
        break;
      case 'offered':
        this.#offered(event.offer);
        break;
      case 'offer-answered': {
        const remote = understand(event.answer);
        if (remote) this.#agreed(remote);
        else this.#troubles.push('the answer to the re-INVITE has no audio');
        break;
      }
      case 'offer-refused':
        this.#troubles.push(`the re-INVITE was refused with ${event.status}`);
        break;
      case 'ended':
        this.#ended(event);
        break;
      case 'incoming':
      case 'asked':
      case 'registered':
        return;
    }
    this.#changed(this);
  }

  report(): PartyReport {
    const { heard = false, heardMs = 0 } = this.#listener?.tone ?? {};
    const { packets = 0, lost = 0, jitterMs = 0 } = this.#listener?.reception ?? {};
    return {
      number: this.#plan.number,
      role: this.#role,
      state: this.#state,
      ...(this.#callId === undefined ? {} : { callId: this.#callId }),
      ...(this.#law === undefined ? {} : { law: this.#law.name }),
      startedAt: this.#startedAt,
      ...(this.#ringingAt === undefined ? {} : { ringingAt: this.#ringingAt }),
      ...(this.#setUpMs === undefined ? {} : { setUpMs: this.#setUpMs }),
      ...(this.#answeredAt === undefined ? {} : { answeredAt: this.#answeredAt }),
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
      sent: this.#sender?.packets ?? 0,
      received: packets,
      lost,
      jitterMs: jitterMs ?? 0,
      heard: heard && this.#heardBefore,
      heardMs,
      ...(this.#end === undefined ? {} : { end: this.#end }),
      troubles: this.#troubles,
    };
  }

  #answered(answer: Octets): void {
    this.#answeredAt = Date.now();
    this.#state = 'talking';
    if (this.#role === 'caller') {
      const remote = understand(answer);
      if (remote) this.#agreed(remote);
      else this.#troubles.push('the answer has no audio');
    }
    const { talkMs, hangsUp, hold } = this.#plan;
    if (hangsUp === this.#role) this.#after(talkMs, () => this.hangUp());
    if (hold?.by !== this.#role) return;
    this.#after(hold.afterMs, () => this.#hold());
    this.#after(hold.afterMs + hold.forMs, () => this.#resume());
  }

  /** The music on hold is our tone: we send, the other does not. */
  #hold(): void {
    this.#heardBefore = this.#listener?.tone.heard ?? false;
    this.#state = 'holding';
    this.#offer('sendonly');
  }

  #resume(): void {
    this.#listener?.tone.restart();
    this.#state = 'talking';
    this.#offer('sendrecv');
  }

  #offer(direction: Direction): void {
    this.#phone.handle({ kind: 'offer', call: this.#call, offer: this.#describe([this.#law!], direction) });
    this.#changed(this);
  }

  #offered(offer: Octets): void {
    const remote = understand(offer);
    if (remote === undefined) {
      this.#phone.handle({ kind: 'refuse', call: this.#call, status: 488 });
      return;
    }
    this.#state = remote.direction === 'sendonly' || remote.direction === 'inactive' ? 'held' : 'talking';
    this.#phone.handle({
      kind: 'answer',
      call: this.#call,
      answer: this.#describe([remote.law], answering(remote.direction)),
    });
    this.#agreed(remote);
  }

  /** Offer and answer are there: speak and listen as they say. */
  #agreed({ law, rtp, direction }: RemoteSession): void {
    const plan = this.#plan;
    const [own, others] =
      this.#role === 'caller' ? [plan.callerTone, plan.calleeTone] : [plan.calleeTone, plan.callerTone];
    if (this.#law !== law) {
      this.#law = law;
      this.#listener = new ToneListener(law, others);
      this.#rtp!.listen(this.#listener);
      this.#sender = new ToneSender(law, new ToneSource(own), {
        ssrc: dice.integer(2 ** 32),
        sequence: dice.integer(2 ** 16),
        timestamp: dice.integer(2 ** 32),
      });
    }
    this.#rtp!.play(this.#sender!, maySend(direction) ? rtp : undefined);
  }

  #ended({ by, status, reason }: PhoneEvent & { kind: 'ended' }): void {
    this.#state = 'ended';
    this.#endedAt = Date.now();
    this.#end = { by, status, reason };
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    if (this.#listener && this.#listener.strange > 0) {
      this.#troubles.push(`${this.#listener.strange} packets were no RTP of ${this.#law!.name}`);
    }
    this.#rtp?.close();
  }

  #describe(laws: readonly G711[], direction: Direction): Octets {
    return describe({ rtp: this.#rtp!.address, laws, direction, id: this.#session, version: ++this.#version });
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#state !== 'ended') act();
    }, ms);
    this.#timers.add(timer);
  }
}
