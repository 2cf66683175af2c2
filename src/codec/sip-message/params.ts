import type { Octets } from '#kernel';
import { classes, equalsNoCase, isToken, isUriParam, isValue, skipSpace } from './octet-classes.ts';

/** Reads the `;name=value` pieces of text[at, end) one after the other, making strings only of what is asked for. */
export class ParamReader {
  readonly #text: Octets;
  readonly #end: number;
  readonly #uri: boolean;
  #at: number;
  #nameStart = 0;
  #nameEnd = 0;
  #valueStart = -1;
  #valueEnd = -1;

  /** `uri`: the pieces of a URI (RFC 3261 25.1 uri-parameters) rather than of a header field (generic-param). */
  constructor(text: Octets, at: number, end: number, uri: boolean) {
    this.#text = text;
    this.#at = at;
    this.#end = end;
    this.#uri = uri;
  }

  /** Reads one piece. False at the end, and where something stands that is no piece: `done` tells them apart. */
  next(): boolean {
    const text = this.#text;
    const end = this.#end;
    const uri = this.#uri;
    let at = uri ? this.#at : skipSpace(text, this.#at);
    if (at >= end) {
      this.#at = end;
      return false;
    }
    if (text.charCodeAt(at) !== 0x3b) return false;
    at = uri ? at + 1 : skipSpace(text, at + 1);
    const nameClass = uri ? isUriParam : isToken;
    this.#nameStart = at;
    while (at < end && (classes[text.charCodeAt(at)]! & nameClass) !== 0) at++;
    if (at === this.#nameStart) return false;
    this.#nameEnd = at;
    this.#valueStart = this.#valueEnd = -1;
    const after = uri ? at : skipSpace(text, at);
    if (after >= end || text.charCodeAt(after) !== 0x3d) {
      this.#at = after;
      return true;
    }
    at = uri ? after + 1 : skipSpace(text, after + 1);
    this.#valueStart = at;
    if (text.charCodeAt(at) === 0x22 && !uri) {
      at = quotedEnd(text, at, end);
      if (at < 0) return false;
    } else {
      const valueClass = uri ? isUriParam : isValue;
      while (at < end && (classes[text.charCodeAt(at)]! & valueClass) !== 0) at++;
      if (at === this.#valueStart) return false;
    }
    this.#valueEnd = at;
    this.#at = at;
    return true;
  }

  /** All was read, to the last octet. */
  get done(): boolean {
    return this.#at >= this.#end;
  }

  is(lowerName: string): boolean {
    return equalsNoCase(this.#text, this.#nameStart, this.#nameEnd, lowerName);
  }

  get name(): string {
    return this.#text.slice(this.#nameStart, this.#nameEnd).toLowerCase();
  }

  /** Unquoted; undefined when the name stands alone. */
  get value(): Octets | undefined {
    if (this.#valueStart < 0) return undefined;
    if (this.#text.charCodeAt(this.#valueStart) === 0x22) return unquoted(this.#text, this.#valueStart, this.#valueEnd);
    return this.#text.slice(this.#valueStart, this.#valueEnd);
  }
}

/** The parameters of a header field or a URI. Names are matched without regard to case; of two the first counts. */
export class Params implements Iterable<readonly [name: string, value: Octets | undefined]> {
  static readonly none = new Params('', 0, 0, false);

  readonly #text: Octets;
  readonly #start: number;
  readonly #end: number;
  readonly #uri: boolean;
  #map: Map<string, Octets | undefined> | undefined;

  /** Over text[start, end), which begins with ";" or is empty. */
  constructor(text: Octets, start: number, end: number, uri: boolean) {
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.#uri = uri;
    this.#map = undefined;
  }

  /** As received, from the first ";" on; '' when there are none. */
  get raw(): Octets {
    return this.#text.slice(this.#start, this.#end);
  }

  /** The value, unquoted; undefined also when the name stands without one (ask `has`). Name in lower case. */
  get(name: string): Octets | undefined {
    return this.#start === this.#end ? undefined : this.#read().get(name);
  }

  has(name: string): boolean {
    return this.#start !== this.#end && this.#read().has(name);
  }

  get size(): number {
    return this.#read().size;
  }

  [Symbol.iterator](): Iterator<readonly [name: string, value: Octets | undefined]> {
    return this.#read().entries();
  }

  #read(): Map<string, Octets | undefined> {
    if (this.#map !== undefined) return this.#map;
    const map = new Map<string, Octets | undefined>();
    const reader = new ParamReader(this.#text, this.#start, this.#end, this.#uri);
    while (reader.next()) {
      const name = reader.name;
      if (!map.has(name)) map.set(name, reader.value);
    }
    this.#map = map;
    return map;
  }
}

/** The index after the quoted string that opens at `at`, or -1 when it does not close before `end`. */
export function quotedEnd(text: Octets, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) return i + 1;
    if (code === 0x5c) i++;
  }
  return -1;
}

/** What the quoted string text[start, end) says: without its quotes and backslashes. */
export function unquoted(text: Octets, start: number, end: number): Octets {
  const inner = text.slice(start + 1, end - 1);
  if (!inner.includes('\\')) return inner;
  let out = '';
  for (let i = 0; i < inner.length; i++) {
    if (inner.charCodeAt(i) === 0x5c) i++;
    out += inner.charAt(i);
  }
  return out;
}

/** A text as a quoted string. CR and LF, which none may hold, become spaces. */
export function quoted(text: Octets): Octets {
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"' || char === '\\') out += `\\${char}`;
    else out += char === '\r' || char === '\n' ? ' ' : char;
  }
  return `${out}"`;
}
