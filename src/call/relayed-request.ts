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
  request(method: string, headers: readonly Header[], body: Octets, party: Party, now: Instant): unknown;
}

/** A request inside the call that means something only to the other end (INFO): passed on, its answer passed back. */
export class RelayedRequest implements Party {
  readonly call: CallHandle;
  readonly #from: ServerTransaction<Party>;

  private constructor(call: CallHandle, from: ServerTransaction<Party>) {
    this.call = call;
    this.#from = from;
  }

  static relay(from: ServerTransaction<Party>, request: SipRequest, to: Sender, now: Instant): void {
    const headers: Header[] = [];
    for (const [name, display] of carried) {
      const value = request.get(name);
      if (value !== undefined) headers.push([display, value]);
    }
    to.request(request.method, headers, request.body, new RelayedRequest(to.call, from), now);
  }

  onResponse(response: SipResponse, _transaction: ClientTransaction<Party>, now: Instant): void {
    if (response.status < 200) return;
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
