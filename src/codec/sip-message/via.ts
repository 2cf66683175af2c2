import type { Octets } from '#kernel';
import { type HostAndPort, readHostPort } from './host.ts';
import { classes, digitsWithin, equalsNoCase, isToken, skipSpace } from './octet-classes.ts';
import { ParamReader, Params } from './params.ts';

/** One value of Via (RFC 3261 20.42). */
export interface Via {
  /** Upper case. */
  readonly transport: string;
  /** Of sent-by; no brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly branch?: Octets | undefined;
  /** The parameter is present, with or without a value (RFC 3581). */
  readonly rport: boolean;
  /** No brackets. */
  readonly received?: string | undefined;
  readonly maddr?: string | undefined;
  readonly params: Params;
  /** As received: what is copied into responses. */
  readonly raw: Octets;
}

/** Reads one value of Via; undefined when it is malformed. */
export function parseVia(value: Octets): Via | undefined {
  return readVia(value, 0, value.length);
}

/** The same of text[start, end). */
export function readVia(text: Octets, start: number, end: number): Via | undefined {
  const sent = readSent(text, start, end);
  if (sent === undefined) return undefined;
  const { hostPort } = sent;
  const at = hostPort.end;
  let branch: Octets | undefined;
  let rport = false;
  let received: string | undefined;
  let maddr: string | undefined;
  const reader = new ParamReader(text, at, end, false);
  while (reader.next()) {
    if (reader.is('branch')) {
      if (branch !== undefined) return undefined;
      branch = reader.value ?? '';
      // Half a promise of uniqueness (RFC 3261 8.1.1.7) identifies nothing.
      if (branch === '' || branch === 'z9hG4bK') return undefined;
    } else if (reader.is('rport')) {
      const port = reader.value;
      if (rport || (port !== undefined && digitsWithin(port, 0, port.length, 65535) < 0)) return undefined;
      rport = true;
    } else if (reader.is('received')) {
      if (received !== undefined) return undefined;
      received = unbracketed(reader.value ?? '');
    } else if (reader.is('maddr')) {
      if (maddr !== undefined) return undefined;
      maddr = unbracketed(reader.value ?? '');
    }
  }
  if (!reader.done) return undefined;
  return {
    transport: sent.transport,
    host: hostPort.host,
    port: hostPort.port,
    branch,
    rport,
    received,
    maddr,
    params: new Params(text, Math.min(skipSpace(text, at), end), end, false),
    raw: text.slice(start, end),
  };
}

/** As much of a malformed Via as tells where a refusal goes: transport and sent-by. */
export function salvageVia(text: Octets, start: number, end: number): Via | undefined {
  const sent = readSent(text, start, end);
  if (sent === undefined) return undefined;
  return {
    transport: sent.transport,
    host: sent.hostPort.host,
    port: sent.hostPort.port,
    branch: undefined,
    rport: false,
    received: undefined,
    maddr: undefined,
    params: Params.none,
    raw: text.slice(start, end),
  };
}

/** sent-protocol LWS sent-by. White space may stand around each slash. */
function readSent(
  text: Octets,
  start: number,
  end: number,
): { readonly transport: string; readonly hostPort: HostAndPort } | undefined {
  // What nearly everyone writes needs no search.
  let transport = 'UDP';
  let at = start + 11;
  if (!text.startsWith('SIP/2.0/UDP ', start)) {
    // The protocol's version is judged in the start line; here any token passes (RFC 3261 25.1).
    at = skipSpace(text, start);
    let from = at;
    for (let part = 0; part < 2; part++) {
      from = at;
      at = tokenEnd(text, at);
      if (at === from || (part === 0 && !equalsNoCase(text, from, at, 'sip'))) return undefined;
      at = skipSpace(text, at);
      if (text.charCodeAt(at) !== 0x2f) return undefined;
      at = skipSpace(text, at + 1);
    }
    from = at;
    at = tokenEnd(text, at);
    if (at === from) return undefined;
    transport = text.slice(from, at).toUpperCase();
  }
  const host = skipSpace(text, at);
  if (host === at) return undefined;
  const hostPort = readHostPort(text, host, end, true);
  return hostPort === undefined ? undefined : { transport, hostPort };
}

function tokenEnd(text: Octets, at: number): number {
  while ((classes[text.charCodeAt(at)]! & isToken) !== 0) at++;
  return at;
}

function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
