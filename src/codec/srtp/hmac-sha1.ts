const blockSize = 64;
const digestSize = 20;

/** Of all computations: none lasts beyond a call. */
const schedule = new Int32Array(80);
const tail = new Uint8Array(2 * blockSize);
const state = new Int32Array(5);

/**
 * HMAC-SHA1 (RFC 2104, FIPS 180-4) under one key, with the states after its inner and outer pad kept. In TypeScript,
 * since entering the platform's costs more than the three or four blocks of a packet (scripts/bench-srtp.ts); SHA-1 has
 * neither table nor branch that depends on what is secret.
 */
export class HmacSha1 {
  /** The inner state, then the outer. */
  readonly #states: readonly number[];

  /** `key` of at most 64 octets: those of SRTP have 20. */
  constructor(key: Uint8Array) {
    const pad = new Uint8Array(blockSize);
    const states: number[] = [];
    for (const filler of [0x36, 0x5c]) {
      for (let i = 0; i < blockSize; i++) pad[i] = (key[i] ?? 0) ^ filler;
      state.set(initial);
      compress(state, pad, 0);
      states.push(...state);
    }
    this.#states = states;
  }

  /** The code of `data`'s first `length` octets, for `write` and `matches`. */
  compute(data: Uint8Array, length: number): void {
    this.#start();
    let at = 0;
    for (; at + blockSize <= length; at += blockSize) compress(state, data, at);
    const rest = length - at;
    for (let i = 0; i < rest; i++) tail[i] = data[at + i]!;
    this.#finish(rest, length);
  }

  /** The same of `data` followed by a 32-bit word in network order. */
  computeWithWord(data: Uint8Array, length: number, word: number): void {
    this.#start();
    let at = 0;
    for (; at + blockSize <= length; at += blockSize) compress(state, data, at);
    const rest = length - at;
    for (let i = 0; i < rest; i++) tail[i] = data[at + i]!;
    writeWord(tail, rest, word);
    this.#finish(rest + 4, length + 4);
  }

  /** Writes the first `length` octets of what was computed last. */
  write(out: Uint8Array, at: number, length: number): void {
    for (let i = 0; i < length; i++) out[at + i] = state[i >> 2]! >>> (24 - 8 * (i & 3));
  }

  /** Whether they stand in `data`: in a time that does not tell where they differ. */
  matches(data: Uint8Array, at: number, length: number): boolean {
    let difference = 0;
    for (let i = 0; i < length; i++) difference |= data[at + i]! ^ ((state[i >> 2]! >>> (24 - 8 * (i & 3))) & 0xff);
    return difference === 0;
  }

  #start(): void {
    for (let i = 0; i < 5; i++) state[i] = this.#states[i]!;
  }

  /** `rest` octets stand in `tail`, the last of `length`. */
  #finish(rest: number, length: number): void {
    pad(rest, blockSize + length);
    compress(state, tail, 0);
    if (rest + 9 > blockSize) compress(state, tail, blockSize);
    for (let i = 0; i < 5; i++) writeWord(tail, 4 * i, state[i]!);
    pad(digestSize, blockSize + digestSize);
    for (let i = 0; i < 5; i++) state[i] = this.#states[5 + i]!;
    compress(state, tail, 0);
  }
}

/** Ends a message of `length` octets in all, whose last `rest` stand in `tail` (FIPS 180-4 5.1.1). */
function pad(rest: number, length: number): void {
  const end = rest + 9 > blockSize ? 2 * blockSize : blockSize;
  tail[rest] = 0x80;
  for (let i = rest + 1; i < end - 4; i++) tail[i] = 0;
  writeWord(tail, end - 4, length << 3);
}

/** FIPS 180-4 5.3.1. */
const initial = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);

/** FIPS 180-4 6.1.2. */
function compress(h: Int32Array, data: Uint8Array, from: number): void {
  const w = schedule;
  for (let i = 0, at = from; i < 16; i++, at += 4)
    w[i] = (data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!;
  for (let i = 16; i < 80; i++) {
    const word = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!;
    w[i] = (word << 1) | (word >>> 31);
  }
  let a = h[0]!;
  let b = h[1]!;
  let c = h[2]!;
  let d = h[3]!;
  let e = h[4]!;
  // Sums are cut to 32 bits one by one: the compiler then needs no other numbers (a fifth faster).
  for (let i = 0; i < 20; i++) {
    const next = ((((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d)))) | 0) + ((((e + w[i]!) | 0) + 0x5a827999) | 0);
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next | 0;
  }
  for (let i = 20; i < 40; i++) {
    const next = ((((a << 5) | (a >>> 27)) + (b ^ c ^ d)) | 0) + ((((e + w[i]!) | 0) + 0x6ed9eba1) | 0);
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next | 0;
  }
  for (let i = 40; i < 60; i++) {
    const next = ((((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c)))) | 0) + ((((e + w[i]!) | 0) - 0x70e44324) | 0);
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next | 0;
  }
  for (let i = 60; i < 80; i++) {
    const next = ((((a << 5) | (a >>> 27)) + (b ^ c ^ d)) | 0) + ((((e + w[i]!) | 0) - 0x359d3e2a) | 0);
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next | 0;
  }
  h[0]! += a;
  h[1]! += b;
  h[2]! += c;
  h[3]! += d;
  h[4]! += e;
}

function writeWord(out: Uint8Array, at: number, word: number): void {
  out[at] = word >>> 24;
  out[at + 1] = word >>> 16;
  out[at + 2] = word >>> 8;
  out[at + 3] = word;
}
