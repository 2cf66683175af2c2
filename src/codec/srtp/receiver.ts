import { sequenceOf, ssrcOf } from '#codec/rtp';
import type { SrtpCiphers } from './ciphers.ts';
import { CounterModeTransform } from './counter-mode-transform.ts';
import { GcmOpening } from './gcm-transform.ts';
import type { SrtpMasterKey } from './master-key.ts';
import { estimateIndex, maxRtpIndex } from './packet-index.ts';
import { refusal } from './refusal.ts';
import { deriveSessionKeys } from './session-keys.ts';
import { Sources } from './sources.ts';
import { type Opening, readWord, rtcpHeader, rtpHeader } from './transform.ts';

/**
 * Opens what comes from one peer under one master key (RFC 3711 3.3): verify, then commit. `open…` tells what a packet is
 * and changes nothing; `accept` enters the one opened last, once its receiver has decided that it is his. So neither
 * a forgery nor a copy from a strange address moves a roll-over counter or takes the place of the true packet.
 *
 * The first packet of an SSRC is taken to be under roll-over counter 0: one that has rolled over before its receiver began
 * to listen cannot be read, as RFC 3711 3.3.1 has no way to tell.
 */
export class SrtpReceiver {
  readonly #opening: Opening;
  readonly #sources = new Sources();
  /** What `accept` would enter. */
  #openedSsrc = 0;
  #openedIndex = -1;
  #openedIsRtcp = false;

  constructor(ciphers: SrtpCiphers, master: SrtpMasterKey) {
    const keys = deriveSessionKeys(ciphers, master);
    this.#opening =
      keys.suite.cipher === 'gcm' ? new GcmOpening(ciphers, keys) : new CounterModeTransform(ciphers, keys);
  }

  /** The RTP packet's length, its octets in `out`, which may be `packet`; or a `refusal`, and `out` is void. */
  openRtp(packet: Uint8Array, length: number, out: Uint8Array): number {
    this.#openedIndex = -1;
    if (length < rtpHeader || length > out.length) return refusal.malformed;
    const ssrc = ssrcOf(packet);
    const source = this.#sources.find(ssrc);
    const seen = source?.rtp;
    const sequence = sequenceOf(packet);
    const index = seen !== undefined && seen.highest >= 0 ? estimateIndex(seen.highest, sequence) : sequence;
    if (index < 0 || index > maxRtpIndex) return refusal.unauthentic;
    if (seen?.has(index)) return refusal.replayed;
    const opened = this.#opening.openRtp(packet, length, ssrc, index, out);
    return this.#opened(opened, ssrc, index, false);
  }

  openRtcp(packet: Uint8Array, length: number, out: Uint8Array): number {
    this.#openedIndex = -1;
    const index = this.#opening.rtcpIndex(packet, length);
    if (length < rtcpHeader || length > out.length || index < 0) return refusal.malformed;
    const ssrc = readWord(packet, 4);
    if (this.#sources.find(ssrc)?.rtcp.has(index)) return refusal.replayed;
    const opened = this.#opening.openRtcp(packet, length, ssrc, out);
    return this.#opened(opened, ssrc, index, true);
  }

  /** The packet that was opened last has been taken: it counts from now on, and its copies are replays. */
  accept(): void {
    if (this.#openedIndex < 0) return;
    const source = this.#sources.find(this.#openedSsrc) ?? this.#sources.add(this.#openedSsrc);
    (this.#openedIsRtcp ? source.rtcp : source.rtp).add(this.#openedIndex);
    this.#openedIndex = -1;
  }

  /** Forgets the keys; nothing may be opened after. */
  end(): void {
    this.#opening.end();
  }

  #opened(length: number, ssrc: number, index: number, isRtcp: boolean): number {
    if (length < 0) return refusal.unauthentic;
    if (this.#sources.isFull && !this.#sources.find(ssrc)) return refusal.sources;
    this.#openedSsrc = ssrc;
    this.#openedIndex = index;
    this.#openedIsRtcp = isRtcp;
    return length;
  }
}
