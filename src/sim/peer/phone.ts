import type { DigestClient, Tried } from '#codec/digest';
import { type Header, parseNameAddress, type SipResponse } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { ClientTransaction, OutgoingRequest, Sleeper } from '#sip/transaction';
import type { DeviceAddress } from '../organisation/organisation.ts';
import type { Line } from './line.ts';

export interface PhoneOptions {
  readonly line: Line;
  readonly device: DeviceAddress;
  readonly authorizer: DigestClient;
  /** Its address of record. */
  readonly aor: Octets;
  /** Tandem as registrar. */
  readonly registrar: Octets;
}

/** How a telephone keeps itself known (RFC 3261 10.2): and how it fails to. */
export class Phone implements Sleeper {
  readonly #options: PhoneOptions;
  readonly #callId: Octets;
  readonly #contact: Octets;
  #cseq = 0;
  /** In a row. */
  #refused = 0;
  #asks: number;
  #tried: Tried = [];
  #request: OutgoingRequest | undefined;
  #transaction: ClientTransaction<Sleeper> | undefined;
  #next: Deadline<Sleeper> | undefined;
  /** It wants to be known. */
  #isHere = true;
  /** It comes no more. */
  #isLeaving = false;
  #sentAt = 0;
  /** Ms: until when it is known, as it was told. */
  until = 0;

  constructor(options: PhoneOptions, now: Instant) {
    this.#options = options;
    const { line, device } = options;
    this.#callId = `${line.random.token(96)}@${line.host}`;
    this.#asks = device.expires;
    const flow = device.outbound ? `;+sip.instance="<urn:uuid:${device.name}>";reg-id=1` : '';
    this.#contact = `${line.contact}${flow}`;
    this.#wake(line.dice.between(0, 3_000), now);
  }

  get contact(): Octets {
    return parseNameAddress(this.#options.line.contact)!.uri;
  }

  /** Nothing is under way, and it wants to be known still. */
  get isSettled(): boolean {
    return this.#isHere && !this.#isLeaving && this.#transaction === undefined;
  }

  /** Somebody takes it off, forgets about it for a while, or has it register once more. */
  act(now: Instant): void {
    const { dice } = this.#options.line;
    if (this.#isLeaving) return;
    switch (dice.integer(4)) {
      case 0:
        this.#isHere = false;
        this.#register(0, now);
        return this.#wake(dice.between(1_000, 30_000), now);
      case 1:
        // Its battery is empty: nobody hears of it.
        this.#isHere = false;
        this.#transaction = undefined;
        return this.#wake(dice.between(20_000, 150_000), now);
      default:
        this.#register(this.#asks, now);
    }
  }

  /** In peace: it says that it is gone. */
  leave(now: Instant): void {
    this.#isLeaving = true;
    this.#wake(this.#options.line.dice.between(0, 20_000), now);
  }

  /** The connection that it was known by is gone. */
  disconnected(now: Instant): void {
    if (this.#isHere && !this.#isLeaving && this.until > 0)
      this.#wake(this.#options.line.dice.between(100, 3_000), now);
    if (this.#options.device.outbound) this.until = 0;
  }

  wake(_name: string, now: Instant): void {
    this.#next = undefined;
    this.#isHere = !this.#isLeaving;
    this.#register(this.#isLeaving ? 0 : this.#asks, now);
  }

  responded(transaction: ClientTransaction<Sleeper>, response: SipResponse, now: Instant): void {
    const { line, authorizer, device } = this.#options;
    const { status } = response;
    const request = this.#request;
    if (transaction !== this.#transaction || !request || status < 200) return;
    this.#transaction = undefined;
    if (status === 401) {
      const answer = authorizer.answer({ www: response.all('www-authenticate'), proxy: [] }, request, this.#tried);
      // Its nonce may be of another process.
      if (answer.kind === 'refused') {
        const isOften = ++this.#refused > 12 && !device.isWrong && !device.mayChange;
        return this.#failed(isOften ? `is refused: ${answer.reason}` : undefined, now);
      }
      this.#tried = answer.tried;
      return this.#send({ ...request, cseq: ++this.#cseq }, answer.headers, now);
    }
    if (status === 423) {
      this.#asks = Number(response.get('min-expires'));
      return this.#register(this.#asks, now);
    }
    this.#refused = 0;
    if (status >= 300) return this.#failed(status >= 500 ? undefined : `can't register: ${status}`, now);
    if (device.isWrong) line.complain('it is registered with a password that is wrong');
    const granted = response.all('contact').map((value) => parseNameAddress(value));
    const own = granted.find((one) => one?.uri === this.contact);
    const seconds = Number(own?.params.get('expires'));
    const isRemoved = request.headers.some(([name, value]) => name === 'Expires' && value === '0');
    if (isRemoved) {
      this.until = 0;
      if (own) line.complain(`it is still known: ${response.octets}`);
      return;
    }
    if (!own || !(seconds > 0)) return line.complain(`it is not among those that are known: ${response.octets}`);
    // Who grants it counts from when the request came, which may be long ago.
    this.until = this.#sentAt + (seconds - 1) * 1000;
    this.#wake(line.dice.chance(0.1) ? (seconds + 5) * 1000 : seconds * 1000 * 0.7, now);
  }

  failed(transaction: ClientTransaction<Sleeper>, now: Instant): void {
    if (transaction !== this.#transaction) return;
    this.#transaction = undefined;
    this.#failed(undefined, now);
  }

  #failed(complaint: string | undefined, now: Instant): void {
    if (complaint !== undefined) this.#options.line.complain(complaint);
    // Who leaves and can't say so is forgotten in time.
    if (!this.#isLeaving) this.#wake(this.#options.line.dice.between(2_000, 15_000), now);
  }

  #register(seconds: number, now: Instant): void {
    const { line, aor, registrar, authorizer } = this.#options;
    const headers: Header[] = [
      ['Max-Forwards', '70'],
      ['Contact', this.#contact],
      ['Expires', String(seconds)],
      ['Supported', 'path, outbound'],
    ];
    const request: OutgoingRequest = {
      method: 'REGISTER',
      uri: registrar,
      from: `<${aor}>;tag=${line.random.token(64)}`,
      to: `<${aor}>`,
      callId: this.#callId,
      cseq: ++this.#cseq,
      routes: [],
      headers,
      body: '',
    };
    const known = authorizer.beforehand(request);
    this.#tried = known.tried;
    this.#send(request, known.headers, now);
  }

  #send(request: OutgoingRequest, credentials: readonly Header[], now: Instant): void {
    this.#sentAt = now.mono;
    const { line } = this.#options;
    this.#request = request;
    const headers = [...request.headers, ...credentials];
    this.#transaction = line.layer.request({ ...request, headers }, line.target(undefined, undefined), this, now.mono);
  }

  #wake(after: number, now: Instant): void {
    const { deadlines } = this.#options.line;
    deadlines.clear(this.#next);
    this.#next = deadlines.set('register', this, now.mono + after);
  }
}
