import type { Tried } from '#codec/digest';
import { parseDeltaSeconds, type SipResponse } from '#codec/sip-message';
import type { HostPort, Instant } from '#kernel';
import { type OutgoingRequest, type Sleeper, StateTimers } from '#sip/transaction';
import { type Account, type Credentials, isChallenge } from './account.ts';
import type { Line } from './phone-call.ts';

/** A phone at one registrar (RFC 3261 10.2): it says where it is, and says so again at half of the time that it was given. */
export class Registration implements Sleeper {
  readonly #line: Line;
  readonly #credentials: Credentials;
  readonly #at: HostPort;
  readonly #timers: StateTimers;
  #request: OutgoingRequest;
  #tried: Tried = [];

  constructor(
    line: Line,
    account: Account,
    credentials: Credentials,
    at: HostPort,
    { callId, tag, seconds }: { readonly callId: string; readonly tag: string; readonly seconds: number },
  ) {
    this.#line = line;
    this.#credentials = credentials;
    this.#at = at;
    this.#timers = new StateTimers(line.deadlines, this);
    const address = `<sip:${account.user}@${account.domain}>`;
    this.#request = {
      method: 'REGISTER',
      uri: `sip:${account.domain}`,
      from: `${address};tag=${tag}`,
      to: address,
      callId,
      cseq: 0,
      routes: [],
      headers: [
        ['Max-Forwards', '70'],
        ['Contact', line.contact],
        ['Expires', String(seconds)],
      ],
      body: '',
    };
  }

  begin(now: Instant): void {
    this.#tried = [];
    this.#send({ ...this.#request, cseq: this.#request.cseq + 1 }, now);
  }

  /** Told no more, and says nothing more. */
  end(): void {
    this.#timers.clear();
  }

  responded(response: SipResponse, now: Instant): void {
    if (response.status < 200) return;
    const again = isChallenge(response) ? this.#credentials.again(this.#request, response, this.#tried) : undefined;
    if (again) {
      this.#tried = again.tried;
      this.#send(again.request, now);
      return;
    }
    const granted = response.status < 300 ? secondsIn(response) : undefined;
    if (granted !== undefined) this.#timers.set('register', now.mono + granted * 500);
    this.#told(response.status);
  }

  failed(): void {
    this.#told(0);
  }

  wake(_name: string, now: Instant): void {
    this.begin(now);
  }

  #told(status: number): void {
    this.#line.tell({ kind: 'registered', registrar: this.#at, status });
  }

  #send(request: OutgoingRequest, now: Instant): void {
    this.#request = request;
    const target = { transport: 'udp', remote: this.#at, listeners: { udp: this.#line.listener } } as const;
    this.#line.layer.request(request, target, this, now.mono);
  }
}

/** What a registrar granted; one that does not say gave nothing that would have to be kept up. */
function secondsIn(response: SipResponse): number | undefined {
  return response.contact && parseDeltaSeconds(response.contact.params.get('expires') ?? response.get('expires'));
}
