import { keyOf } from '#codec/dtmf';
import { pcma } from '#codec/g711';
import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '#codec/rtp';
import { EventHearing, ToneHearing } from '#media/dtmf';

/** What B has of A's stream, as B's own ears and eyes tell. */
export class Listener {
  readonly packets: Uint8Array[] = [];
  readonly keys: string[] = [];
  readonly #events: EventHearing;
  readonly #eventRate: number;
  readonly #eventType: number;
  readonly #tones: ToneHearing;
  #now = 0;
  #ssrc: number | undefined;

  constructor(eventType = 101, eventRate = 8000) {
    this.#eventType = eventType;
    this.#eventRate = eventRate;
    this.#events = new EventHearing({
      began: () => {},
      ended: (event, duration) => void this.keys.push(`event ${keyOf(event)} ${(1000 * duration) / this.#eventRate}`),
    });
    this.#tones = new ToneHearing({
      began: () => {},
      ended: (event) => void this.keys.push(`tone ${keyOf(event)} ${Math.round(this.#tones.ms / 25) * 25}`),
    });
  }

  add(packet: Uint8Array): void {
    this.packets.push(packet);
    this.#now += 20;
    if (ssrcOf(packet) !== this.#ssrc) this.#events.newSource();
    this.#ssrc = ssrcOf(packet);
    const type = payloadTypeOf(packet);
    if (type === this.#eventType) this.#events.add(packet, 12, packet.length, timestampOf(packet), this.#now);
    else if (type === 8) this.#tones.add(packet, 12, packet.length, pcma.linear);
  }

  end(): void {
    this.#tones.end();
    this.#events.end();
  }

  /** Numbers that are missing or come twice. */
  get gaps(): number[] {
    const numbers = this.packets.map(sequenceOf);
    return numbers.slice(1).filter((number, n) => number !== ((numbers[n]! + 1) & 0xffff));
  }

  get types(): string {
    return this.packets
      .map(payloadTypeOf)
      .join(' ')
      .replaceAll(/(\b\d+)( \1\b)+/g, '$1…');
  }
}

/** A murmur that no key is in. */
export const murmur = Uint8Array.from({ length: 160 }, (_, n) =>
  pcma.code(Math.round(900 * Math.sin(n / 7) + 400 * Math.sin(n / 2.3))),
);

/** A key that is pressed: packets of 20 ms. */
export interface Pressing {
  readonly packets?: number;
  readonly type?: number;
  /** Units of the event in a packet. */
  readonly step?: number;
  readonly ends?: number;
  readonly lose?: readonly number[];
}
