import { sequenceOf, ssrcOf } from '#codec/rtp';
import type { SrtpCiphers } from './ciphers.ts';
import { CounterModeTransform } from './counter-mode-transform.ts';
import { GcmSealing } from './gcm-transform.ts';
import type { SrtpMasterKey } from './master-key.ts';
import { estimateIndex, maxRtcpIndex, maxRtpIndex } from './packet-index.ts';
import { refusal } from './refusal.ts';
import { deriveSessionKeys } from './session-keys.ts';
import { Sources } from './sources.ts';
import { readWord, rtcpHeader, rtpHeader, type Sealing } from './transform.ts';

/**
 * Protects what goes to one peer under one master key (RFC 3711 3.3). It passes on what others have numbered, so packets
 * may come late or twice: each index is used once, since two packets under one keystream would give both away.
 */
export class SrtpSender {
  readonly #sealing: Sealing;
  readonly #sources = new Sources();

  constructor(ciphers: SrtpCiphers, master: SrtpMasterKey) {
    const keys = deriveSessionKeys(ciphers, master);
    this.#sealing =
      keys.suite.cipher === 'gcm' ? new GcmSealing(ciphers, keys) : new CounterModeTransform(ciphers, keys);
  }

  /**
   * The SRTP packet's length, its octets in `out`, which may be `packet`; or a `refusal`. `packet` has passed `isRtp`.
   * `out` must have `srtpOverhead` octets more than `length`.
   */
  sealRtp(packet: Uint8Array, length: number, out: Uint8Array): number {
    if (length < rtpHeader || length + this.#sealing.overhead > out.length) return refusal.malformed;
    const ssrc = ssrcOf(packet);
    const source = this.#sources.find(ssrc);
    const used = source?.rtp;
    const sequence = sequenceOf(packet);
    const index = used !== undefined && used.highest >= 0 ? estimateIndex(used.highest, sequence) : sequence;
    if (index < 0 || used?.has(index)) return refusal.replayed;
    if (index > maxRtpIndex) return refusal.exhausted;
    if (!source && this.#sources.isFull) return refusal.sources;
    (source ?? this.#sources.add(ssrc)).rtp.add(index);
    return this.#sealing.sealRtp(packet, length, ssrc, index, out);
  }

  /** The same of RTCP that has passed `isRtcp`. */
  sealRtcp(packet: Uint8Array, length: number, out: Uint8Array): number {
    if (length < rtcpHeader || length + this.#sealing.overhead > out.length) return refusal.malformed;
    const ssrc = readWord(packet, 4);
    const source = this.#sources.find(ssrc);
    const index = source ? source.rtcp.highest + 1 : 0;
    if (index > maxRtcpIndex) return refusal.exhausted;
    if (!source && this.#sources.isFull) return refusal.sources;
    (source ?? this.#sources.add(ssrc)).rtcp.add(index);
    return this.#sealing.sealRtcp(packet, length, ssrc, index, out);
  }

  /** Forgets the keys; nothing may be sealed after. */
  end(): void {
    this.#sealing.end();
  }
}
