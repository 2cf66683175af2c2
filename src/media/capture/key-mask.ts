import { pcma, pcmu } from '#codec/g711';
import { isRtp, looksLikeRtcp, payloadTypeOf, rtpHeaderLength } from '#codec/rtp';
import { ToneHearing } from '#media/dtmf';

/** What stands in place of a key: of no event (RFC 4733 3.2 has keys at 0 to 15, the flash at 16). */
const noEvent = 0xff;
/** Octets of one event (RFC 4733 2.3). */
const eventLength = 4;
const firstDynamicType = 96;

/**
 * Writes over the keys in the RTP of one direction of a stream, in copies of its packets: PINs are typed so. Events lose their number,
 * and tones that are heard in G.711 become silence, from the packet on in which 13 ms of them stand.
 */
export class KeyMask {
  readonly #hearing = new ToneHearing({ began() {}, ended() {} });
  #events: readonly number[] = [];

  /** Payload types of telephone-event. */
  apply(events: readonly number[]): void {
    this.#events = events;
  }

  hide(packet: Uint8Array): void {
    const { length } = packet;
    if (!isRtp(packet, length) || looksLikeRtcp(packet, length)) return;
    const type = payloadTypeOf(packet);
    const start = rtpHeaderLength(packet, length);
    if (start >= length) return;
    const law = type === pcma.payloadType ? pcma : type === pcmu.payloadType ? pcmu : undefined;
    if (law) {
      this.#hearing.add(packet, start, length, law.linear);
      if (this.#hearing.suspects) packet.fill(law.code(0), start, length);
    } else if (this.#events.includes(type) || (type >= firstDynamicType && length - start === eventLength)) {
      // No codec has packets of four octets but for the end of what it says; of a type that nobody told it is the safe guess.
      for (let at = start; at < length; at += eventLength) packet[at] = noEvent;
    } else if (this.#carriesEvent(packet, start, length)) packet.fill(noEvent, start, length);
  }

  /** RFC 2198 3: headers of four octets while their first bit is set, then one of a single octet. */
  #carriesEvent(packet: Uint8Array, start: number, length: number): boolean {
    if (this.#events.length === 0 || packet[start]! < 0x80) return false;
    for (let at = start; at < length; at += 4) {
      if (this.#events.includes(packet[at]! & 0x7f)) return true;
      if (packet[at]! < 0x80) return false;
    }
    return false;
  }
}
