import { rtpHeaderLength } from '#codec/rtp';
import type { AesBlocks, SrtpCiphers } from './ciphers.ts';
import { CounterMode } from './counter-mode.ts';
import { HmacSha1 } from './hmac-sha1.ts';
import { maxRtcpIndex } from './packet-index.ts';
import type { SessionKeys } from './session-keys.ts';
import {
  copyOctets,
  encryptedFlag,
  hasOctets,
  type Opening,
  readWord,
  rtcpHeader,
  rtcpIndexLength,
  rtpHeader,
  type Sealing,
  writeOctets,
  writeWord,
} from './transform.ts';

/**
 * AES in counter mode with HMAC-SHA1 (RFC 3711 3.1, 3.4, 4; RFC 6188), which reads as it writes. On the wire:
 *
 *     RTP:  header, payload*, [MKI], tag          the tag covers header and payload, then the roll-over counter
 *     RTCP: 8 octets, rest*, E and index, [MKI], tag          it covers all before the MKI
 */
export class CounterModeTransform implements Sealing, Opening {
  readonly overhead: number;
  readonly #mki: Uint8Array;
  readonly #rtpTag: number;
  readonly #rtcpTag: number;
  readonly #aes: readonly AesBlocks[];
  readonly #rtpCipher: CounterMode;
  readonly #rtcpCipher: CounterMode;
  readonly #rtpCode: HmacSha1;
  readonly #rtcpCode: HmacSha1;

  constructor(ciphers: SrtpCiphers, { suite, mki, rtp, rtcp }: SessionKeys) {
    const rtpAes = ciphers.aes(rtp.key);
    const rtcpAes = ciphers.aes(rtcp.key);
    this.#aes = [rtpAes, rtcpAes];
    this.#rtpCipher = new CounterMode(ciphers, rtpAes, rtp.salt);
    this.#rtcpCipher = new CounterMode(ciphers, rtcpAes, rtcp.salt);
    this.#rtpCode = new HmacSha1(rtp.authentication);
    this.#rtcpCode = new HmacSha1(rtcp.authentication);
    this.#mki = mki;
    this.#rtpTag = suite.rtpTag;
    this.#rtcpTag = suite.rtcpTag;
    this.overhead = rtcpIndexLength + this.#mki.length + this.#rtcpTag;
  }

  sealRtp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number {
    const header = rtpHeaderLength(packet, length);
    copyOctets(packet, 0, header, out);
    this.#rtpCipher.crypt(packet, header, length, ssrc, index, out);
    this.#rtpCode.computeWithWord(out, length, rollOver(index));
    writeOctets(out, length, this.#mki);
    const tag = length + this.#mki.length;
    this.#rtpCode.write(out, tag, this.#rtpTag);
    return tag + this.#rtpTag;
  }

  openRtp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number {
    const tag = length - this.#rtpTag;
    const end = tag - this.#mki.length;
    if (end < rtpHeader || !hasOctets(packet, end, this.#mki)) return -1;
    const header = rtpHeaderLength(packet, end);
    if (header > end) return -1;
    this.#rtpCode.computeWithWord(packet, end, rollOver(index));
    if (!this.#rtpCode.matches(packet, tag, this.#rtpTag)) return -1;
    copyOctets(packet, 0, header, out);
    this.#rtpCipher.crypt(packet, header, end, ssrc, index, out);
    return end;
  }

  sealRtcp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number {
    copyOctets(packet, 0, rtcpHeader, out);
    this.#rtcpCipher.crypt(packet, rtcpHeader, length, ssrc, index, out);
    writeWord(out, length, encryptedFlag | index);
    const mki = length + rtcpIndexLength;
    this.#rtcpCode.compute(out, mki);
    writeOctets(out, mki, this.#mki);
    const tag = mki + this.#mki.length;
    this.#rtcpCode.write(out, tag, this.#rtcpTag);
    return tag + this.#rtcpTag;
  }

  openRtcp(packet: Uint8Array, length: number, ssrc: number, out: Uint8Array): number {
    const tag = length - this.#rtcpTag;
    const mki = tag - this.#mki.length;
    const end = mki - rtcpIndexLength;
    if (end < rtcpHeader || !hasOctets(packet, mki, this.#mki)) return -1;
    this.#rtcpCode.compute(packet, mki);
    if (!this.#rtcpCode.matches(packet, tag, this.#rtcpTag)) return -1;
    const word = readWord(packet, end);
    copyOctets(packet, 0, rtcpHeader, out);
    if (word & encryptedFlag) this.#rtcpCipher.crypt(packet, rtcpHeader, end, ssrc, word & maxRtcpIndex, out);
    else copyOctets(packet, rtcpHeader, end, out);
    return end;
  }

  rtcpIndex(packet: Uint8Array, length: number): number {
    const at = length - this.#rtcpTag - this.#mki.length - rtcpIndexLength;
    return at < rtcpHeader ? -1 : readWord(packet, at) & maxRtcpIndex;
  }

  end(): void {
    for (const aes of this.#aes) aes.end();
  }
}

/** The roll-over counter of a packet index, as a 32-bit word. */
function rollOver(index: number): number {
  return (index / 65536) | 0;
}
