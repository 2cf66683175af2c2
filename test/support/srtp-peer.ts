import type { SrtpKey, SrtpPlan } from '#codec/media-control';
import { readSdesKey, SrtpReceiver, SrtpSender, srtpSuites } from '#codec/srtp';
import { ciphers } from './relay-bench.ts';

function key(seed: number, suite = 'AES_CM_128_HMAC_SHA1_80'): SrtpKey {
  const { keyLength, saltLength } = srtpSuites.find(({ name }) => name === suite)!;
  const octets = Uint8Array.from({ length: keyLength + saltLength }, (_, i) => seed + i);
  return { suite, inline: Buffer.from(octets).toString('base64') };
}

/** Someone with SRTP on the other side of the relay: he seals with its key, which is our `receive`, and opens with ours. */
export class SrtpPeer {
  /** The relay's plan for him. */
  readonly plan: Required<SrtpPlan>;
  readonly #sender: SrtpSender;
  readonly #receiver: SrtpReceiver;
  readonly #buffer = new Uint8Array(2048);

  constructor(seed: number, suite?: string) {
    this.plan = { send: key(seed, suite), receive: key(seed + 100, suite) };
    this.#sender = new SrtpSender(ciphers, readSdesKey(this.plan.receive)!);
    this.#receiver = new SrtpReceiver(ciphers, readSdesKey(this.plan.send)!);
  }

  seal(packet: Uint8Array, kind: 'Rtp' | 'Rtcp' = 'Rtp'): Uint8Array {
    const length = this.#sender[`seal${kind}`](packet, packet.length, this.#buffer);
    if (length < 0) throw new Error(`refused: ${length}`);
    return this.#buffer.slice(0, length);
  }

  open(sealed: Uint8Array | undefined, kind: 'Rtp' | 'Rtcp' = 'Rtp'): Uint8Array {
    const length = this.#receiver[`open${kind}`](sealed!, sealed!.length, this.#buffer);
    if (length < 0) throw new Error(`cannot be read: ${length}`);
    this.#receiver.accept();
    return this.#buffer.slice(0, length);
  }
}
