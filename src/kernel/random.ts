/** The dice: cryptographic in the program, seeded in the simulator. A required argument wherever it is used. */
export interface Random {
  /** An integer, 0 <= n < below (below <= 2^32). */
  integer(below: number): number;
  /** `bits` of randomness (a multiple of 4) as lower-case hexadecimal: tags, branches, Call-IDs. */
  token(bits: number): string;
}

/** A reproducible generator (xoshiro128**) for simulation and tests. Never for tokens a peer must not guess. */
export function seeded(seed: number): Random {
  // splitmix32 spreads a small seed over the state.
  let z = seed >>> 0;
  const next32 = () => {
    z = (z + 0x9e3779b9) >>> 0;
    let t = z ^ (z >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  let a = next32();
  let b = next32();
  let c = next32();
  let d = next32();
  const uint32 = () => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return {
    integer: (below) => Math.floor((uint32() / 4294967296) * below),
    token: (bits) => {
      const words: string[] = [];
      while (words.length * 32 < bits) words.push(uint32().toString(16).padStart(8, '0'));
      return words.join('').slice(0, bits / 4);
    },
  };
}
