import type { Octets } from '#kernel';
import { all, classes, isToken, isVisible, skipSpace } from './octet-classes.ts';
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
  let at = skipSpace(value, 0);
  let displayName = '';
  let open: number;
  if (value.charCodeAt(at) === 0x22) {
    const end = quotedEnd(value, at);
    if (end < 0) return undefined;
    displayName = unquoted(value, at, end);
    open = skipSpace(value, end);
    if (value.charCodeAt(open) !== 0x3c) return undefined;
  } else {
    open = value.indexOf('<', at);
    if (open > at) {
      let end = open;
      while (end > at && (value.charCodeAt(end - 1) === 0x20 || value.charCodeAt(end - 1) === 0x09)) end--;
      // A "<" in a parameter of an address without brackets makes no display name of the address.
      for (let i = at; i < end; i++) {
        const code = value.charCodeAt(i);
        if ((classes[code]! & isToken) === 0 && code !== 0x20 && code !== 0x09 && code < 0x80) return undefined;
      }
      displayName = value.slice(at, end);
    }
  }
  let uri: Octets;
  if (open >= 0) {
    const close = value.indexOf('>', open);
    if (close < 0) return undefined;
    uri = value.slice(open + 1, close);
    if (uri.includes('<')) return undefined;
    at = close + 1;
  } else {
    let end = value.indexOf(';', at);
    if (end < 0) end = value.length;
    const next = end;
    while (end > at && (value.charCodeAt(end - 1) === 0x20 || value.charCodeAt(end - 1) === 0x09)) end--;
    uri = value.slice(at, end);
    // Such a URI may stand in brackets only, since nobody could tell whose parameters follow.
    if (uri.includes('?') || uri.includes(',')) return undefined;
    at = next;
  }
  const colon = schemeEnd(uri);
  if (colon < 0 || !all(isVisible, uri, colon + 1, uri.length) || uri.includes('"')) return undefined;
  at = skipSpace(value, at);
  if (at >= value.length) return { displayName, uri, params: Params.none, tag: undefined };
  const reader = new ParamReader(value, at);
  let tag: Octets | undefined;
  while (reader.next()) {
    if (!reader.is('tag')) continue;
    // Two tags would let two elements see two dialogs; a tag is a token (RFC 3261 25.1).
    if (tag !== undefined) return undefined;
    tag = reader.value ?? '';
    if (!all(isToken, tag, 0, tag.length)) return undefined;
  }
  if (!reader.done) return undefined;
  return { displayName, uri, params: new Params(value.slice(at)), tag };
}
