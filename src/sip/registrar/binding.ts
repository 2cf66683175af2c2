import { parseUri, type SipUri, unescapeUser } from '#codec/sip-message';
import type { Octets } from '#kernel';
import type { Flow } from '#sip/flow';

/** One contact of an address of record (RFC 3261 10): a device, or one of its ways here. Plain data: it is checkpointed. */
export interface Binding {
  /** The Contact's URI: the Request-URI of what is sent there. */
  readonly uri: Octets;
  readonly q: number;
  /** Wall ms. */
  readonly expiresAt: number;
  readonly registeredAt: number;
  readonly callId: Octets;
  readonly cseq: number;
  /** Where the REGISTER came from: the way back to a device behind NAT, whatever its Contact says. */
  readonly flow: Flow;
  /** RFC 3327: topmost first. */
  readonly path: readonly Octets[];
  /** RFC 5626 4.1, with its brackets. */
  readonly instance?: Octets;
  /** RFC 5626 4.2: the flow is the binding; it goes with its connection. */
  readonly regId?: number;
  readonly userAgent?: Octets;
  /** RFC 5627: user parts of temporary names of this device, the latest first. */
  readonly temporary?: readonly Octets[];
}

/** RFC 5626 6: what registers over the same flow of the same instance, else (RFC 3261 10.3) the same URI. */
export function isSameBinding(one: Binding, { uri, instance, regId, callId }: Binding): boolean {
  if (one.regId !== undefined && regId !== undefined) return one.instance === instance && one.regId === regId;
  if (sameUri(one.uri, uri)) return true;
  // A device that began anew at another address: nobody is at the old one (as RFC 5627 5.1 has it for its temporary names).
  return (
    regId === undefined &&
    one.regId === undefined &&
    isSet(instance) &&
    one.instance === instance &&
    one.callId !== callId
  );
}

function isSet(text: Octets | undefined): boolean {
  return text !== undefined && text !== '';
}

/** Parameters that are the same in both or in neither (RFC 3261 19.1.4). */
const telling = ['transport', 'user', 'ttl', 'method', 'maddr'] as const;

/** RFC 3261 19.1.4. */
function sameUri(one: Octets, other: Octets): boolean {
  if (one === other) return true;
  const a = parseUri(one);
  const b = parseUri(other);
  if (!a || !b) return false;
  if (a.scheme !== b.scheme || a.host !== b.host || a.port !== b.port || userOf(a) !== userOf(b)) return false;
  if (a.password !== b.password || (a.headers ?? '') !== (b.headers ?? '')) return false;
  if (a.host === '') return false; // Of other schemes the parts are not known.
  for (const name of telling) if (a.params.get(name)?.toLowerCase() !== b.params.get(name)?.toLowerCase()) return false;
  for (const [name, value] of a.params) {
    const theirs = b.params.get(name);
    if (b.params.has(name) && theirs?.toLowerCase() !== value?.toLowerCase()) return false;
  }
  return true;
}

function userOf({ user }: SipUri): Octets | undefined {
  return user === undefined ? undefined : unescapeUser(user);
}
