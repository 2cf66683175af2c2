import type { Octets } from '#kernel';
import { all, classes, isToken, isUriText, skipSpace, trimEnd } from './octet-classes.ts';
import { ParamReader, Params, quotedEnd, unquoted } from './params.ts';
import { schemeEnd } from './uri.ts';

/** The value of From, To, Contact, Route, Record-Route, P-Asserted-Identity, Refer-To and their like. */
export interface NameAddress {
  /** Without its quotes; '' when there is none. */
  readonly displayName: Octets;
  /** As received, without angle brackets. `parseUri` takes it apart. */
  readonly uri: Octets;
  /** Of the header field, not of the URI. */
  readonly params: Params;
  readonly tag?: Octets | undefined;
}

/** Reads `[name] <uri> ;params` or `uri ;params`; undefined when it is neither (RFC 3261 20.10, 25.1). */
export function parseNameAddress(value: Octets): NameAddress | undefined {
  return readNameAddress(value, 0, value.length);
}

/** The same of text[start, end). */
export function readNameAddress(text: Octets, start: number, end: number): NameAddress | undefined {
  let at = skipSpace(text, start);
  let displayName = '';
  let uriStart = at;
  let uriEnd: number;
  let bracketed = true;
  if (text.charCodeAt(at) === 0x22) {
    const close = quotedEnd(text, at, end);
    if (close < 0) return undefined;
    displayName = unquoted(text, at, close);
    at = skipSpace(text, close);
  } else {
    // Tokens and white space up to a "<" are a display name. Octets over 0x7f are somebody's name without quotes.
    const nameStart = at;
    while (at < end) {
      const code = text.charCodeAt(at);
      if ((classes[code]! & isToken) === 0 && code !== 0x20 && code !== 0x09 && code < 0x80) break;
      at++;
    }
    if (at < end && text.charCodeAt(at) === 0x3c) {
      if (at > nameStart) displayName = text.slice(nameStart, trimEnd(text, nameStart, at));
    } else bracketed = false;
  }
  if (bracketed) {
    if (at >= end || text.charCodeAt(at) !== 0x3c) return undefined;
    uriStart = at + 1;
    uriEnd = text.indexOf('>', uriStart);
    if (uriEnd < 0 || uriEnd >= end) return undefined;
    at = uriEnd + 1;
  } else {
    for (at = uriStart; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x3b) break;
      // Such a URI may stand in brackets only, since nobody could tell whose parameters follow.
      if (code === 0x3f || code === 0x2c) return undefined;
    }
    uriEnd = trimEnd(text, uriStart, at);
  }
  const colon = schemeEnd(text, uriStart, uriEnd);
  if (colon < 0 || !all(isUriText, text, colon + 1, uriEnd)) return undefined;
  const uri = text.slice(uriStart, uriEnd);
  if (at < end) at = skipSpace(text, at);
  if (at >= end) return { displayName, uri, params: Params.none, tag: undefined };
  const reader = new ParamReader(text, at, end, false);
  let tag: Octets | undefined;
  while (reader.next()) {
    if (!reader.is('tag')) continue;
    // Two tags would let two elements see two dialogs; a tag is a token (RFC 3261 25.1).
    if (tag !== undefined) return undefined;
    tag = reader.value ?? '';
    if (!all(isToken, tag, 0, tag.length)) return undefined;
  }
  if (!reader.done) return undefined;
  return { displayName, uri, params: new Params(text, at, end, false), tag };
}
