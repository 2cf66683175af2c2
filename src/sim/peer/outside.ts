import { type Header, parseDeltaSeconds, type SipRequest, type SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import { type Dialog, dialogOfServer } from '#sip/dialog';
import type { ClientTransaction, OutgoingRequest, ServerTransaction, Sleeper } from '#sip/transaction';
import { LegWire } from './leg-wire.ts';
import type { Line } from './line.ts';

const event: Header = ['Event', 'presence'];

/** Who is watched at this end: says how it is, and when there is no more to be said (RFC 6665). */
class Watched implements Sleeper {
  readonly #line: Line;
  readonly #wire: LegWire;
  readonly #over: () => void;

  constructor(line: Line, dialog: Dialog, seconds: number, over: () => void, now: Instant) {
    this.#line = line;
    this.#over = over;
    this.#wire = new LegWire(line, { ...dialog, routeSet: [] });
    this.#notify(seconds === 0 ? 'terminated;reason=timeout' : `active;expires=${seconds}`, now);
    if (seconds === 0) over();
    else line.deadlines.set('expiry', this, now.mono + line.dice.between(0, seconds * 1000));
  }

  wake(_name: string, now: Instant): void {
    this.#notify('terminated;reason=timeout', now);
    this.#over();
  }

  #notify(state: string, now: Instant): void {
    const headers: Header[] = [['Contact', this.#line.contact], event, ['Subscription-State', state]];
    this.#wire.request('NOTIFY', headers, '', this, now);
  }
}

/** What an agent has to do with others outside calls: a word, and how they are. */
export class Outside implements Sleeper {
  readonly #line: Line;
  /** Call-IDs of those that it watches, or that watch it. */
  readonly #subscriptions = new Set<Octets>();

  constructor(line: Line) {
    this.#line = line;
  }

  /** A word to a number, or a wish to know how it is. */
  say(method: 'MESSAGE' | 'SUBSCRIBE' | 'PUBLISH', number: string, now: Instant): void {
    const line = this.#line;
    const callId = `${line.random.token(96)}@${line.host}`;
    const { host, port } = line.server;
    const at = `${host}${port === 5060 ? '' : `:${port}`}`;
    const headers: Header[] = [['Max-Forwards', '70']];
    if (method === 'MESSAGE') headers.push(['Content-Type', 'text/plain']);
    else headers.push(event, ['Expires', String(line.dice.pick([0, 10, 60]))]);
    if (method === 'SUBSCRIBE') {
      headers.push(['Contact', line.contact]);
      this.#subscriptions.add(callId);
    }
    const request: OutgoingRequest = {
      method,
      uri: `sip:${number}@${at}`,
      from: `<${line.from}>;tag=${line.random.token(64)}`,
      to: `<sip:${number}@${at}>`,
      callId,
      cseq: 1,
      routes: [],
      headers,
      body: method === 'MESSAGE' ? 'how are you' : '',
    };
    line.layer.request(request, line.target(undefined, undefined), this, now.mono);
  }

  responded(_transaction: ClientTransaction<Sleeper>, response: SipResponse): void {
    if (response.status >= 300) this.#subscriptions.delete(response.callId);
  }

  failed(): void {}
  wake(): void {}

  /** Outside dialogs: true when it was for this. */
  began(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): boolean {
    const { layer, random, contact, dice } = this.#line;
    const toTag = random.token(64);
    const respond = (status: number, headers: readonly Header[] = []) =>
      void layer.respond(transaction, { status, toTag, headers }, now.mono);
    switch (request.method) {
      case 'MESSAGE':
        respond(dice.pick([200, 200, 202, 404, 480]));
        return true;
      case 'PUBLISH':
        respond(200, [
          ['SIP-ETag', String(dice.integer(1_000_000))],
          ['Expires', '60'],
        ]);
        return true;
      case 'SUBSCRIBE': {
        // Whoever forges may write anything there.
        const seconds = Math.min(60, parseDeltaSeconds(request.get('expires')) ?? 60);
        const { callId } = request;
        if (dice.chance(0.2) || this.#line.retired) {
          respond(dice.pick([404, 489]));
          return true;
        }
        respond(200, [
          ['Contact', contact],
          ['Expires', String(seconds)],
        ]);
        this.#subscriptions.add(callId);
        new Watched(this.#line, dialogOfServer(request, toTag), seconds, () => this.#subscriptions.delete(callId), now);
        return true;
      }
      default:
        return false;
    }
  }

  /** In a dialog of one of its subscriptions: true when it was for this. */
  requested(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): boolean {
    if (request.method !== 'NOTIFY' || !this.#subscriptions.has(request.callId)) return false;
    if (request.get('subscription-state')?.startsWith('terminated')) this.#subscriptions.delete(request.callId);
    this.#line.layer.respond(transaction, { status: 200 }, now.mono);
    return true;
  }
}
