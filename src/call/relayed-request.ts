import type { Authorised, Tried } from '#codec/digest';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { ClientFailure, ClientTransaction, ServerTransaction } from '#sip/transaction';
import { passedStatus } from './causes.ts';
import { answerFields, bodyOf, requestFields } from './passing/crossing.ts';
import { permitsOf } from './passing/permits.ts';
import type { CallHandle, Party } from './services.ts';

/** One side of two dialogs between which a request passes. */
export interface RelayEnd {
  readonly call: CallHandle;
  readonly trunk: Trunk;
  /** Ours, towards its peer. */
  readonly contact: string;
}

/** The side by which it goes on. */
interface Sender extends RelayEnd {
  credentialsFor(response: SipResponse, method: string, body: Octets, tried: Tried): Authorised | undefined;
  request(method: string, headers: readonly Header[], body: Octets, party: Party, now: Instant): unknown;
}

/** Who has to know what comes of it. */
export interface RelayWatch {
  /** A final response, before it is passed on. */
  answered(response: SipResponse, now: Instant): void;
  /** There is none: the status that its sender gets. */
  failed(now: Instant): number;
}

/** Requests that are of a dialog, or make one: they say where their sender is to be found (RFC 6665 8.3). */
const withContact: ReadonlySet<string> = new Set(['SUBSCRIBE', 'NOTIFY', 'REFER']);

/** A request in a dialog that means something only to the other end (INFO, NOTIFY): passed on, its answer passed back. */
export class RelayedRequest implements Party {
  readonly call: CallHandle;
  readonly #server: ServerTransaction<Party>;
  readonly #from: RelayEnd;
  readonly #to: Sender;
  readonly #watch: RelayWatch | undefined;
  readonly #request: { readonly method: string; readonly headers: readonly Header[]; readonly body: Octets };
  #tried: Tried = [];

  private constructor(
    server: ServerTransaction<Party>,
    request: SipRequest,
    from: RelayEnd,
    to: Sender,
    watch: RelayWatch | undefined,
    rewritten: readonly Header[],
  ) {
    const { method } = request;
    const headers: Header[] = [['Max-Forwards', String((request.maxForwards ?? 70) - 1)]];
    if (withContact.has(method)) headers.push(['Contact', to.contact]);
    const isKept = ([name]: Header) => !rewritten.some(([other]) => other === name);
    headers.push(...requestFields(request, from.trunk, to.trunk, true).filter(isKept), ...rewritten);
    this.call = to.call;
    this.#server = server;
    this.#from = from;
    this.#to = to;
    this.#watch = watch;
    this.#request = { method, headers, body: bodyOf(request) };
  }

  /** `rewritten`: fields that are another on the other side. */
  static relay(
    server: ServerTransaction<Party>,
    request: SipRequest,
    from: RelayEnd,
    to: Sender,
    now: Instant,
    watch?: RelayWatch,
    rewritten: readonly Header[] = [],
  ): void {
    if (request.maxForwards === 0)
      return void from.call.services.transactions.respond(server, { status: 483 }, now.mono);
    new RelayedRequest(server, request, from, to, watch, rewritten).#send([], now);
  }

  #send(credentials: readonly Header[], now: Instant): void {
    const { method, headers, body } = this.#request;
    this.#to.request(method, [...headers, ...credentials], body, this, now);
  }

  onResponse(response: SipResponse, _transaction: ClientTransaction<Party>, now: Instant): void {
    if (response.status < 200) return;
    const { method, body } = this.#request;
    const credentials = this.#to.credentialsFor(response, method, body, this.#tried);
    if (credentials) {
      this.#tried = credentials.tried;
      return this.#send(credentials.headers, now);
    }
    this.#watch?.answered(response, now);
    const status = passedStatus(response.status);
    const headers = answerFields(response);
    const permits = permitsOf(this.#from.trunk);
    if (status < 300 && withContact.has(method)) headers.push(['Contact', this.#from.contact]);
    else if (status === 405 || status === 501) headers.push(['Allow', permits.allow]);
    else if (status === 489) headers.push(...permits.events());
    this.call.services.transactions.respond(
      this.#server,
      {
        status,
        ...(status === response.status ? { phrase: response.phrase } : {}),
        headers,
        body: bodyOf(response),
      },
      now.mono,
    );
  }

  onFailure(failure: ClientFailure, _reason: string, now: Instant): void {
    const status = this.#watch?.failed(now) ?? (failure === 'timeout' ? 408 : 503);
    this.call.services.transactions.respond(this.#server, { status }, now.mono);
  }
}
