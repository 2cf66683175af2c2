import type { AesBlocks, SrtpCiphers } from './ciphers.ts';

/** AES in counter mode as SRTP has it (RFC 3711 4.1.1, RFC 6188 2): one keystream a source and packet index. */
export class CounterMode {
  readonly #work: Uint8Array;
  readonly #view: DataView;
  readonly #aes: AesBlocks;
  readonly #salt0: number;
  readonly #salt1: number;
  readonly #salt2: number;
  readonly #salt3: number;

  /** `work` and `view` are where `aes` encrypts; `salt` has 14 octets. */
  constructor({ work, view: words }: Pick<SrtpCiphers, 'work' | 'view'>, aes: AesBlocks, salt: Uint8Array) {
    this.#work = work;
    this.#view = words;
    this.#aes = aes;
    const view = new DataView(salt.buffer, salt.byteOffset, salt.byteLength);
    this.#salt0 = view.getInt32(0);
    this.#salt1 = view.getInt32(4);
    this.#salt2 = view.getInt32(8);
    this.#salt3 = view.getUint16(12) << 16;
  }

  /** Encrypts or decrypts `packet` from offset `from` to `to`, into the same place of `out`, which may be `packet`. */
  crypt(packet: Uint8Array, from: number, to: number, ssrc: number, index: number, out: Uint8Array): void {
    this.keystream(to - from, ssrc, index);
    const work = this.#work;
    for (let i = from, at = 0; i < to; i++, at++) out[i] = packet[i]! ^ work[at]!;
  }

  /** Leaves `length` octets, and what fills their last block, at the start of `work`. */
  keystream(length: number, ssrc: number, index: number): void {
    const view = this.#view;
    const end = (length + 15) & ~15;
    const word1 = this.#salt1 ^ ssrc;
    const word2 = this.#salt2 ^ (index / 65536);
    const word3 = this.#salt3 ^ (index << 16);
    for (let at = 0; at < end; at += 16) {
      view.setInt32(at, this.#salt0);
      view.setInt32(at + 4, word1);
      view.setInt32(at + 8, word2);
      view.setInt32(at + 12, word3 ^ (at >>> 4));
    }
    if (end > 0) this.#aes.encrypt(end);
  }
}
