import type { Tried } from '#codec/digest';
import { type Header, parseUri, type SipResponse } from '#codec/sip-message';
import { type Instant, type Octets, toOctets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { ClientFailure, ClientTransaction, OutgoingRequest, Target } from '#sip/transaction';
import { addressTo } from '../addressed.ts';
import { callerOf, type Identity } from '../identity/index.ts';
import { nobody } from '../identity/person.ts';
import type { CallServices, Party, TrunkTarget } from '../services.ts';

/** Addresses that are tried for one notice. */
const mostTries = 6;

const open = { id: false, user: false, header: false, session: false, history: false, critical: false, none: false };

/**
 * A notice as a MESSAGE (RFC 3428) to somebody at SIP: a request of our own, on its own. No call knows of it, so none can wait for it; what
 * comes of it is a line in the log.
 */
export class NoticeMessage implements Party {
  readonly #services: CallServices;
  readonly #call: string;
  readonly #to: string;
  readonly #from: Trunk;
  readonly #text: string;
  #left: { readonly trunk: Trunk; readonly target: TrunkTarget }[] = [];
  #trunk: Trunk | undefined;
  #request: OutgoingRequest | undefined;
  #target: Target | undefined;
  #tried: Tried = [];
  #transaction: ClientTransaction<Party> | undefined;

  private constructor(services: CallServices, call: string, from: Trunk, to: string, text: string) {
    this.#services = services;
    this.#call = call;
    this.#from = from;
    this.#to = to;
    this.#text = text;
  }

  /** `call`: of which it tells; `from`: whose it is, by whose rules it is sent where its address leads nowhere else; `to`: a sip URI. */
  static send(services: CallServices, call: string, from: Trunk, to: string, text: string, now: Instant): void {
    const message = new NoticeMessage(services, call, from, to, text);
    message.#left = message.#targets(now).slice(0, mostTries);
    message.#next('nobody there can be reached', now);
  }

  /** Trunks of that host; else where a call to its user would go. */
  #targets(now: Instant): { trunk: Trunk; target: TrunkTarget }[] {
    const { configuration, trunks } = this.#services;
    const uri = parseUri(this.#to);
    const host = uri?.host ?? '';
    const user = uri?.user ?? '';
    const isThere = ({ domain, addresses }: Trunk) => domain === host || addresses.some((one) => one.host === host);
    const own = configuration.trunks.filter(isThere);
    const planned = this.#services.plan(this.#from, user, '').trunks.map(({ trunk }) => trunk);
    return (own.length > 0 ? own : planned).flatMap((trunk) => {
      const found = trunks.targets(trunk, now);
      return found.kind === 'targets' ? found.targets.map((target) => ({ trunk, target })) : [];
    });
  }

  #next(why: string, now: Instant): void {
    const { configuration, random, transactions, trunks } = this.#services;
    for (let next = this.#left.shift(); next; next = this.#left.shift()) {
      const { trunk, target } = next;
      const addressed = addressTo(this.#services, trunk, target, this.#identity(), parseUri(this.#to)?.user ?? '');
      if (!addressed) continue;
      const headers: Header[] = [
        ['Max-Forwards', '70'],
        ['Priority', 'emergency'],
        ['Content-Type', 'text/plain;charset=UTF-8'],
      ];
      if (configuration.userAgent !== undefined) headers.push(['User-Agent', configuration.userAgent]);
      this.#trunk = trunk;
      this.#target = addressed.target;
      this.#tried = [];
      this.#request = {
        method: 'MESSAGE',
        uri: addressed.uri,
        from: `${addressed.from};tag=${random.token(64)}`,
        to: addressed.to,
        callId: random.token(128),
        cseq: 1,
        routes: addressed.routes,
        headers,
        body: toOctets(this.#text),
      };
      const { headers: credentials, tried } = trunks.beforehand(trunk, this.#request);
      this.#tried = tried;
      const request = { ...this.#request, headers: [...headers, ...credentials] };
      this.#transaction = transactions.request(request, addressed.target, this, now.mono);
      return;
    }
    this.#services.log('warn', 'notice-not-sent', { call: this.#call, to: this.#to, reason: why });
  }

  /** The number that was called speaks: nobody answers there, and nobody's name is shown. */
  #identity(): Identity {
    return {
      source: this.#from,
      hosts: [],
      phone: false,
      presented: { ...nobody, display: 'Emergency', user: 'emergency' },
      asserted: [],
      unscreened: false,
      private: false,
      privacy: open,
      history: [],
      cause: undefined,
      signed: undefined,
      notes: [],
    };
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status, phrase } = response;
    const request = this.#request;
    const trunk = this.#trunk;
    if (status < 200 || transaction !== this.#transaction || !request || !trunk) return;
    if (status < 300)
      return this.#services.log('info', 'notice-sent', {
        call: this.#call,
        to: this.#to,
        from: callerOf(request.from),
      });
    if (status === 401 || status === 407) {
      const answer = this.#services.trunks.authorized(trunk, response, request, this.#tried);
      if (answer.kind === 'authorised') return this.#again(request, answer.headers, answer.tried, now);
    }
    this.#next(`${status} ${phrase}` satisfies Octets, now);
  }

  #again(request: OutgoingRequest, credentials: readonly Header[], tried: Tried, now: Instant): void {
    this.#tried = tried;
    this.#request = { ...request, cseq: request.cseq + 1 };
    const { transactions } = this.#services;
    const signed = { ...this.#request, headers: [...request.headers, ...credentials] };
    this.#transaction = transactions.request(signed, this.#target!, this, now.mono);
  }

  onFailure(_failure: ClientFailure, reason: string, now: Instant): void {
    this.#next(reason, now);
  }
}
