import { durationAt, eventAt, eventPayloadLength, isEndAt, longestSegment } from '#codec/dtmf';

/** Whoever wants to know what keys a peer presses. */
export interface EventListener {
  began(event: number): void;
  /** `duration` in units of the event's clock, of all its segments. */
  ended(event: number, duration: number): void;
}

/** Ms without any packet of an event after which its end is held to be lost: senders tell of it every 50 ms at least. */
export const lostAfter = 200;

/**
 * The events in the telephone-event packets of one peer (RFC 4733 2.5): each begins once and ends once, however many packets
 * tell of it, come late, come again or are lost. The first packet that is heard begins it, were it the last of its end.
 */
export class EventHearing {
  readonly #listener: EventListener;
  #active = false;
  #known = false;
  #event = 0;
  /** Of the segment that is under way. */
  #timestamp = 0;
  #duration = 0;
  /** Of the segments before it. */
  #before = 0;
  #heardAt = 0;

  constructor(listener: EventListener) {
    this.#listener = listener;
  }

  get active(): boolean {
    return this.#active;
  }

  get event(): number {
    return this.#event;
  }

  /** Units so far, of all segments. */
  get duration(): number {
    return this.#before + this.#duration;
  }

  /** The timestamp from which the units count. */
  get timestamp(): number {
    return (this.#timestamp - this.#before) | 0;
  }

  /** When it was told of last, monotonic ms. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** The payload is at `at`; `timestamp` as a signed 32-bit number. */
  add(packet: Uint8Array, at: number, length: number, timestamp: number, now: number): void {
    if (length < at + eventPayloadLength) return;
    const event = eventAt(packet, at);
    const duration = durationAt(packet, at);
    const passed = (timestamp - this.#timestamp) | 0;
    if (this.#known && passed < 0) return; // Of an event before this one: it came late.
    if (this.#known && passed === 0 && event === this.#event) {
      if (!this.#active) return; // Its end again (2.5.1.4).
      // Some senders go on under one timestamp when the field is full.
      if (this.#duration - duration > longestSegment / 2) this.#before += longestSegment + 1;
      else if (duration < this.#duration && !isEndAt(packet, at)) return;
      this.#duration = duration;
    } else if (this.#active && event === this.#event && this.#isNextSegment(passed)) {
      this.#before += passed;
      this.#timestamp = timestamp;
      this.#duration = duration;
    } else {
      this.end();
      this.#active = this.#known = true;
      this.#event = event;
      this.#timestamp = timestamp;
      this.#duration = duration;
      this.#before = 0;
      this.#heardAt = now;
      this.#listener.began(event);
    }
    this.#heardAt = now;
    if (isEndAt(packet, at)) this.end();
  }

  /** The event that is under way ends with what was told of it: its end was lost, or something else has begun. */
  end(): void {
    if (!this.#active) return;
    this.#active = false;
    this.#listener.ended(this.#event, this.duration);
  }

  /** What comes from now on is of another source, whose timestamps say nothing about those before (RFC 3550 5.1). */
  newSource(): void {
    this.end();
    this.#known = false;
  }

  /** RFC 4733 2.5.1.3: a long event goes on where the segment before it was full. */
  #isNextSegment(passed: number): boolean {
    return passed === this.#duration || passed === longestSegment;
  }
}
