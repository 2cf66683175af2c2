import { parseMessage, SipRequest, SipResponse } from '#codec/sip-message';
import type { IdentityPolicy, Trunk } from '#policy/configuration';
import { calledOf } from './called.ts';
import { readIdentity } from './read-identity.ts';
import { type WrittenIdentity, writeIdentity } from './write-identity.ts';

export function trunkOf(kind: Trunk['kind'], more: Partial<Trunk> = {}): Trunk {
  return {
    name: kind === 'itsp' ? 'itsp' : 'pbx',
    kind,
    side: kind === 'itsp' ? 'external' : 'internal',
    transport: 'udp',
    addresses: [{ host: kind === 'itsp' ? '203.0.113.10' : '10.0.0.2', port: 5060, matchPort: false }],
    capacity: {},
    setupTimeout: 8_000,
    ringTimeout: 60_000,
    ...more,
  };
}

export function policyOf(more: Partial<IdentityPolicy> = {}): { readonly callerIdentity: IdentityPolicy } {
  const usual: IdentityPolicy = {
    trusted: false,
    header: 'p-asserted-identity',
    history: 'history-info',
    privacy: 'header',
  };
  return { callerIdentity: { ...usual, ...more } };
}

/** An INVITE with these fields, in place of the usual ones of their names. Each line is "Name: value". */
export function inviteOf(lines: readonly string[], uri = 'sip:+4930123@10.0.0.1'): SipRequest {
  const names = new Set(lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()));
  const usual = [
    'Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1',
    'Max-Forwards: 70',
    'From: <sip:+49301000@10.0.0.2>;tag=1',
    `To: <${uri}>`,
    'Call-ID: 1',
    'CSeq: 1 INVITE',
    'Contact: <sip:phone@10.0.0.2>',
  ].filter((line) => !names.has(line.slice(0, line.indexOf(':')).toLowerCase()));
  const octets = [`INVITE ${uri} SIP/2.0`, ...usual, ...lines, 'Content-Length: 0', '', ''].join('\r\n');
  const message = parseMessage(octets);
  if (!(message instanceof SipRequest)) throw new Error(`no INVITE: ${octets}`);
  return message;
}

export function responseOf(lines: readonly string[], status = 200): SipResponse {
  const octets = [
    `SIP/2.0 ${status} X`,
    'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1',
    'From: <sip:+49301000@192.0.2.1>;tag=1',
    'To: <sip:+4930123@203.0.113.10>;tag=2',
    'Call-ID: 1',
    'CSeq: 1 INVITE',
    ...lines,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
  const message = parseMessage(octets);
  if (!(message instanceof SipResponse)) throw new Error(`no response: ${octets}`);
  return message;
}

export const home = { host: '192.0.2.1', port: 5060 };

/** The INVITE of `source`, as `trunk` gets it. */
export function across(
  invite: SipRequest,
  source: Trunk,
  trunk: Trunk,
): WrittenIdentity & { readonly lines: readonly string[] } {
  const called = calledOf(invite, source, undefined);
  const written = writeIdentity(readIdentity(invite, source, called), {
    trunk,
    home,
    called: called.user,
    uri: (user) => `sip:${user}@itsp.example`,
  });
  return {
    ...written,
    lines: [`From: ${written.from}`, ...written.headers.map(([name, value]) => `${name}: ${value}`)],
  };
}
