import type { SrtpPlan } from '#codec/media-control';
import {
  readSdesKey,
  refusal,
  type SdesKey,
  type SrtpCiphers,
  type SrtpMasterKey,
  SrtpReceiver,
  SrtpSender,
  sameMasterKey,
} from '#codec/srtp';
import { assert } from '#kernel';

/**
 * SRTP with one peer of one stream. A key that is applied again goes on counting where it was, and so does the one
 * before it, should a change be taken back: to begin anew under a used key would send two packets under one keystream.
 */
export class SideSrtp {
  /** Where packets are opened and sealed. */
  readonly buffer: Uint8Array;
  readonly #sending: Keys<SrtpSender>;
  readonly #receiving: Keys<SrtpReceiver>;
  #sender: SrtpSender | undefined;
  #receiver: SrtpReceiver | undefined;
  /** The key before: good until the peer has used the new one, as packets are under way when keys change. */
  #former: SrtpReceiver | undefined;
  #openedBy: SrtpReceiver | undefined;

  constructor(ciphers: SrtpCiphers, buffer: Uint8Array) {
    this.buffer = buffer;
    this.#sending = new Keys((key) => new SrtpSender(ciphers, key));
    this.#receiving = new Keys((key) => new SrtpReceiver(ciphers, key));
  }

  /** The plan's keys are good: the control link refuses others. */
  apply(plan: SrtpPlan): void {
    this.#sender = this.#sending.use(plan.send);
    const before = this.#receiver;
    this.#receiver = plan.receive && this.#receiving.use(plan.receive);
    if (before !== this.#receiver) this.#former = this.#receiver && this.#receiving.former;
  }

  /** The length of what was made of the packet in `buffer`, or a `refusal`. */
  sealRtp(packet: Uint8Array, length: number): number {
    return this.#sender!.sealRtp(packet, length, this.buffer);
  }

  sealRtcp(packet: Uint8Array, length: number): number {
    return this.#sender!.sealRtcp(packet, length, this.buffer);
  }

  /** The same; nothing is committed before `accept`. */
  openRtp(packet: Uint8Array, length: number): number {
    const receiver = this.#receiver;
    if (!receiver) return refusal.unauthentic;
    this.#openedBy = receiver;
    const opened = receiver.openRtp(packet, length, this.buffer);
    if (opened !== refusal.unauthentic || !this.#former) return opened;
    this.#openedBy = this.#former;
    return this.#former.openRtp(packet, length, this.buffer);
  }

  openRtcp(packet: Uint8Array, length: number): number {
    const receiver = this.#receiver;
    if (!receiver) return refusal.unauthentic;
    this.#openedBy = receiver;
    const opened = receiver.openRtcp(packet, length, this.buffer);
    if (opened !== refusal.unauthentic || !this.#former) return opened;
    this.#openedBy = this.#former;
    return this.#former.openRtcp(packet, length, this.buffer);
  }

  /** What was opened last was the peer's. */
  accept(): void {
    this.#openedBy?.accept();
    if (this.#openedBy === this.#receiver) this.#former = undefined;
  }

  end(): void {
    this.#sending.end();
    this.#receiving.end();
  }
}

/** One direction's key, and the one before it. */
class Keys<Machine extends { end(): void }> {
  readonly #make: (key: SrtpMasterKey) => Machine;
  #key: SrtpMasterKey | undefined;
  #machine: Machine | undefined;
  #formerKey: SrtpMasterKey | undefined;
  former: Machine | undefined;

  constructor(make: (key: SrtpMasterKey) => Machine) {
    this.#make = make;
  }

  use(sdes: SdesKey): Machine {
    const key = readSdesKey(sdes);
    assert(key, 'an SRTP key that the control link should have refused');
    if (this.#machine && this.#key && sameMasterKey(this.#key, key)) return this.#machine;
    const [formerKey, former] = [this.#formerKey, this.former];
    this.#formerKey = this.#key;
    this.former = this.#machine;
    this.#key = key;
    if (former && formerKey && sameMasterKey(formerKey, key)) {
      this.#machine = former;
    } else {
      former?.end();
      this.#machine = this.#make(key);
    }
    return this.#machine;
  }

  end(): void {
    this.#machine?.end();
    this.former?.end();
  }
}
