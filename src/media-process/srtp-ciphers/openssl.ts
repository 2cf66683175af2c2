import { createRequire } from 'node:module';
import { endianness } from 'node:os';
import { type AesBlocks, type GcmOpener, type GcmSealer, type SrtpCiphers, srtpWorkSize } from '#codec/srtp';

const EVP_CTRL_AEAD_GET_TAG = 0x10;
const EVP_CTRL_AEAD_SET_TAG = 0x11;
const tagLength = 16;
/** Behind `work`, for what OpenSSL must be handed besides: a length it writes, and a key it reads once. */
const lengthAt = (srtpWorkSize + 15) & ~15;
const keyAt = lengthAt + 16;
const size = keyAt + 32;

type Call = (...values: number[]) => number;

/** OpenSSL's functions (EVP_EncryptInit(3)). Pointers and contexts go as plain numbers. */
interface OpenSsl {
  newContext: () => number;
  freeContext: Call;
  /** By the length of the key in octets. */
  ecb: Readonly<Record<number, number>>;
  gcm: Readonly<Record<number, number>>;
  encryptInit: Call;
  encryptUpdate: Call;
  encryptFinal: Call;
  decryptInit: Call;
  decryptUpdate: Call;
  decryptFinal: Call;
  setPadding: Call;
  control: Call;
  address(buffer: ArrayBuffer): number;
}

/**
 * SRTP's ciphers by the OpenSSL that Node itself is linked to, called through koffi on memory that stays where it is: a
 * tenth of what `node:crypto` costs a packet, since nothing is made for it but the call. Contexts live outside
 * JavaScript's memory: `end` frees them.
 */
export class OpenSslCiphers implements SrtpCiphers {
  readonly name = 'openssl';
  readonly work: Uint8Array;
  readonly view: DataView;
  readonly #ssl: OpenSsl;
  readonly #memory: Uint8Array;
  readonly #base: number;

  constructor(ssl: OpenSsl) {
    const memory = new ArrayBuffer(size);
    this.work = new Uint8Array(memory, 0, srtpWorkSize);
    this.view = new DataView(memory, 0, srtpWorkSize);
    this.#memory = new Uint8Array(memory);
    this.#ssl = ssl;
    this.#base = ssl.address(memory);
  }

