/** Offer and answer in every dialog of a ladder or a run: what we send has to be what the RFCs allow there, whatever peers do. */
import { SipRequest, type SipResponse } from '#codec/sip-message';
import { atRest, type Carrier, type End, type OfferAnswerState, type Passing, step } from '#media/offer-answer';

/** Ms after which a request of ours that nobody answered has failed (Timers B and F; setup deadlines are longer). */
const unanswered = 32_000;

interface Dialog {
  state: OfferAnswerState;
  /** When the offer that waits was made. */
  since: number;
  /** The INVITE that made it was answered. */
  isConfirmed: boolean;
  /** The process that knew of its INVITE died. */
  mayBeAnswered?: boolean;
  /** Of the peer's last INVITE. */
  cseq: number;
  /** Requests of the peer that crossed another, by CSeq: we may let them wait, and answer when that is over. */
  readonly waiting: Map<number, Passing>;
  /** Our last PRACK that bore an answer, and whether it has to be sent again. */
  answering?: { readonly cseq: number; again: boolean };
}

export class OfferAnswerTruth {
  /** Call-ID and both tags -> the dialog. */
  readonly #dialogs = new Map<string, Dialog>();
  /** Call-ID and the caller's tag -> what its INVITE began: dialogs begin with it. */
  readonly #roots = new Map<string, Dialog>();
  readonly #seen = new Set<string>();
  /** PRACKs and UPDATEs that offered nothing: what answers them is no answer. */
  readonly #plain = new Set<string>();

  received(message: SipRequest | SipResponse, now: number): void {
    this.#pass('peer', message, now);
  }

  /** Why we must not have sent it; undefined when we may. */
  sent(message: SipRequest | SipResponse, now: number): string | undefined {
    return this.#pass('us', message, now);
  }

