import type { Authorised, DigestRequest } from '#codec/digest';
import { type Header, headerName, parseNameAddress, type SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { ClientFailure, OutgoingRequest, Rewriter, Target } from '#sip/transaction';
import { meaningOf, phraseOf } from './advice.ts';
import { type Grant, readGrant, secondsOf } from './answer.ts';
import { describeTarget, type Identifiers, registerRequest, registrarUri } from './request.ts';
import type { RegisterOwner, Registrar, RegistrationServices, RegistrationSettings } from './settings.ts';

/** What one server made of our REGISTER. `text` is for people, `retryAfter` in ms (RFC 3261 20.33). */
export type Outcome =
  | Granted
  /** It took our Contact off. */
  | { readonly kind: 'removed' }
  /** This server does not help; another may. `silent`: the flow that brought no answer. */
  | { readonly kind: 'elsewhere'; readonly text: string; readonly retryAfter?: number; readonly silent?: Flow }
  /** This registrar does not take us, and its other servers would say the same. */
  | { readonly kind: 'refused'; readonly text: string; readonly retryAfter?: number };

export interface Granted {
  readonly kind: 'granted';
  readonly grant: Grant;
  readonly flow: Flow;
}

/** Whom an exchange works for. */
export interface ExchangeUser {
  readonly settings: RegistrationSettings;
  readonly services: RegistrationServices;
  readonly identifiers: Identifiers;
  /** Ms to ask for. */
  readonly asked: number;
  /** A registrar wants to be asked for this many ms at least. */
  lengthen(least: number): void;
  nextCseq(): number;
  /** One more REGISTER leaves. */
  sending(now: Instant): void;
  answered(status: number, phrase: string, target: Target, now: Instant): void;
  over(exchange: Exchange, outcome: Outcome, now: Instant): void;
  /** It is over, and was granted all the same. */
  grantedLate(exchange: Exchange, grant: Granted, now: Instant): void;
}

const maxChallenges = 3;
const maxLengthenings = 2;
/** REGISTERs that one exchange may take: the first, one a challenge, one a 423, one for a 439. */
export const maxRequests = 1 + maxChallenges + maxLengthenings + 1;
/** However long it is asked to wait for: nobody wants a trunk to be down for days since a server said so once. */
const longestRetryAfter = 3_600_000;

/** Statuses after which another server of the same registrar is asked: it is this one's trouble. */
const elsewhere: ReadonlySet<number> = new Set([408, 430, 480, 482, 483]);

export interface ExchangeFacts {
  /** Its place among the registrars of the settings. */
  readonly registrar: number;
  readonly target: Target;
  readonly contact: Octets;
  readonly outbound: boolean;
  /** Takes the registration back. */
  readonly remove: boolean;
}

/** One REGISTER to one server, and the same again with what it asks for: credentials, a longer time, no outbound. */
export class Exchange implements RegisterOwner {
  readonly facts: ExchangeFacts;
  readonly #user: ExchangeUser;
  readonly #registrar: Registrar;
  readonly #rewriter: Rewriter | undefined;
  /** Our Contact as it was sent. */
  #contact: Octets;
  #outbound: boolean;
  #authorization: Authorised | undefined;
  #flow: Flow | undefined;
  #challenges = 0;
  #lengthenings = 0;
  #over = false;

  constructor(user: ExchangeUser, facts: ExchangeFacts) {
    this.#user = user;
    this.facts = facts;
    this.#registrar = user.settings.registrars[facts.registrar]!;
    this.#outbound = facts.outbound;
    this.#rewriter = user.services.rewriter?.(facts.target);
    this.#contact = facts.contact;
  }

  /** RFC 5626 was asked for and the first hop knows nothing of it (439). */
  get outboundRefused(): boolean {
    return this.facts.outbound && !this.#outbound;
  }

  /** The connection by which it asks. */
  get connection(): string | undefined {
    return this.#flow?.connection;
  }

  start(now: Instant): void {
    // Counted on each time: the same nonce count again would be taken for a replay (RFC 7616 3.4).
    this.#authorization = this.#user.services.authorizer?.beforehand(this.#digested);
    this.#send(now);
  }

  /** Whatever still comes does not matter. */
  abandon(): void {
    this.#over = true;
  }

  onResponse(response: SipResponse, transaction: { readonly flow: Flow }, now: Instant): void {
    const { status } = response;
    if (status < 200) return;
    if (this.#over) return this.#late(response, transaction.flow, now);
    this.#user.answered(status, phraseOf(response), this.facts.target, now);
    if (status < 300) return this.#accepted(response, transaction.flow, now);
    if (status === 401 || status === 407) return this.#challenged(response, now);
    if (status === 423) return this.#tooBrief(response, now);
    if (status === 439 && this.#outbound) {
      this.#outbound = false; // Registered without, rather than not at all.
      return this.start(now);
    }
    const seconds = secondsOf(response.get('retry-after'));
    const wait = seconds === undefined ? {} : { retryAfter: Math.min(seconds * 1000, longestRetryAfter) };
    const kind = elsewhere.has(status) || (status >= 500 && status < 600) ? 'elsewhere' : 'refused';
    const later = seconds === undefined ? '' : `; it asks us to wait for ${seconds} s`;
    this.#end({ kind, text: `${meaningOf(response)}${later}`, ...wait }, now);
  }

  onFailure(failure: ClientFailure, reason: string, now: Instant): void {
    if (this.#over) return;
    if (failure === 'timeout') return this.unanswered(now);
    this.#end({ kind: 'elsewhere', text: `${describeTarget(this.facts.target)} cannot be reached: ${reason}` }, now);
  }

  /** Nothing came in the time there was. */
  unanswered(now: Instant): void {
    const text = `no answer from ${describeTarget(this.facts.target)}: is the address right, and does a firewall let it through?`;
    this.#end({ kind: 'elsewhere', text, ...(this.#flow && { silent: this.#flow }) }, now);
  }

  get #digested(): DigestRequest {
    if (this.#rewriter) return this.#request(0, []);
    return { method: 'REGISTER', uri: registrarUri(this.#registrar), body: '' };
  }

  #send(now: Instant): void {
    const request = this.#request(this.#user.nextCseq(), this.#authorization?.headers ?? []);
    const contact = this.#rewriter && request.headers.find(([name]) => headerName(name) === 'contact');
    this.#contact = (contact && parseNameAddress(contact[1])?.uri) ?? this.facts.contact;
    this.#user.sending(now);
    this.#flow = this.#user.services.request(request, this.facts.target, this, now.mono).flow;
  }

  #request(cseq: number, authorization: readonly Header[]): OutgoingRequest {
    const { settings, identifiers, asked } = this.#user;
    const { contact, remove } = this.facts;
    const request = registerRequest(settings, {
      identifiers,
      registrar: this.#registrar,
      contact,
      cseq,
      expires: remove ? 0 : asked,
      outbound: this.#outbound,
      authorization,
    });
    return this.#rewriter?.request(request) ?? request;
  }

  #accepted(response: SipResponse, flow: Flow, now: Instant): void {
    const { services } = this.#user;
    const { remove } = this.facts;
    if (this.#authorization) {
      const info = { www: response.get('authentication-info'), proxy: response.get('proxy-authentication-info') };
      services.authorizer?.onInfo(info, this.#authorization.tried);
    }
    if (remove) return this.#end({ kind: 'removed' }, now);
    const grant = this.#grantIn(response);
    if ('problem' in grant) {
      const text = `${response.status} ${phraseOf(response)}, but ${grant.problem}`;
      return this.#end({ kind: 'refused', text }, now);
    }
    this.#end({ kind: 'granted', grant, flow }, now);
  }

  /** What was given up for its silence may have its answer yet. */
  #late(response: SipResponse, flow: Flow, now: Instant): void {
    if (response.status >= 300 || this.facts.remove) return;
    const grant = this.#grantIn(response);
    if (!('problem' in grant)) this.#user.grantedLate(this, { kind: 'granted', grant, flow }, now);
  }

  #grantIn(response: SipResponse): ReturnType<typeof readGrant> {
    const { identifiers, asked } = this.#user;
    return readGrant(response, this.#contact, this.#outbound ? identifiers.instance : undefined, asked);
  }

  #challenged(response: SipResponse, now: Instant): void {
    const { status } = response;
    const { authorizer } = this.#user.services;
    const refuse = (why: string) => {
      this.#end({ kind: 'refused', text: `${status} ${phraseOf(response)}: ${why}` }, now);
    };
    if (!authorizer) return refuse('it wants credentials, and the trunk has none');
    if (++this.#challenges > maxChallenges) return refuse('it asks for credentials again and again');
    const challenges = { www: response.all('www-authenticate'), proxy: response.all('proxy-authenticate') };
    const answer = authorizer.answer(challenges, this.#digested, this.#authorization?.tried ?? []);
    if (answer.kind === 'refused') {
      return refuse(answer.reason === 'refused' ? `${answer.text}: are username and password right?` : answer.text);
    }
    this.#authorization = answer;
    this.#send(now);
  }

  /** RFC 3261 10.2.8. */
  #tooBrief(response: SipResponse, now: Instant): void {
    const least = (secondsOf(response.get('min-expires')) ?? 0) * 1000;
    if (this.facts.remove || least <= this.#user.asked || ++this.#lengthenings > maxLengthenings) {
      return this.#end({ kind: 'refused', text: meaningOf(response) }, now);
    }
    this.#user.lengthen(least);
    this.start(now);
  }

  #end(outcome: Outcome, now: Instant): void {
    this.#over = true;
    this.#user.over(this, outcome, now);
  }
}