  aes(key: Uint8Array): AesBlocks {
    const { encryptUpdate, setPadding } = this.#ssl;
    const base = this.#base;
    const context = new Context(this.#ssl, this.work.buffer);
    this.#init(context.pointer, this.#ssl.encryptInit, this.#ssl.ecb, key);
    setPadding(context.pointer, 0);
    return {
      encrypt(length) {
        expect(encryptUpdate(context.pointer, base, base + lengthAt, base, length));
      },
      end: () => context.free(),
    };
  }

  gcmSealer(key: Uint8Array): GcmSealer {
    const { encryptInit, encryptUpdate, encryptFinal, control } = this.#ssl;
    const base = this.#base;
    const context = new Context(this.#ssl, this.work.buffer);
    this.#init(context.pointer, encryptInit, this.#ssl.gcm, key);
    return {
      seal(iv, aad, aadLength, text, textLength) {
        const { pointer } = context;
        const out = base + lengthAt;
        expect(encryptInit(pointer, 0, 0, 0, base + iv));
        expect(encryptUpdate(pointer, 0, out, base + aad, aadLength));
        if (textLength > 0) expect(encryptUpdate(pointer, base + text, out, base + text, textLength));
        const tag = base + text + textLength;
        expect(encryptFinal(pointer, tag, out));
        expect(control(pointer, EVP_CTRL_AEAD_GET_TAG, tagLength, tag));
      },
      end: () => context.free(),
    };
  }

  gcmOpener(key: Uint8Array): GcmOpener {
    const { decryptInit, decryptUpdate, decryptFinal, control } = this.#ssl;
    const base = this.#base;
    const context = new Context(this.#ssl, this.work.buffer);
    this.#init(context.pointer, decryptInit, this.#ssl.gcm, key);
    return {
      open(iv, aad, aadLength, text, textLength) {
        const { pointer } = context;
        const out = base + lengthAt;
        const tag = base + text + textLength;
        expect(decryptInit(pointer, 0, 0, 0, base + iv));
        expect(decryptUpdate(pointer, 0, out, base + aad, aadLength));
        if (textLength > 0) expect(decryptUpdate(pointer, base + text, out, base + text, textLength));
        expect(control(pointer, EVP_CTRL_AEAD_SET_TAG, tagLength, tag));
        return decryptFinal(pointer, tag, out) > 0;
      },
      end: () => context.free(),
    };
  }

  #init(context: number, init: Call, ciphers: Readonly<Record<number, number>>, key: Uint8Array): void {
    this.#memory.set(key, keyAt);
    expect(init(context, ciphers[key.length]!, 0, this.#base + keyAt, 0));
    this.#memory.fill(0, keyAt, keyAt + 32);
  }
}

/** An EVP_CIPHER_CTX. */
class Context {
  /** What OpenSSL reads and writes: kept as long as there is somebody to ask it. */
  readonly memory: ArrayBufferLike;
  readonly #free: Call;
  #pointer: number;

  constructor(ssl: OpenSsl, memory: ArrayBufferLike) {
    this.memory = memory;
    this.#free = ssl.freeContext;
    this.#pointer = ssl.newContext();
    expect(this.#pointer);
  }

  /** Throws once freed: OpenSSL would write to memory that is no longer ours. */
  get pointer(): number {
    if (this.#pointer === 0) throw new Error('a cipher of SRTP is used after its end');
    return this.#pointer;
  }

  free(): void {
    if (this.#pointer !== 0) this.#free(this.#pointer);
    this.#pointer = 0;
  }
}

function expect(result: number): void {
  if (result <= 0) throw new Error('OpenSSL refused an operation of SRTP');
}

/** Binds OpenSSL, or tells what this host lacks. */
export function loadOpenSsl(): OpenSsl | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: `not on ${process.platform}` };
  if (endianness() !== 'LE' || !['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch))
    return { missing: `not on ${process.arch}` };
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi').default;
    // Node exports the OpenSSL it is linked to, for addons.
    const library = koffi.load(null);
    const call = (name: string, result: string, parameters: string[]) => library.func(name, result, parameters) as Call;
    // Addresses of this kind come back as number or bigint, as they fit.
    const pointer = (name: string) => {
      const get = call(name, 'int64_t', []);
      return () => Number(get());
    };
    const init = ['int64_t', 'int64_t', 'int64_t', 'int64_t', 'int64_t'];
    const update = ['int64_t', 'int64_t', 'int64_t', 'int64_t', 'int'];
    const final = ['int64_t', 'int64_t', 'int64_t'];
    return {
      newContext: pointer('EVP_CIPHER_CTX_new'),
      freeContext: call('EVP_CIPHER_CTX_free', 'void', ['int64_t']),
      ecb: { 16: pointer('EVP_aes_128_ecb')(), 32: pointer('EVP_aes_256_ecb')() },
      gcm: { 16: pointer('EVP_aes_128_gcm')(), 32: pointer('EVP_aes_256_gcm')() },
      encryptInit: call('EVP_EncryptInit_ex', 'int', init),
      encryptUpdate: call('EVP_EncryptUpdate', 'int', update),
      encryptFinal: call('EVP_EncryptFinal_ex', 'int', final),
      decryptInit: call('EVP_DecryptInit_ex', 'int', init),
      decryptUpdate: call('EVP_DecryptUpdate', 'int', update),
      decryptFinal: call('EVP_DecryptFinal_ex', 'int', final),
      setPadding: call('EVP_CIPHER_CTX_set_padding', 'int', ['int64_t', 'int']),
      control: call('EVP_CIPHER_CTX_ctrl', 'int', ['int64_t', 'int', 'int', 'int64_t']),
      address: (buffer) => Number(koffi.address(buffer)),
    };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
