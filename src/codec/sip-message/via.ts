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
  const sent = readSent(value);
  if (sent === undefined) return undefined;
  const { transport, hostPort } = sent;
  const at = skipSpace(value, hostPort.end);
  let branch: Octets | undefined;
  let rport = false;
  let received: string | undefined;
  let maddr: string | undefined;
  const reader = new ParamReader(value, at);
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
  const params = at < value.length ? new Params(value.slice(at)) : Params.none;
  return { transport, host: hostPort.host, port: hostPort.port, branch, rport, received, maddr, params, raw: value };
}

/** As much of a malformed Via as tells where a refusal goes: transport and sent-by. */
export function salvageVia(value: Octets): Via | undefined {
  const sent = readSent(value);
  if (sent === undefined) return undefined;
  const { host, port } = sent.hostPort;
  return {
    transport: sent.transport,
    host,
    port,
    branch: undefined,
    rport: false,
    received: undefined,
    maddr: undefined,
    params: Params.none,
    raw: value,
  };
}

/** sent-protocol LWS sent-by. White space may stand around each slash. */
function readSent(value: Octets): { readonly transport: string; readonly hostPort: HostAndPort } | undefined {
  let start = 0;
  let at: number;
  if (value.startsWith('SIP/2.0/')) at = 8;
  else {
    // The protocol's version is judged in the start line; here any token passes (RFC 3261 25.1).
    at = skipSpace(value, 0);
    for (let part = 0; part < 2; part++) {
      start = at;
      at = tokenEnd(value, at);
      if (at === start || (part === 0 && !equalsNoCase(value, start, at, 'sip'))) return undefined;
      at = skipSpace(value, at);
      if (value.charCodeAt(at) !== 0x2f) return undefined;
      at = skipSpace(value, at + 1);
    }
  }
  start = at;
  at = tokenEnd(value, at);
  if (at === start) return undefined;
  const transport = value.startsWith('UDP ', start) ? 'UDP' : value.slice(start, at).toUpperCase();
  const host = skipSpace(value, at);
  if (host === at) return undefined;
  const hostPort = readHostPort(value, host, true);
  return hostPort === undefined ? undefined : { transport, hostPort };
}

function tokenEnd(text: Octets, at: number): number {
  while ((classes[text.charCodeAt(at)]! & isToken) !== 0) at++;
  return at;
}

function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
