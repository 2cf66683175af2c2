import { eventOf, eventPayloadLength, keyOf, toneEvents, writeEvent } from '#codec/dtmf';
import { isRtp, payloadTypeOf, rtpHeaderLength, ssrcOf, timestampOf } from '#codec/rtp';
import { EventHearing } from '#media/dtmf';

/** 100 ms: old far ends want more than the 40 ms that ITU-T Q.24 names. */
const digitPacketCount = 5;
/** The last is sent three times (RFC 4733 2.5.1.4). */
const lastTimes = 3;
const samplesInPacket = 160;

/**
 * One digit as the payloads of RFC 4733 packets in order, 20 ms apart, all with the timestamp of the first. Undefined when
 * it is no digit.
 */
export function digitPackets(digit: string): readonly Uint8Array[] | undefined {
  const event = eventOf(digit);
  if (event === undefined || event >= toneEvents) return undefined;
  const payload = (isEnd: boolean, duration: number) => {
    const octets = new Uint8Array(eventPayloadLength);
    writeEvent(octets, 0, event, isEnd, duration);
    return octets;
  };
  const packets: Uint8Array[] = [];
  for (let n = 1; n <= digitPacketCount; n++) packets.push(payload(false, n * samplesInPacket));
  for (let n = 0; n < lastTimes; n++) packets.push(payload(true, digitPacketCount * samplesInPacket));
  return packets;
}

/** Hears the digits in what comes: each once, however many packets tell of it. */
export class DigitListener {
  heard = '';
  readonly #payloadType: number;
  readonly #events = new EventHearing({
    // What nobody dials (hook flash and its like) is not a digit.
    began: (event) => {
      if (event < toneEvents) this.heard = (this.heard + keyOf(event)!).slice(-64);
    },
    ended: () => {},
  });
  #ssrc: number | undefined;

  constructor(payloadType: number) {
    this.#payloadType = payloadType;
  }

  /** True when it was a packet of digits. */
  add(packet: Uint8Array): boolean {
    if (!isRtp(packet, packet.length) || payloadTypeOf(packet) !== this.#payloadType) return false;
    const ssrc = ssrcOf(packet);
    if (ssrc !== this.#ssrc) this.#events.newSource();
    this.#ssrc = ssrc;
    this.#events.add(packet, rtpHeaderLength(packet, packet.length), packet.length, timestampOf(packet), 0);
    return true;
  }
}
