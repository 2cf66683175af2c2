import type { Authorised, Tried } from '#codec/digest';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { ClientFailure, ClientTransaction, ServerTransaction } from '#sip/transaction';
import { passedStatus } from './causes.ts';
import type { CallHandle, Party } from './services.ts';

const carried: readonly (readonly [string, string])[] = [
  ['content-type', 'Content-Type'],
  ['content-disposition', 'Content-Disposition'],
  ['info-package', 'Info-Package'],
];

/** The leg by which it goes on. */
interface Sender {
  readonly call: CallHandle;
  credentialsFor(response: SipResponse, method: string, body: Octets, tried: Tried): Authorised | undefined;
  request(method: string, headers: readonly Header[], body: Octets, party: Party, now: Instant): unknown;
}

/** A request inside the call that means something only to the other end (INFO): passed on, its answer passed back. */
export class RelayedRequest implements Party {
  readonly call: CallHandle;
  readonly #from: ServerTransaction<Party>;
  readonly #to: Sender;
  readonly #request: { readonly method: string; readonly headers: readonly Header[]; readonly body: Octets };
  #tried: Tried = [];

  private constructor(from: ServerTransaction<Party>, to: Sender, request: SipRequest) {
    const headers: Header[] = [];
    for (const [name, display] of carried) {
      const value = request.get(name);
      if (value !== undefined) headers.push([display, value]);
    }
    this.call = to.call;
    this.#from = from;
    this.#to = to;
    this.#request = { method: request.method, headers, body: request.body };
  }

  static relay(from: ServerTransaction<Party>, request: SipRequest, to: Sender, now: Instant): void {
    new RelayedRequest(from, to, request).#send([], now);
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
    const type = response.get('content-type');
    const status = passedStatus(response.status);
    this.call.services.transactions.respond(
      this.#from,
      {
        status,
        ...(status === response.status ? { phrase: response.phrase } : {}),
        headers: type === undefined ? [] : [['Content-Type', type]],
        body: response.body,
      },
      now.mono,
    );
  }

  onFailure(failure: ClientFailure, _reason: string, now: Instant): void {
    this.call.services.transactions.respond(this.#from, { status: failure === 'timeout' ? 408 : 503 }, now.mono);
  }

  onCancel(): void {}
}
