import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Dice } from '../dice.ts';
import type { TimerWish } from './abilities.ts';

const shortest = 90;

interface Held {
  /** Seconds. */
  readonly expires: number;
  /** The refreshes are ours. */
  readonly ours: boolean;
}

/** The session timer of one dialog of an agent (RFC 4028), written by the standard and not by what Tandem does. */
export class KeepAlive {
  readonly #wish: TimerWish | undefined;
  #minimum: number;
  held: Held | undefined;

  constructor(wish: TimerWish | undefined, minimum = 0) {
    this.#wish = wish;
    this.#minimum = Math.max(shortest, wish?.minimum ?? 0, minimum);
  }

  /** Of an INVITE or UPDATE of ours (7.1, 7.4). */
  asked(): Header[] {
    const wish = this.#wish;
    if (!wish) return [];
    const minimum: Header[] = this.#minimum > shortest ? [['Min-SE', String(this.#minimum)]] : [];
    if (this.held)
      return [
        [
          'Session-Expires',
          `${Math.max(this.held.expires, this.#minimum)};refresher=${this.held.ours ? 'uac' : 'uas'}`,
        ],
        ...minimum,
      ];
    if (wish.expires === undefined) return minimum;
    const who = wish.refresher === undefined ? '' : `;refresher=${wish.refresher}`;
    return [['Session-Expires', `${Math.max(wish.expires, this.#minimum)}${who}`], ...minimum];
  }

  /** A 2xx to it (7.2); what is wrong with that. */
  accepted(response: SipResponse): string | undefined {
    const said = sessionExpires(response);
    this.held = said && this.#wish ? { expires: said.expires, ours: said.refresher !== 'uas' } : undefined;
    if (!said) return undefined;
    // 9: who did not say that it knows timers can't be made to refresh.
    if (!this.#wish && said.refresher !== 'uas') return 'a refresher who knows no timers';
    if (this.#wish && said.refresher === undefined) return 'nobody is named as the refresher';
    if (said.expires < this.#minimum && this.#wish) return `${said.expires} s, less than its Min-SE`;
    return undefined;
  }

  /** The Min-SE of a 422 (7.3); false when it asks for nothing more. */
  raised(response: SipResponse): boolean {
    const minimum = Number(response.get('min-se') ?? 0);
    if (!this.#wish || minimum <= this.#minimum) return false;
    this.#minimum = minimum;
    return true;
  }

  /** For a request with an interval that is too small (9): our 422. */
  refusal(request: SipRequest): Header[] | undefined {
    const said = sessionExpires(request);
    if (!this.#wish || !said || !knowsTimers(request) || said.expires >= this.#wish.minimum) return undefined;
    return [['Min-SE', String(this.#wish.minimum)]];
  }

  /** Of our 2xx to it (9). */
  answer(request: SipRequest): Header[] {
    const wish = this.#wish;
    const said = sessionExpires(request);
    if (!wish || !said) {
      this.held = undefined;
      return [];
    }
    this.#minimum = Math.max(this.#minimum, Number(request.get('min-se') ?? 0));
    const refresher = said.refresher ?? (knowsTimers(request) ? (wish.refresher ?? 'uac') : 'uas');
    this.held = { expires: said.expires, ours: refresher === 'uas' };
    return [
      ['Session-Expires', `${said.expires};refresher=${refresher}`],
      ...(refresher === 'uac' ? [['Require', 'timer'] as const] : []),
    ];
  }
}

function sessionExpires(message: SipRequest | SipResponse) {
  const value = message.get('session-expires');
  if (value === undefined) return undefined;
  const refresher = /;\s*refresher=(uac|uas)/.exec(value)?.[1] as 'uac' | 'uas' | undefined;
  return { expires: Number.parseInt(value, 10), refresher };
}

function knowsTimers(request: SipRequest): boolean {
  return [...request.all('supported'), ...request.all('require')].includes('timer');
}

/** What a request that changes the session, or keeps it alive, is refused with. */
export function refusalOf(
  dice: Dice,
  keepAlive: KeepAlive,
  request: SipRequest,
): { readonly status: number; readonly headers?: readonly Header[] } | undefined {
  const raised = keepAlive.refusal(request);
  if (raised) return { status: 422, headers: raised };
  if (dice.chance(0.15)) return { status: dice.pick([488, 500, 491, 603]) };
  if (dice.chance(0.03)) return { status: 500, headers: [['Retry-After', '1']] };
  return undefined;
}
