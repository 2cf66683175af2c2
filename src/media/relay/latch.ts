import { Endpoint, maySendTo } from '#media/packet-io';

/** How well a packet's source agrees with what signalling said; the latch only moves to a stronger claim. */
export const claim = {
  /** Nothing learned, or kept over a change of signalling that it does not contradict. */
  none: 0,
  /** Another host than signalled: a peer behind a NAT whose SDP names a private address, proven by a run of packets. */
  foreign: 1,
  /** The signalled host, but another port. */
  host: 2,
  /** The signalled host and port. */
  exact: 3,
} as const;

/** Packets in a row, of one SSRC where they have such, before another host than the signalled one is believed. */
const foreignRun = 3;

/**
 * Where one peer's packets of one socket come from, and where ours go to: "verify, then commit".
 *
 * | packet from                     | latches                                                                    |
 * |---------------------------------|----------------------------------------------------------------------------|
 * | the signalled address and port  | at once, even away from a weaker claim                                     |
 * | the signalled host, other port  | at once, unless latched to that host already                               |
 * | another host                    | after 3 consecutive RTP packets of one SSRC, while nothing is latched and   |
 * |                                 | the signalled host has been silent                                         |
 * | anywhere, nothing signalled     | never                                                                      |
 *
 * Once latched, only the source is heard; a stronger claim still displaces a weaker one, so that whoever guesses a port
 * before the peer speaks loses it to the peer (RTP bleed). What did not latch never reaches the other party.
 *
 * New signalling (`signal`) starts over. The old source goes on being heard until another latches if it is on the
 * newly signalled host, since packets are in flight when a port changes; from any other host it would be the device that
 * the peer has just left, so it is shut out at once. We send to the newly signalled address from that moment.
 */
export class Latch {
  source: Endpoint | undefined;
  /** Where packets to the peer go; undefined = nowhere. */
  target: Endpoint | undefined;
  readonly #local: Endpoint;
  #signalled: Endpoint | undefined;
  #strength: number = claim.none;
  #signalledHostHeard = false;

  #candidate: Endpoint | undefined;
  #candidateSsrc = 0;
  #candidateSequence = 0;
  #candidateRun = 0;

  /** `local` is the socket's own address: what may be sent from it depends on it. */
  constructor(local: Endpoint) {
    this.#local = local;
  }

  get signalled(): Endpoint | undefined {
    return this.#signalled;
  }

  /** Takes over what the peer's SDP says; undefined closes the latch. */
  signal(signalled: Endpoint | undefined): void {
    this.#signalled = signalled;
    this.#signalledHostHeard = false;
    this.#candidate = undefined;
    const source = this.source;
    if (!signalled || !source?.hasHost(signalled.a, signalled.b, signalled.c, signalled.d)) this.source = undefined;
    this.#strength = this.source && signalled?.equals(this.source) ? claim.exact : claim.none;
    this.#aim();
  }

  /** The signalled host has been heard by another way (RTCP): no other host may take its place any more. */
  hostHeard(source: Endpoint): void {
    const signalled = this.#signalled;
    if (signalled?.hasHost(source.a, source.b, source.c, source.d)) this.#signalledHostHeard = true;
  }

  /** Forgets what was learned, not what was signalled. */
  release(): void {
    this.source = undefined;
    this.#strength = claim.none;
    this.#aim();
  }

  /** A valid packet, of this SSRC (0 where there is none) and number, from elsewhere than `source`: true when it latched. */
  learn(ssrc: number, sequence: number, a: number, b: number, c: number, d: number, port: number): boolean {
    const signalled = this.#signalled;
    if (!signalled) return false;
    if (signalled.hasHost(a, b, c, d)) {
      this.#signalledHostHeard = true;
      return this.commit(port === signalled.port ? claim.exact : claim.host, a, b, c, d, port);
    }
    if (this.source || this.#signalledHostHeard) return false;
    return this.#isThirdInARow(ssrc, sequence, a, b, c, d, port) && this.commit(claim.foreign, a, b, c, d, port);
  }

  /** Latches to a source whose claim is stronger than what there is. */
  commit(strength: number, a: number, b: number, c: number, d: number, port: number): boolean {
    if (strength <= this.#strength) return false;
    const source = new Endpoint(a, b, c, d, port);
    if (!maySendTo(source, this.#local)) return false;
    this.source = source;
    this.#strength = strength;
    this.#candidate = undefined;
    this.#aim();
    return true;
  }

  #aim(): void {
    const signalled = this.#signalled;
    const learned = this.#strength > claim.none ? this.source : signalled;
    // RFC 2543's hold: the unspecified address asks us not to send, wherever the peer's own packets come from.
    const held = signalled === undefined || isUnspecified(signalled);
    // A socket that sends to itself would never come to rest.
    const itself = learned?.equals(this.#local);
    this.target = !held && !itself && learned && maySendTo(learned, this.#local) ? learned : undefined;
  }

  #isThirdInARow(ssrc: number, sequence: number, a: number, b: number, c: number, d: number, port: number): boolean {
    if (this.#candidate?.is(a, b, c, d, port) && ssrc === this.#candidateSsrc) {
      if (sequence === this.#candidateSequence) return false; // a duplicate proves nothing
      this.#candidateRun = sequence === ((this.#candidateSequence + 1) & 0xffff) ? this.#candidateRun + 1 : 1;
    } else {
      this.#candidate = new Endpoint(a, b, c, d, port);
      this.#candidateSsrc = ssrc;
      this.#candidateRun = 1;
    }
    this.#candidateSequence = sequence;
    return this.#candidateRun >= foreignRun;
  }
}

function isUnspecified(endpoint: Endpoint): boolean {
  return endpoint.d === 0 && endpoint.a === 0 && endpoint.b === 0 && (endpoint.c === 0 || endpoint.isIpv4);
}
