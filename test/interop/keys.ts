import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { eventOf, keyOf, writeEvent } from '#codec/dtmf';
import { pcma } from '#codec/g711';
import { payloadTypeOf, sequenceOf, timestampOf } from '#codec/rtp';
import { DualTone, EventHearing, ToneHearing } from '#media/dtmf';
import type { Endpoint } from '../perf/sipp.ts';

const silence = new Uint8Array(160).fill(pcma.code(0));
const keyPackets = 5;
const pausePackets = 5;

/** One party's end of an audio stream in A-law: presses keys, as events or as tones, and keeps those that it hears. */
export class KeyParty {
  /** "event 5", "tone #", in order. */
  readonly heard: string[] = [];
  /** Sequence numbers that were left out or came twice. */
  gaps = 0;
  readonly #socket: Socket;
  readonly #remote: Endpoint;
  readonly #eventType: number;
  readonly #events = new EventHearing({
    began: (event) => void this.heard.push(`event ${keyOf(event)}`),
    ended: () => {},
  });
  readonly #tones = new ToneHearing({
    began: (event) => void this.heard.push(`tone ${keyOf(event)}`),
    ended: () => {},
  });
  readonly #timer: NodeJS.Timeout;
  /** What is sent next, in place of silence. */
  #waiting: ((sequence: number, timestamp: number) => Buffer)[] = [];
  #sequence = 1000;
  #timestamp = 0;
  #ssrc: number | undefined;
  #last = 0;

  private constructor(socket: Socket, remote: Endpoint, eventType: number, speaks: boolean) {
    this.#socket = socket;
    this.#remote = remote;
    this.#eventType = eventType;
    socket.on('message', (packet) => this.#receive(packet));
    socket.on('error', () => undefined); // a port that is closed again: what did not come is missed
    this.#timer = setInterval(() => speaks && this.#send(), 20);
  }

  /** `speaks`: it sends silence all the time. `eventType`: the payload type of the events that it sends and gets. */
  static async start(local: Endpoint, remote: Endpoint, eventType = 101, speaks = true): Promise<KeyParty> {
    const socket = createSocket('udp4');
    socket.bind(local.port, local.host);
    await once(socket, 'listening');
    return new KeyParty(socket, remote, eventType, speaks);
  }

  /** As RFC 4733 has it, 100 ms each. Ms until all are through. */
  press(keys: string): number {
    for (const key of keys) {
      let start = 0;
      for (let n = 1; n <= keyPackets + 2; n++)
        this.#waiting.push((sequence, timestamp) => {
          if (n === 1) start = timestamp;
          const payload = new Uint8Array(4);
          writeEvent(payload, 0, eventOf(key)!, n >= keyPackets, Math.min(n, keyPackets) * 160);
          return rtp(this.#eventType, n === 1, sequence, start, payload);
        });
      this.#pause();
    }
    return this.#waiting.length * 20;
  }

  /** The same in its audio. */
  sing(keys: string): number {
    for (const key of keys) {
      const tone = new DualTone(eventOf(key)!);
      for (let n = 0; n < keyPackets; n++) {
        const payload = new Uint8Array(160);
        tone.write(payload, 0, 160, pcma);
        this.#waiting.push((sequence, timestamp) => rtp(8, false, sequence, timestamp, payload));
      }
      this.#pause();
    }
    return this.#waiting.length * 20;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #pause(): void {
    for (let n = 0; n < pausePackets; n++)
      this.#waiting.push((sequence, timestamp) => rtp(8, n === 0, sequence, timestamp, silence));
  }

  #send(): void {
    const make = this.#waiting.shift();
    const packet = make
      ? make(this.#sequence, this.#timestamp)
      : rtp(8, false, this.#sequence, this.#timestamp, silence);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp += 160;
    this.#socket.send(packet, this.#remote.port, this.#remote.host);
  }

  #receive(packet: Buffer): void {
    if (packet.length < 16 || packet[0] !== 0x80) return;
    const ssrc = packet.readUInt32BE(8);
    if (ssrc !== this.#ssrc) this.#events.newSource();
    else if (sequenceOf(packet) !== ((this.#last + 1) & 0xffff)) this.gaps++;
    this.#ssrc = ssrc;
    this.#last = sequenceOf(packet);
    const type = payloadTypeOf(packet);
    if (type === this.#eventType) this.#events.add(packet, 12, packet.length, timestampOf(packet), performance.now());
    else if (type === 8) this.#tones.add(packet, 12, packet.length, pcma.linear);
  }
}

function rtp(type: number, marker: boolean, sequence: number, timestamp: number, payload: Uint8Array): Buffer {
  const packet = Buffer.alloc(12 + payload.length);
  packet[0] = 0x80;
  packet[1] = type | (marker ? 0x80 : 0);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(0x1234_5678, 8);
  packet.set(payload, 12);
  return packet;
}
