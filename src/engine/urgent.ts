import type { HelpServices } from '#call';
import { parseUri, type SipRequest, unescapeUser } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';

/** Calls for help in a second that are heard though their source is banned, or not known by any proof (docs/limits.md). */
const mostUrgent = 10;

/** Which INVITEs are heard though all else of their source would not be: so few that nobody gets a flood in by them. */
export class Urgent {
  readonly #help: HelpServices | undefined;
  #second = 0;
  #heard = 0;

  constructor(help: HelpServices | undefined) {
    this.#help = help;
  }

  /** Before the parser: an INVITE to a number of help. */
  isHeard(octets: Octets, now: Instant): boolean {
    if (!this.#help || !octets.startsWith('INVITE ')) return false;
    const end = octets.indexOf(' ', 7);
    if (end < 0 || end > 300) return false;
    const uri = octets.slice(7, end);
    return this.#help.mayBe(unescapeUser(parseUri(uri)?.user ?? ''), uri) && this.#hasRoom(now);
  }

  /**
   * It calls for help from an address of a site of ours: a telephone whose password is wrong, or that has not registered yet, is helped all
   * the same.
   */
  isTaken(request: SipRequest, address: string, now: Instant): boolean {
    const { method, target, uri, to } = request;
    if (!this.#help || method !== 'INVITE' || to.tag !== undefined) return false;
    if (!this.#help.mayBe(unescapeUser(target?.user ?? ''), uri) || !this.#help.isHouse(address)) return false;
    return this.#hasRoom(now);
  }

  #hasRoom({ mono }: Instant): boolean {
    const second = Math.floor(mono / 1000);
    if (second !== this.#second) this.#heard = 0;
    this.#second = second;
    return ++this.#heard <= mostUrgent;
  }
}
