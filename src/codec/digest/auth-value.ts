import type { Octets } from '#kernel';

/** One challenge or one set of credentials: a scheme and its parameters (RFC 3261 25.1 `challenge`, `credentials`). */
export interface AuthValue {
  /** Lower case. */
  readonly scheme: string;
  /** Names in lower case, values unquoted. */
  readonly params: AuthParams;
}
export type AuthParams = ReadonlyMap<string, Octets>;

/** What one header field value may hold; more is malformed. */
export const authLimits = { octets: 8192, values: 8, params: 32 } as const;

/**
 * Reads the value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization. RFC 3261 20.7 forbids several
 * in one, and some servers, used to HTTP, send them so. Parameters of other schemes than Digest are not read. Undefined: malformed.
 */
export function parseAuth(value: Octets): readonly AuthValue[] | undefined {
  if (value.length > authLimits.octets) return undefined;
  const values: AuthValue[] = [];
  const reader = new Reader(value);
  while (reader.more()) {
    const scheme = reader.token().toLowerCase();
    if (scheme === '' || !reader.space() || values.length === authLimits.values) return undefined;
    if (scheme === 'digest') {
      const params = reader.params();
      if (!params || params.size === 0) return undefined;
      values.push({ scheme, params });
    } else {
      reader.skipScheme();
      values.push({ scheme, params: new Map() });
    }
  }
  return values.length === 0 ? undefined : values;
}

/** Reads the value of Authentication-Info: parameters without a scheme (RFC 7615 3). Undefined: malformed. */
export function parseAuthInfo(value: Octets): AuthParams | undefined {
  if (value.length > authLimits.octets) return undefined;
  const reader = new Reader(value);
  const params = reader.more() ? reader.params() : undefined;
  return reader.more() ? undefined : params;
}

class Reader {
  readonly #text: Octets;
  #at = 0;

  constructor(text: Octets) {
    this.#text = text;
  }

  /** Goes over white space and empty list elements; false at the end. */
  more(): boolean {
    while (isBlank(this.#code()) || this.#code() === 0x2c) this.#at++;
    return this.#at < this.#text.length;
  }

  /** Goes over white space; false when there is none. */
  space(): boolean {
    const start = this.#at;
    while (isBlank(this.#code())) this.#at++;
    return this.#at > start;
  }

  token(): Octets {
    const start = this.#at;
    while (isTokenOctet(this.#code())) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  /**
   * Name-value pairs between commas, up to the end or the next scheme: a token that no "=" follows. Undefined when
   * something else stands there, or a name comes twice: readers would not agree on which counts.
   */
  params(): AuthParams | undefined {
    const params = new Map<string, Octets>();
    while (this.more()) {
      const start = this.#at;
      const name = this.token().toLowerCase();
      if (name === '') return undefined;
      const spaced = this.space();
      if (this.#code() !== 0x3d) {
        this.#at = start;
        return spaced && params.size > 0 ? params : undefined;
      }
      this.#at++;
      this.space();
      const value = this.#code() === 0x22 ? this.#quoted() : this.#bare();
      if (value === undefined || params.has(name) || params.size === authLimits.params) return undefined;
      params.set(name, value);
      this.space();
      if (this.#at < this.#text.length && this.#code() !== 0x2c) return undefined;
    }
    return params;
  }

  /** To after the next comma that no quotes hold and that a further scheme, not a parameter, follows. */
  skipScheme(): void {
    while (this.#at < this.#text.length) {
      if (this.#code() === 0x22) {
        if (this.#quoted() === undefined) this.#at = this.#text.length;
        continue;
      }
      const comma = this.#code() === 0x2c;
      this.#at++;
      if (!comma || !this.more()) continue;
      const start = this.#at;
      const schemeNext = this.token() !== '' && this.space() && isTokenOctet(this.#code());
      if (schemeNext) {
        this.#at = start;
        return;
      }
    }
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #quoted(): Octets | undefined {
    let out = '';
    let from = this.#at + 1;
    for (let i = from; i < this.#text.length; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === 0x22) {
        this.#at = i + 1;
        return out + this.#text.slice(from, i);
      }
      if (code !== 0x5c) continue;
      out += this.#text.slice(from, i);
      from = ++i;
    }
    return undefined;
  }

  /** A value without quotes. Servers are seen that forget them around nonces in base64, so it need not be a token. */
  #bare(): Octets {
    const start = this.#at;
    while (this.#code() > 0x20 && this.#code() !== 0x2c && this.#code() !== 0x22 && this.#code() !== 0x7f) this.#at++;
    return this.#text.slice(start, this.#at);
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** RFC 3261 25.1 `token`. */
function isTokenOctet(code: number): boolean {
  if (code >= 0x61 && code <= 0x7a) return true;
  if (code >= 0x30 && code <= 0x39) return true;
  if (code >= 0x41 && code <= 0x5a) return true;
  return tokenMarks.has(code);
}
const tokenMarks = new Set([..."-.!%*_+`'~"].map((mark) => mark.charCodeAt(0)));
