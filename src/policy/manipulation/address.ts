import {
  escapeUser,
  isIpv6Address,
  parseNameAddress,
  parseUri,
  quoted,
  type SipUri,
  unescapeUser,
} from '#codec/sip-message';
import { bracketed, type Octets } from '#kernel';

/** Parts of addresses and of parameters, read and written. What cannot be read is undefined; so is what cannot be written. */

export type UriPart = 'user' | 'host' | 'port' | 'scheme';

/** `text` begins with the URI, or with the address of which that is the URI. */
interface Split {
  /** As written, with its quotes. */
  readonly display: Octets;
  readonly uri: Octets;
  /** From the first ";" on. */
  readonly params: Octets;
}

function split(value: Octets): Split | undefined {
  const read = parseNameAddress(value);
  if (!read) return undefined;
  const params = read.params.raw;
  const head = value.slice(0, value.length - params.length);
  const open = head.lastIndexOf(`<${read.uri}`);
  return { display: open < 0 ? '' : head.slice(0, open).trim(), uri: read.uri, params };
}

function joined({ display, uri, params }: Split): Octets {
  return `${display}${display === '' ? '' : ' '}<${uri}>${params}`;
}

export const displayOf = (value: Octets): Octets | undefined => parseNameAddress(value)?.displayName;
export const uriOf = (value: Octets): Octets | undefined => parseNameAddress(value)?.uri;

/** '' takes the name away. */
export function withDisplay(value: Octets, display: Octets): Octets | undefined {
  const parts = split(value);
  return parts && joined({ ...parts, display: display === '' ? '' : quoted(display) });
}

export function withUri(value: Octets, uri: Octets): Octets | undefined {
  const parts = split(value);
  return parts && parseUri(uri) ? joined({ ...parts, uri }) : undefined;
}

export function uriPartOf(uri: Octets, part: UriPart): Octets | undefined {
  const parsed = parseUri(uri);
  if (!parsed) return undefined;
  switch (part) {
    case 'scheme':
      return parsed.scheme;
    case 'user':
      return parsed.user === undefined ? undefined : unescapeUser(parsed.user);
    case 'host':
      return parsed.host === '' ? undefined : parsed.host;
    case 'port':
      return parsed.port === undefined ? undefined : String(parsed.port);
  }
}

/** '' takes user or port away. */
export function withUriPart(uri: Octets, part: UriPart, value: Octets): Octets | undefined {
  const parsed = parseUri(uri);
  const number = parsed?.scheme === 'tel';
  if (!parsed || (parsed.host === '' && !number)) return undefined;
  // A number has no host to write to.
  if (number) return part === 'user' && value !== '' ? sound(`tel:${value}${parsed.params.raw}`) : undefined;
  return sound(
    formatUri({
      ...parsed,
      ...(part === 'scheme' && { scheme: value }),
      ...(part === 'user' && { user: value === '' ? undefined : escapeUser(value) }),
      ...(part === 'host' && { host: value }),
      ...(part === 'port' && { port: value === '' ? undefined : Number(value) }),
    }),
  );
}

function formatUri({ scheme, user, password, host, port, params, headers }: SipUri): Octets {
  const secret = password === undefined ? '' : `:${password}`;
  const userinfo = user === undefined ? '' : `${user}${secret}@`;
  const at = host.startsWith('[') || !isIpv6Address(host) ? host : bracketed(host);
  return `${scheme}:${userinfo}${at}${port === undefined ? '' : `:${port}`}${params.raw}${headers === undefined ? '' : `?${headers}`}`;
}

function sound(uri: Octets): Octets | undefined {
  const parsed = parseUri(uri);
  return parsed && (parsed.host !== '' || parsed.scheme === 'tel') ? uri : undefined;
}

// --- parameters ------------------------------------------------------------------------------------------------------

/** The place of `;name=value` in text, blind to what stands in quotes and brackets; undefined when there is none. */
function placeOf(
  text: Octets,
  from: number,
  name: string,
): { readonly start: number; readonly end: number; readonly value: Octets } | undefined {
  let start = -1;
  let quote = false;
  let angle = false;
  for (let i = from; i <= text.length; i++) {
    const char = i === text.length ? ';' : text.charAt(i);
    if (quote) {
      if (char === '\\') i++;
      else if (char === '"') quote = false;
      if (i < text.length) continue;
    }
    if (char === '"') quote = true;
    else if (char === '<') angle = true;
    else if (char === '>') angle = false;
    else if (char === ';' && (!angle || i === text.length)) {
      if (start >= 0) {
        const piece = text.slice(start + 1, i);
        const equals = piece.indexOf('=');
        const own = (equals < 0 ? piece : piece.slice(0, equals)).trim().toLowerCase();
        if (own === name) return { start, end: i, value: equals < 0 ? '' : bare(piece.slice(equals + 1).trim()) };
      }
      start = i;
    }
  }
  return undefined;
}

function bare(value: Octets): Octets {
  if (!value.startsWith('"') || !value.endsWith('"') || value.length < 2) return value;
  return value.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}

/** Where the parameters of a URI begin, and end: not in its user, not in its headers. */
function uriParams(uri: Octets): { readonly from: number; readonly to: number } {
  const host = uri.indexOf('@') + 1;
  const from = uri.indexOf(';', host);
  const question = uri.indexOf('?', host);
  const to = question < 0 ? uri.length : question;
  return { from: from < 0 || from > to ? to : from, to };
}

export function uriParamOf(uri: Octets, name: string): Octets | undefined {
  const { from, to } = uriParams(uri);
  return placeOf(uri.slice(from, to), 0, name)?.value;
}

/** `value` undefined takes it away, '' leaves the name alone. */
export function withUriParam(uri: Octets, name: string, value: Octets | undefined): Octets | undefined {
  const { from, to } = uriParams(uri);
  const changed = withPiece(uri.slice(from, to), 0, name, value);
  return sound(uri.slice(0, from) + changed + uri.slice(to));
}

/** Where the parameters of a header field begin: behind the address, where it is one. */
function paramsFrom(value: Octets): number {
  const address = parseNameAddress(value);
  if (address) return value.length - address.params.raw.length;
  return 0;
}

/** A parameter of the header field itself. */
export function paramOf(value: Octets, name: string): Octets | undefined {
  return placeOf(value, paramsFrom(value), name)?.value;
}

export function withParam(value: Octets, name: string, to: Octets | undefined): Octets {
  const text = to === undefined || to === '' || isToken(to) ? to : quoted(to);
  const from = paramsFrom(value);
  // Without brackets its parameters would be taken for those of the URI, and some peers do that.
  return withPiece(value, from, name, text);
}

function withPiece(text: Octets, from: number, name: string, value: Octets | undefined): Octets {
  const place = placeOf(text, from, name);
  const piece = value === undefined ? '' : `;${name}${value === '' ? '' : `=${value}`}`;
  if (!place) return text + piece;
  return text.slice(0, place.start) + piece + text.slice(place.end);
}

function isToken(text: Octets): boolean {
  return /^[A-Za-z0-9\-.!%*_+`'~:[\]]+$/.test(text);
}