  /** The process is gone: what was under way in its dialogs has come to nothing. */
  died(): void {
    // A request of a peer is new to the next process; a 2xx of ours is not new to the peer.
    for (const key of this.#seen) if (key.startsWith('peer ')) this.#seen.delete(key);
    for (const dialog of [...this.#roots.values(), ...this.#dialogs.values()]) {
      const { invite, offer } = dialog.state;
      dialog.waiting.clear();
      // The ACK may not have gone out: it is sent when the 2xx comes again.
      if (offer?.by === 'peer' && offer.in === '2xx') continue;
      // The next one may yet answer an INVITE.
      const isOpen = invite?.by === 'peer' && invite.stage === 'open';
      dialog.state = isOpen && !dialog.isConfirmed ? { invite, ...(offer?.by === 'peer' ? { offer } : {}) } : atRest;
      // It may have answered with its last breath: the next one goes on as if that had arrived.
      dialog.mayBeAnswered = isOpen && !dialog.isConfirmed;
      if (isOpen && dialog.isConfirmed) {
        const sdp = offer?.in === 'INVITE';
        dialog.waiting.set(dialog.cseq, { by: 'peer', what: 'INVITE', sdp });
      }
    }
  }

  #pass(by: End, message: SipRequest | SipResponse, now: number): string | undefined {
    const what = carrierOf(message);
    if (what === undefined) return undefined;
    // What comes again says nothing new; an ACK may come by another branch.
    const { number } = message.cseq;
    const key = [by, what, nameOf(message), number, message.get('rseq'), message.body].join(' ');
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    const sdp = message.contentType === 'application/sdp' && message.body !== '';
    if (what === 'PRACK' || what === 'UPDATE') {
      if (!sdp) this.#plain.add(`${by} ${nameOf(message)} ${number}`);
    } else if (what !== '2xx' && !(message instanceof SipRequest)) {
      if (this.#plain.has(`${by === 'us' ? 'peer' : 'us'} ${nameOf(message)} ${number}`)) return undefined;
    }
    const root = `${message.callId} ${tagOfCaller(message)}`;
    if (message instanceof SipRequest && message.to.tag === undefined) {
      const { state } = step(atRest, { by, what, sdp });
      this.#roots.set(root, { state, since: now, isConfirmed: false, cseq: number, waiting: new Map() });
      return undefined;
    }
    const dialogs =
      what === 'failure of INVITE' && !this.#dialogs.has(nameOf(message))
        ? [...this.#dialogs].flatMap(([name, one]) => (name.startsWith(`${message.callId} `) ? [one] : []))
        : [this.#dialog(nameOf(message), root, now)];
    for (const dialog of dialogs) {
      // It was given up without a word.
      const { offer } = dialog.state;
      const mayLast = offer?.in === 'INVITE' && !dialog.isConfirmed;
      if (offer?.by === by && !mayLast && now - dialog.since >= unanswered) dialog.state = atRest;
      const waited = by === 'us' && !(message instanceof SipRequest) ? dialog.waiting.get(number) : undefined;
      if (waited) {
        dialog.waiting.delete(number);
        if (what.startsWith('failure')) continue;
        dialog.state = step(dialog.state, waited).state;
      }
      // It came again, to another process.
      if (by === 'peer' && message instanceof SipRequest) dialog.waiting.delete(number);
      // RFC 3261 22: who wants credentials first has not taken the answer in the PRACK: it is said again, and is the same.
      if (what === 'failure of PRACK' && dialog.answering?.cseq === number && isChallenge(message))
        dialog.answering.again = true;
      else if (what === 'PRACK' && by === 'us' && dialog.answering?.again) {
        dialog.answering = { cseq: number, again: false };
        continue;
      }
      dialog.isConfirmed ||= what === '2xx';
      if (what === 'INVITE' && by === 'peer') dialog.cseq = number;
      const before = dialog.state;
      const outcome = step(before, { by, what, sdp });
      dialog.state = outcome.state;
      if (what === 'PRACK' && by === 'us' && sdp && before.offer) dialog.answering = { cseq: number, again: false };
      if (outcome.state.offer && !before.offer) dialog.since = now;
      if (by === 'peer') {
        if (outcome.kind === 'crossing') dialog.waiting.set(number, { by, what, sdp });
        continue;
      }
      const at = JSON.stringify(before);
      if (outcome.kind === 'crossing' && dialog.mayBeAnswered && !dialog.isConfirmed) continue;
      if (outcome.kind === 'crossing') return `our ${what} crosses an offer (${outcome.status}) at ${at}`;
      // A 2xx has to be acknowledged, though there is no answer to its offer: what follows mends or ends it.
      if (outcome.kind === 'wrong' && what !== 'ACK') return `our ${what}: ${outcome.why}, at ${at}`;
      if (outcome.kind === 'taken' && outcome.role === 'ignored') return `the SDP of our ${what} is neither, at ${at}`;
    }
    return undefined;
  }

  #dialog(name: string, root: string, now: number): Dialog {
    const known = this.#dialogs.get(name);
    if (known) return known;
    const { state } = this.#roots.get(root) ?? { state: atRest };
    const dialog: Dialog = { state, since: now, isConfirmed: false, cseq: 0, waiting: new Map() };
    this.#dialogs.set(name, dialog);
    return dialog;
  }
}

function nameOf(message: SipRequest | SipResponse): string {
  return `${message.callId} ${[message.from.tag ?? '', message.to.tag ?? ''].sort().join(' ')}`;
}

function isChallenge(message: SipRequest | SipResponse): boolean {
  return !(message instanceof SipRequest) && (message.status === 401 || message.status === 407);
}

const tagOfCaller = (message: SipRequest | SipResponse) => message.from.tag ?? '';

function carrierOf(message: SipRequest | SipResponse): Carrier | undefined {
  if (message instanceof SipRequest) {
    const { method } = message;
    return method === 'INVITE' || method === 'ACK' || method === 'PRACK' || method === 'UPDATE' ? method : undefined;
  }
  const { status, cseq } = message;
  const { method } = cseq;
  if (status === 100 || (method !== 'INVITE' && method !== 'PRACK' && method !== 'UPDATE')) return undefined;
  if (status < 200) return message.get('rseq') === undefined ? 'unreliable 1xx' : 'reliable 1xx';
  if (status >= 300) return `failure of ${method}`;
  return method === 'INVITE' ? '2xx' : `2xx to ${method}`;
}
