import type { Tried } from '#codec/digest';
import type { Header, SipResponse } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { ClientFailure, ClientTransaction, OutgoingRequest, Sleeper, Target } from '#sip/transaction';
import type { Addressed } from '../addressed.ts';
import { MessageRules } from '../message-rules.ts';
import type { CallHandle, CallServices, Party, TrunkTarget } from '../services.ts';

/** What a try tells the passage that it is part of. */
export interface TryUser extends CallHandle {
  answered(one: Try, response: SipResponse, now: Instant): void;
  refused(one: Try, response: SipResponse, now: Instant): void;
  failed(one: Try, failure: ClientFailure, reason: string, now: Instant): void;
  /** It has had its time; others wait for theirs. */
  slow(one: Try, now: Instant): void;
  decide(rule: string, outcome: string): void;
}

/** One request beside calls to one address of one trunk. */
export class Try implements Party, Sleeper {
  readonly call: TryUser;
  readonly trunk: Trunk;
  readonly at: TrunkTarget;
  readonly localTag: string;
  readonly #target: Target;
  #request: OutgoingRequest;
  #tried: Tried = [];
  #transaction: ClientTransaction<Party> | undefined;
  #deadline: Deadline<Sleeper> | undefined;

  constructor(
    call: TryUser,
    trunk: Trunk,
    at: TrunkTarget,
    addressed: Addressed,
    method: string,
    headers: readonly Header[],
    body: Octets,
  ) {
    const { random } = call.services;
    this.call = call;
    this.trunk = trunk;
    this.at = at;
    this.localTag = random.token(64);
    this.#target = addressed.target;
    const ruled = {
      trunk,
      our: addressed.socket.advertise,
      peer: at.remote,
      within: false,
      side: 'to-trunk',
    } as const;
    const plain: OutgoingRequest = {
      method,
      uri: addressed.uri,
      from: `${addressed.from};tag=${this.localTag}`,
      to: addressed.to,
      callId: random.token(128),
      cseq: 1,
      routes: addressed.routes,
      headers,
      body,
    };
    this.#request = MessageRules.of(call.services, ruled)?.request(plain) ?? plain;
  }

  get request(): OutgoingRequest {
    return this.#request;
  }

  /** The way it went, or is going. */
  get flow(): Flow {
    return this.#transaction!.flow;
  }

  start(now: Instant): void {
    const { services } = this.call;
    const { method, uri, body } = this.#request;
    const { headers, tried } = services.trunks.beforehand(this.trunk, { method, uri, body });
    this.#tried = tried;
    this.#deadline = services.deadlines.set('slow', this, now.mono + patienceOf(services));
    this.#send(headers, now);
  }

  #send(credentials: readonly Header[], now: Instant): void {
    const { transactions } = this.call.services;
    const request = { ...this.#request, headers: [...this.#request.headers, ...credentials] };
    this.#transaction = transactions.request(request, this.#target, this, now.mono);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status } = response;
    if (status < 200 || transaction !== this.#transaction) return;
    if ((status === 401 || status === 407) && this.#authorized(response, now)) return;
    if (status < 300) this.call.answered(this, response, now);
    else this.call.refused(this, response, now);
  }

  onFailure(failure: ClientFailure, reason: string, now: Instant): void {
    this.call.failed(this, failure, reason, now);
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    this.call.slow(this, now);
  }

  over(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    // Its transaction lingers and holds on to it: it is to be small.
    this.#request = { ...this.#request, headers: [], body: '' };
  }

  /** The request again, with the credentials that were asked for (RFC 3261 22.2); false when there are none. */
  #authorized(response: SipResponse, now: Instant): boolean {
    const { method, uri, body } = this.#request;
    const { trunks } = this.call.services;
    const answer = trunks.authorized(this.trunk, response, { method, uri, body }, this.#tried);
    if (answer.kind === 'refused') {
      this.call.decide(`trunk ${this.trunk.name}`, `asks for credentials: ${answer.text}`);
      return false;
    }
    this.#tried = answer.tried;
    this.#request = { ...this.#request, cseq: this.#request.cseq + 1 };
    this.#send(answer.headers, now);
    return true;
  }
}

/** Ms that one target has while others wait: by then the request was sent five times by UDP (RFC 3261 17.1.2.2). */
function patienceOf({ transactions }: CallServices): number {
  return 16 * transactions.timers.t1;
}
