/**
 * The block cipher under SRTP, brought from outside: a pure layer has no AES of its own. What goes in and comes out
 * lies in `work`, one buffer for all ciphers, so that nothing is allocated or handed over for a packet; its content
 * means something during one act only. Offsets and lengths are octets of it.
 */
export interface SrtpCiphers {
  /** Of at least `srtpWorkSize` octets. */
  readonly work: Uint8Array;
  /** The same octets. */
  readonly view: DataView;
  /** `key` of 16 or 32 octets. */
  aes(key: Uint8Array): AesBlocks;
  gcmSealer(key: Uint8Array): GcmSealer;
  gcmOpener(key: Uint8Array): GcmOpener;
}

export interface AesBlocks {
  /** Encrypts the first `length` octets, whole blocks each by itself (ECB), in place. */
  encrypt(length: number): void;
  /** Forgets the key. */
  end(): void;
}

/** `iv` is the offset of 12 octets. The tag has 16. */
export interface GcmSealer {
  /** Encrypts in place and writes the tag behind. */
  seal(iv: number, aad: number, aadLength: number, text: number, textLength: number): void;
  end(): void;
}

export interface GcmOpener {
  /** Decrypts in place; the tag stands behind the text. False when it is not authentic: the text is then void. */
  open(iv: number, aad: number, aadLength: number, text: number, textLength: number): boolean;
  end(): void;
}

/** A datagram of any size. */
const region = 65536 + 64;
/** Where a datagram's parts lie in `work` for GCM. */
export const workLayout = { iv: 0, aad: 16, text: 16 + region } as const;
export const srtpWorkSize = 16 + 2 * region;
