import type { HostPort } from '#kernel';
import type { FromEnd, ToEnd } from './messages.ts';
import { Party } from './party.ts';
import type { PhoneEvent } from './phone/messages.ts';
import { PhoneSocket } from './phone/phone-socket.ts';
import type { CallPlan } from './plan.ts';

/** How often the counters of running calls are told. Ms. */
const reportEvery = 250;

/** The PBX, or the provider: its phones, and its parties of the calls that run. */
export class LabEnd {
  readonly #tell: (message: FromEnd) => void;
  readonly #phones: PhoneSocket[] = [];
  readonly #parties = new Map<number, Party>();
  /** Calls that are to come, by their numbers. */
  readonly #expected = new Map<string, CallPlan>();
  #proxy: HostPort = { host: '', port: 0 };

  constructor(tell: (message: FromEnd) => void) {
    this.#tell = tell;
    setInterval(() => {
      for (const party of this.#parties.values()) this.#report(party);
    }, reportEvery).unref();
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
        if (role === 'callee') this.#expected.set(`${plan.caller} ${plan.called}`, plan);
        else await this.#keep(plan, Party.dial(plan, this.#phones[0]!, this.#proxy, this.#report));
        return;
      }
      case 'hang-up':
        this.#parties.get(message.number)?.hangUp();
        return;
    }
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
    if (event.kind === 'incoming') {
      const key = `${event.caller} ${event.called}`;
      const plan = this.#expected.get(key);
      if (plan?.detour && phone === this.#phones[0]) {
        phone.handle({ kind: 'refuse', call: event.call, status: 503 });
      } else if (plan) {
        this.#expected.delete(key);
        void this.#keep(plan, Party.take(plan, phone, event, this.#report));
      } else phone.handle({ kind: 'refuse', call: event.call, status: 404 });
      return;
    }
    for (const party of this.#parties.values()) {
      if (party.call !== event.call) continue;
      party.told(event);
      if (party.isOver) this.#parties.delete(party.number);
    }
  }

  async #keep(plan: CallPlan, coming: Promise<Party | undefined>): Promise<void> {
    const party = await coming;
    if (party) this.#parties.set(plan.number, party);
  }

  readonly #report = (party: Party): void => this.#tell({ kind: 'party', report: party.report() });
}
