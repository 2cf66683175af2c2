import type { Tried } from '#codec/digest';
import { type Digit, type DigitBody, writeDigit } from '#codec/dtmf';
import type { Header, SipResponse } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { ClientTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CallHandle, Party } from './services.ts';

/** Keys that wait for the INFO before them; what comes to more is let fall. */
const mostWaiting = 32;

/** Tells a leg's peer of keys by INFO, one after the other: two under way at once could come in the wrong order. */
export class DigitSender implements Party {
  readonly call: CallHandle;
  readonly leg: CallLeg;
  readonly #type: DigitBody;
  readonly #isOver: () => boolean;
  /** The first is under way. */
  #digits: Digit[] = [];
  #tried: Tried = [];

  constructor(leg: CallLeg, type: DigitBody, isOver: () => boolean) {
    this.call = leg.call;
    this.leg = leg;
    this.#type = type;
    this.#isOver = isOver;
  }

  get busy(): boolean {
    return this.#digits.length > 0;
  }

  send(digit: Digit, now: Instant): void {
    if (this.#digits.length > mostWaiting) return;
    this.#digits.push(digit);
    if (this.#digits.length === 1) this.#inform([], now);
  }

  onResponse(response: SipResponse, _transaction: ClientTransaction<Party>, now: Instant): void {
    if (response.status < 200) return;
    const answer = this.leg.credentialsFor(response, 'INFO', this.#body, this.#tried);
    if (!answer || this.#isOver()) return this.#next(now);
    this.#tried = answer.tried;
    this.#inform(answer.headers, now);
  }

  onFailure(_failure: unknown, _reason: string, now: Instant): void {
    this.#next(now);
  }

  get #body(): string {
    return writeDigit(this.#type, this.#digits[0]!);
  }

  #inform(credentials: readonly Header[], now: Instant): void {
    this.leg.request('INFO', [['Content-Type', this.#type], ...credentials], this.#body, this, now);
  }

  /** Whatever its peer said to it: a key is not told again. */
  #next(now: Instant): void {
    this.#digits.shift();
    this.#tried = [];
    if (this.#isOver()) this.#digits = [];
    if (this.busy) this.#inform([], now);
  }
}
