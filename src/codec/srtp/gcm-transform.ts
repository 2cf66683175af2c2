import { rtpHeaderLength } from '#codec/rtp';
import { type GcmOpener, type GcmSealer, type SrtpCiphers, workLayout } from './ciphers.ts';
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

// AES in Galois/counter mode (RFC 7714 8, 9). On the wire:
//
//     RTP:  header, payload*, tag, [MKI]               additional data: the header
//     RTCP: 8 octets, rest*, tag, E and index, [MKI]   additional data: the 8 octets, E and index;
//                                                      without E: all of the packet, E and index

const tagLength = 16;
const { iv: ivAt, aad: aadAt, text: textAt } = workLayout;

export class GcmSealing implements Sealing {
  readonly overhead: number;
  readonly #work: Uint8Array;
  readonly #mki: Uint8Array;
  readonly #rtp: GcmSealer;
  readonly #rtcp: GcmSealer;
  readonly #rtpSalt: Salt;
  readonly #rtcpSalt: Salt;

  constructor(ciphers: SrtpCiphers, { mki, rtp, rtcp }: SessionKeys) {
    this.#work = ciphers.work;
    this.#rtp = ciphers.gcmSealer(rtp.key);
    this.#rtcp = ciphers.gcmSealer(rtcp.key);
    this.#rtpSalt = new Salt(rtp.salt);
    this.#rtcpSalt = new Salt(rtcp.salt);
    this.#mki = mki;
    this.overhead = tagLength + rtcpIndexLength + this.#mki.length;
  }

  sealRtp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number {
    const work = this.#work;
    const header = rtpHeaderLength(packet, length);
    this.#rtpSalt.writeIv(work, ssrc, index);
    transfer(packet, 0, header, work, aadAt);
    transfer(packet, header, length, work, textAt);
    this.#rtp.seal(ivAt, aadAt, header, textAt, length - header);
    copyOctets(packet, 0, header, out);
    transfer(work, textAt, textAt + length - header + tagLength, out, header);
    const mki = length + tagLength;
    writeOctets(out, mki, this.#mki);
    return mki + this.#mki.length;
  }

  sealRtcp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number {
    const work = this.#work;
    const word = encryptedFlag | index;
    this.#rtcpSalt.writeIv(work, ssrc, index);
    transfer(packet, 0, rtcpHeader, work, aadAt);
    writeWord(work, aadAt + rtcpHeader, word);
    transfer(packet, rtcpHeader, length, work, textAt);
    this.#rtcp.seal(ivAt, aadAt, rtcpHeader + rtcpIndexLength, textAt, length - rtcpHeader);
    copyOctets(packet, 0, rtcpHeader, out);
    transfer(work, textAt, textAt + length - rtcpHeader + tagLength, out, rtcpHeader);
    writeWord(out, length + tagLength, word);
    const mki = length + tagLength + rtcpIndexLength;
    writeOctets(out, mki, this.#mki);
    return mki + this.#mki.length;
  }

  end(): void {
    this.#rtp.end();
    this.#rtcp.end();
  }
}

export class GcmOpening implements Opening {
  readonly #work: Uint8Array;
  readonly #mki: Uint8Array;
  readonly #rtp: GcmOpener;
  readonly #rtcp: GcmOpener;
  readonly #rtpSalt: Salt;
  readonly #rtcpSalt: Salt;

  constructor(ciphers: SrtpCiphers, { mki, rtp, rtcp }: SessionKeys) {
    this.#work = ciphers.work;
    this.#rtp = ciphers.gcmOpener(rtp.key);
    this.#rtcp = ciphers.gcmOpener(rtcp.key);
    this.#rtpSalt = new Salt(rtp.salt);
    this.#rtcpSalt = new Salt(rtcp.salt);
    this.#mki = mki;
  }

  openRtp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number {
    const work = this.#work;
    const mki = length - this.#mki.length;
    const end = mki - tagLength;
    if (end < rtpHeader || !hasOctets(packet, mki, this.#mki)) return -1;
    const header = rtpHeaderLength(packet, end);
    if (header > end) return -1;
    this.#rtpSalt.writeIv(work, ssrc, index);
    transfer(packet, 0, header, work, aadAt);
    transfer(packet, header, mki, work, textAt);
    if (!this.#rtp.open(ivAt, aadAt, header, textAt, end - header)) return -1;
    copyOctets(packet, 0, header, out);
    transfer(work, textAt, textAt + end - header, out, header);
    return end;
  }

  openRtcp(packet: Uint8Array, length: number, ssrc: number, out: Uint8Array): number {
    const work = this.#work;
    const mki = length - this.#mki.length;
    const index = mki - rtcpIndexLength;
    const end = index - tagLength;
    if (end < rtcpHeader || !hasOctets(packet, mki, this.#mki)) return -1;
    const word = readWord(packet, index);
    const clear = word & encryptedFlag ? rtcpHeader : end;
    this.#rtcpSalt.writeIv(work, ssrc, word & maxRtcpIndex);
    transfer(packet, 0, clear, work, aadAt);
    writeWord(work, aadAt + clear, word);
    transfer(packet, clear, index, work, textAt);
    if (!this.#rtcp.open(ivAt, aadAt, clear + rtcpIndexLength, textAt, end - clear)) return -1;
    copyOctets(packet, 0, clear, out);
    transfer(work, textAt, textAt + end - clear, out, clear);
    return end;
  }

  rtcpIndex(packet: Uint8Array, length: number): number {
    const at = length - this.#mki.length - rtcpIndexLength;
    return at - tagLength < rtcpHeader ? -1 : readWord(packet, at) & maxRtcpIndex;
  }

  end(): void {
    this.#rtp.end();
    this.#rtcp.end();
  }
}

/** The initialisation vector's secret part. */
class Salt {
  readonly #words: readonly [number, number, number];

  constructor(salt: Uint8Array) {
    this.#words = [readWord(salt, 0), readWord(salt, 4), readWord(salt, 8)];
  }

  /** RFC 7714 8.1 and 9.1: 16 bits of zero, the SSRC, 48 bits of index. */
  writeIv(work: Uint8Array, ssrc: number, index: number): void {
    const [salt0, salt1, salt2] = this.#words;
    writeWord(work, ivAt, salt0 ^ (ssrc >>> 16));
    writeWord(work, ivAt + 4, salt1 ^ (ssrc << 16) ^ (index / 0x1_0000_0000));
    writeWord(work, ivAt + 8, salt2 ^ index);
  }
}

/** [`from`, `to`) of `source` to `at` of another buffer, without a view that would be allocated for each packet. */
function transfer(source: Uint8Array, from: number, to: number, out: Uint8Array, at: number): void {
  const shift = at - from;
  for (let i = from; i < to; i++) out[i + shift] = source[i]!;
}
