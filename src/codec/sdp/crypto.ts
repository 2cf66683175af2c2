import { srtpSuite } from '#codec/srtp';
import type { Octets } from '#kernel';
import type { SdpLine } from './model.ts';

/** a=crypto (RFC 4568 9.1): one suite that a stream may be secured with, and the describing side's key for it. */
export interface CryptoAttribute {
  /** 0-999999999; an answer repeats the one it takes. */
  readonly tag: number;
  readonly suite: string;
  /** One at least. */
  readonly keys: readonly CryptoKey[];
  /** Session parameters as written. */
  readonly parameters: readonly string[];
}

export interface CryptoKey {
  /** Master key and salt, base64, padded. */
  readonly inline: string;
  /** Packets that it may serve: 1 to 2^48. */
  readonly lifetime?: number;
  /** `length` in octets, 1-128. */
  readonly mki?: { readonly value: number; readonly length: number };
}

const blank = /[ \t]+/;

/** Reads what follows "crypto:"; undefined when it is malformed. Total. */
export function parseCrypto(value: Octets): CryptoAttribute | undefined {
  const [tag = '', suite = '', params = '', ...parameters] = value.trim().split(blank);
  if (!isNumber(tag, 9) || suite === '') return undefined;
  const keys: CryptoKey[] = [];
  for (const param of params.split(';')) {
    const key = parseKey(param);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return { tag: Number(tag), suite, keys, parameters };
}

export function formatCrypto({ tag, suite, keys, parameters }: CryptoAttribute): Octets {
  return [String(tag), suite, keys.map(formatKey).join(';'), ...parameters].join(' ');
}

/** Every a=crypto that can be read, in order of preference (RFC 4568 5.1.1). */
export function cryptosOf(lines: readonly SdpLine[]): readonly CryptoAttribute[] {
  const cryptos: CryptoAttribute[] = [];
  for (let i = 0; i < lines.length; i++) {
    const { type, value } = lines[i]!;
    if (type !== 'a' || !value.startsWith('crypto:')) continue;
    const crypto = parseCrypto(value.slice(7));
    if (crypto) cryptos.push(crypto);
  }
  return cryptos;
}

/**
 * The one key of an attribute that asks for nothing beyond what we do: a suite that we know with a key of its size, and no
 * session parameter but those that may be ignored. Several keys of which packets choose by MKI are more than we do.
 */
export function usableKeyOf({ suite: name, keys, parameters }: CryptoAttribute): CryptoKey | undefined {
  const key = keys[0]!;
  const suite = srtpSuite(name);
  if (!suite || keys.length > 1 || octetsOf(key.inline) !== suite.keyLength + suite.saltLength) return undefined;
  return parameters.every(isHarmless) ? key : undefined;
}

/** A hint of the sender's window, the derivation rate that is the default, and what says itself that it is optional. */
function isHarmless(parameter: string): boolean {
  return parameter.startsWith('-') || parameter.startsWith('WSH=') || parameter === 'KDR=0';
}

const mostPackets = 2 ** 48;

/** "inline:" key||salt ["|" lifetime] ["|" MKI ":" length] (RFC 4568 6.1). */
function parseKey(param: string): CryptoKey | undefined {
  if (param.slice(0, 7).toLowerCase() !== 'inline:') return undefined;
  const [written = '', ...rest] = param.slice(7).split('|');
  const inline = padded(written);
  if (inline === undefined || rest.length > 2) return undefined;
  let key: CryptoKey = { inline };
  for (const [i, part] of rest.entries()) {
    const colon = part.indexOf(':');
    if (colon < 0) {
      // The lifetime comes first.
      const lifetime = i === 0 ? parseLifetime(part) : undefined;
      if (lifetime === undefined) return undefined;
      key = { ...key, lifetime };
    } else {
      const mki = key.mki ? undefined : parseMki(part.slice(0, colon), part.slice(colon + 1));
      if (mki === undefined) return undefined;
      key = { ...key, mki };
    }
  }
  return key;
}

function formatKey({ inline, lifetime, mki }: CryptoKey): string {
  let text = `inline:${inline}`;
  if (lifetime !== undefined) {
    const power = Math.log2(lifetime);
    text += Number.isInteger(power) && 2 ** power === lifetime ? `|2^${power}` : `|${lifetime}`;
  }
  return mki ? `${text}|${mki.value}:${mki.length}` : text;
}

function parseLifetime(text: string): number | undefined {
  const power = text.startsWith('2^');
  const digits = power ? text.slice(2) : text;
  if (!isNumber(digits, power ? 2 : 15)) return undefined;
  const lifetime = power ? 2 ** Number(digits) : Number(digits);
  return lifetime >= 1 && lifetime <= mostPackets ? lifetime : undefined;
}

function parseMki(value: string, length: string): CryptoKey['mki'] | undefined {
  if (!isNumber(value, 15) || !isNumber(length, 3)) return undefined;
  const mki = { value: Number(value), length: Number(length) };
  return mki.length >= 1 && mki.length <= 128 && mki.value < 256 ** mki.length ? mki : undefined;
}

/** Base64 with the padding that some leave out; undefined when it is none. */
function padded(text: string): string | undefined {
  let end = text.length;
  while (end > 0 && end > text.length - 2 && text.charCodeAt(end - 1) === 0x3d) end--;
  if (end === 0 || end % 4 === 1) return undefined;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    const lower = code | 0x20;
    // Letters, digits and "/", "+".
    if (!((lower >= 0x61 && lower <= 0x7a) || (code >= 0x2f && code <= 0x39) || code === 0x2b)) return undefined;
  }
  const whole = text.slice(0, end).padEnd(end + ((4 - (end % 4)) % 4), '=');
  // Padding that is there is right.
  return text.length === end || text === whole ? whole : undefined;
}

/** Octets that padded base64 stands for. */
function octetsOf(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** 1 to `most` digits. */
export function isNumber(text: string, most: number): boolean {
  if (text.length === 0 || text.length > most) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
