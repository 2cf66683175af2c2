import type { HostPort } from '#kernel';
import { type PhoneEvent, PhoneSocket } from '#phone';
import type { FromEnd, ToEnd } from './messages.ts';
import { Party } from './party.ts';
import type { CallPlan, Role } from './plan.ts';

/** How often the counters of running calls are told. Ms. */
const reportEvery = 250;

/** The PBX, or the provider: its phones, and its parties of the calls that run. */
export class LabEnd {
  readonly #tell: (message: FromEnd) => void;
  readonly #phones: PhoneSocket[] = [];
  readonly #parties = new Map<number, Party>();
  /** Calls that are to come, by their numbers. */
  readonly #expected = new Map<string, CallPlan>();
  readonly #timer: NodeJS.Timeout;
  #proxy: HostPort = { host: '', port: 0 };

  constructor(tell: (message: FromEnd) => void) {
    this.#tell = tell;
    this.#timer = setInterval(() => {
      for (const party of this.#parties.values()) this.#report(party);
    }, reportEvery);
  }

  async handle(message: ToEnd): Promise<void> {
    switch (message.kind) {
      case 'start':
        await this.#start(message.addresses, message.proxy);
        return;
      case 'ask':
        this.#phones[0]!.handle({ kind: 'ask', to: this.#proxy });
        return;
      case 'call': {
        const { role, plan } = message;
        if (role === 'callee') {
          this.#expected.set(`${plan.caller} ${plan.called}`, plan);
          this.#tell({ kind: 'expecting', number: plan.number });
        } else await this.#join(plan, role, this.#phones[0]!, `out-${plan.number}`).dial(this.#proxy);
        return;
      }
      case 'hang-up':
        this.#parties.get(message.number)?.hangUp();
        return;
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const phone of this.#phones) phone.close();
  }

  async #start(addresses: readonly HostPort[], proxy: HostPort): Promise<void> {
    this.#proxy = proxy;
    for (const address of addresses) {
      try {
        const phone: PhoneSocket = await PhoneSocket.open(address, (event) => this.#told(phone, event));
        this.#phones.push(phone);
      } catch (error) {
        this.#tell({ kind: 'unready', address, code: (error as NodeJS.ErrnoException).code ?? String(error) });
        return;
      }
    }
    this.#tell({ kind: 'ready' });
  }

  #told(phone: PhoneSocket, event: PhoneEvent): void {
    if (event.kind === 'asked') {
      this.#tell(event);
      return;
    }
    if (event.kind === 'registered') return;
    if (event.kind === 'incoming') {
      const key = `${event.caller} ${event.called}`;
      const plan = this.#expected.get(key);
      if (plan?.detour && phone === this.#phones[0]) {
        phone.handle({ kind: 'refuse', call: event.call, status: 503 });
      } else if (plan) {
        this.#expected.delete(key);
        void this.#join(plan, 'callee', phone, event.call).take(event);
      } else phone.handle({ kind: 'refuse', call: event.call, status: 404 });
      return;
    }
    for (const party of this.#parties.values()) if (party.is(phone, event.call)) party.told(event);
  }

  #join(plan: CallPlan, role: Role, phone: PhoneSocket, call: string): Party {
    const party = new Party(plan, role, phone, call, this.#report);
    this.#parties.set(plan.number, party);
    return party;
  }

  readonly #report = (party: Party): void => {
    this.#tell({ kind: 'party', report: party.report() });
    if (party.isOver) this.#parties.delete(party.number);
  };
}
