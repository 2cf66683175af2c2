import type { Tried } from '#codec/digest';
import { type Header, phrases, type SipResponse } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { ClientTransaction, Sleeper } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CallHandle, Party } from './services.ts';

interface Notice {
  readonly line: Octets;
  /** Why there are no more; undefined while there may be. */
  readonly last: 'noresource' | 'timeout' | undefined;
}

/** Ms for which who transfers is told of it (RFC 3515 2.4.4): longer than anything rings. */
const lasts = 300_000;

/**
 * What comes of a REFER, told to who sent it: NOTIFYs in the same dialog, each a line of the final or provisional
 * response of the one who is called (RFC 3515 2.4.5, RFC 6665). One at a time, the news of between left out.
 */
export class ReferProgress implements Party, Sleeper {
  readonly leg: CallLeg;
  /** Of the subscription, where the dialog has had another one (RFC 3515 2.4.6). */
  readonly #id: number | undefined;
  readonly #until: number;
  #next: Notice | undefined;
  #sent: Notice | undefined;
  #told = '';
  #tried: Tried = [];
  #over = false;
  /** Who waits for the last of them to have come. */
  #then: ((now: Instant) => void) | undefined;
  #deadline: Deadline<Sleeper> | undefined;

  /** `silent`: nothing of it is to be told (RFC 4488). */
  constructor(leg: CallLeg, id: number | undefined, silent: boolean, now: Instant) {
    this.leg = leg;
    this.#id = id;
    this.#over = silent;
    this.#until = now.mono + lasts;
  }

  get call(): CallHandle {
    return this.leg.call;
  }

  tell(status: number, phrase: string | undefined, now: Instant): void {
    this.#take(lineOf(status, phrase), undefined, now);
  }

  /** The last word. `then`: when it has come, or can't. */
  end(status: number, phrase: string | undefined, now: Instant, then?: (now: Instant) => void): void {
    if (this.#over) return then?.(now);
    this.#then = then;
    this.#take(lineOf(status, phrase), 'noresource', now);
  }

  /** Its dialog has ended, or the subscriber wants to hear no more. */
  close(now: Instant): void {
    if (!this.#over) this.#leave(now);
  }

  onResponse(response: SipResponse, _transaction: ClientTransaction<Party>, now: Instant): void {
    if (response.status < 200 || this.#over) return;
    const answer = this.leg.credentialsFor(response, 'NOTIFY', '', this.#tried);
    if (answer && this.#sent) {
      this.#tried = answer.tried;
      return this.#notify(this.#sent, answer.headers, now);
    }
    // RFC 6665 4.2.2: it knows of no subscription, or takes no NOTIFY: it is not told any more.
    if (response.status >= 300 || this.#sent?.last) return this.#leave(now);
    this.#sent = undefined;
    this.#proceed(now);
  }

  onFailure(_failure: unknown, _reason: string, now: Instant): void {
    if (!this.#over) this.#leave(now);
  }

  /** RFC 6665 4.4.1: who has waited long enough is told so. */
  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    if (!this.#over && !this.#sent) this.#notify({ line: this.#told, last: 'timeout' }, [], now);
    this.#leave(now);
  }

  #take(line: Octets, last: Notice['last'], now: Instant): void {
    if (this.#over || this.#next?.last || (line === this.#told && !last)) return;
    this.#told = line;
    this.#next = { line, last };
    this.#deadline ??= this.call.services.deadlines.set('refer', this, this.#until);
    this.#proceed(now);
  }

  #proceed(now: Instant): void {
    const next = this.#next;
    if (!next || this.#sent) return;
    this.#next = undefined;
    this.#sent = next;
    this.#notify(next, [], now);
  }

  #notify({ line, last }: Notice, credentials: readonly Header[], now: Instant): void {
    const left = Math.max(1, Math.ceil((this.#until - now.mono) / 1000));
    const headers: Header[] = [
      ['Contact', this.leg.contact],
      ['Event', this.#id === undefined ? 'refer' : `refer;id=${this.#id}`],
      ['Subscription-State', last ? `terminated;reason=${last}` : `active;expires=${left}`],
      ...credentials,
      ['Content-Type', 'message/sipfrag;version=2.0'],
    ];
    this.leg.request('NOTIFY', headers, line, this, now);
  }

  #leave(now: Instant): void {
    this.#over = true;
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    const then = this.#then;
    this.#then = undefined;
    then?.(now);
  }
}

function lineOf(status: number, phrase: string | undefined): Octets {
  return `SIP/2.0 ${status} ${phrase ?? phrases[status] ?? ''}\r\n`;
}
