import type { Direction } from '#codec/sdp';
import type { HostPort, Octets } from '#kernel';
import type { ClientTransaction, Sleeper } from '#sip/transaction';
import type { Line } from './line.ts';
import { agreed, describe, type Heard, heard, mirrored, nowhere } from './sdp.ts';

/** What one end of a call has for its media. */
export interface LegMedia {
  readonly own: HostPort;
  readonly told: HostPort;
  readonly direction: Direction;
  readonly since: number;
}

/** What an end said of its media before an offer of its own. */
export interface Before {
  readonly port: number;
  readonly said: Octets;
  readonly fax: boolean;
}

/** A re-INVITE, UPDATE or PRACK of ours under way that offers, or asks for an offer. */
export interface Asking {
  readonly transaction: ClientTransaction<Sleeper>;
  readonly direction: Direction;
  readonly offerless: boolean;
  /** To go back to when it is refused. */
  readonly before: Before;
  readonly streams: number;
}

/** What one end of a dialog has said of its media, and heard of the other's. */
export class AgentSession {
  port: number;
  direction: Direction = 'sendrecv';
  /** Offer and answer have been made. */
  agreed = false;
  /** Its first stream is T.38. */
  fax = false;
  /** How many streams it has: never fewer than once (RFC 3264 8). */
  #streams: number;
  /** What it said last; '' when nothing, in this dialog. */
  #said: Octets = '';
  #version = 1;
  readonly #line: Line;
  readonly #callId: Octets;
  readonly #video: boolean;
  /** What the other side said last of where it listens. */
  #told: Heard | undefined;
  /** When anything of the media was last spoken of. */
  #since = 0;

  /** `said`: in the INVITE that made the dialog. */
  constructor(line: Line, callId: Octets, port: number, streams: number, video: boolean, said: Octets = '') {
    this.#said = said;
    this.#line = line;
    this.#callId = callId;
    this.port = port;
    this.#streams = streams;
    this.#video = video;
  }

  get streams(): number {
    return this.#streams;
  }

  get said(): Octets {
    return this.#said;
  }

  get before(): Before {
    return { port: this.port, said: this.#said, fax: this.fax };
  }

  get media(): LegMedia | undefined {
    const { direction } = this;
    if (!this.#told || this.#told.port === 0) return undefined;
    return { own: { host: this.#line.host, port: this.port }, told: this.#told, direction, since: this.#since };
  }

  describe(direction: Direction, streams = this.#streams, video = this.#video): Octets {
    const address = { host: this.#line.host, port: this.port };
    this.#said = describe({ address, direction, version: ++this.#version, streams, video, fax: this.fax });
    return this.#said;
  }

  /** An offer of the other side; our answer. */
  answer(offer: Heard): Octets {
    this.offered(offer);
    this.fax = offer.fax;
    this.direction = mirrored(offer.direction);
    // RFC 3264 6: a stream that is not offered is not taken.
    return this.describe(this.direction, this.#streams, this.#video && offer.video);
  }

  /** What it offered was refused: all is as it was (RFC 3261 14.1). */
  revert({ port, said, fax }: Before): void {
    this.port = port;
    this.#said = said;
    this.fax = fax;
  }

  offered({ streams }: Heard): void {
    if (streams < this.#streams && this.#line.mediaHost !== undefined)
      this.#line.complain(`${streams} streams after ${this.#streams}: ${this.#callId}`);
    this.#streams = streams;
  }

  /** The answer to an offer of ours, with this direction and so many streams. */
  answered(answer: Octets, offered: Direction, streams: number, what: string, now: number): void {
    const theirs = heard(answer);
    if (!theirs && this.#line.mediaHost !== undefined)
      this.#line.complain(`no answer to an offer, after ${what}: ${this.#callId}`);
    if (theirs) {
      // Passed on unread, a 2xx without SDP may be answered with anything.
      if (theirs.streams !== streams && this.#line.mediaHost !== undefined)
        this.#line.complain(`${theirs.streams} streams for ${streams} after ${what}: ${this.#callId}`);
      if (theirs.fax !== this.fax && theirs.port !== 0 && this.#line.mediaHost !== undefined)
        this.#line.complain(`another medium than was offered after ${what}: ${this.#callId}`);
      this.#streams = streams;
    }
    this.direction = agreed(offered, theirs?.direction ?? 'sendrecv');
    this.hear(theirs, now);
  }

  /** It refused something: whoever asked may have to ask again before the two hear each other. */
  touched(now: number): void {
    this.#since = now;
  }

  /** Takes over where the other side listens. */
  hear(theirs: Heard | undefined, now: number): void {
    this.#since = now;
    this.agreed = true;
    if (!theirs) return;
    this.#told = theirs;
    const { mediaHost } = this.#line;
    if (mediaHost !== undefined && theirs.host !== mediaHost && theirs.host !== nowhere)
      this.#line.complain(`SDP names ${theirs.host}, not ${mediaHost}: ${this.#callId}`);
  }
}
