import { readPidfLo } from '#codec/pidf-lo';
import { type BodyPart, parseNameAddress, parseUri, type SipRequest } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';

/** Places that one call may name, by value and by reference. */
const mostPlaces = 4;

/** What an INVITE says of where its caller is (RFC 6442). */
export interface Brought {
  /** Location objects, as they came, each with its Content-ID. */
  readonly objects: readonly { readonly id: Octets; readonly body: Octets }[];
  /** URIs to ask for the place. */
  readonly references: readonly Octets[];
  /** Why some of it is not passed on: for the decision trace. */
  readonly faults: readonly string[];
}

/** Undefined when it says nothing. */
export function broughtBy(invite: SipRequest): Brought | undefined {
  const parts = invite.parts ?? invite.asCame?.parts ?? [];
  const objects: { id: Octets; body: Octets }[] = [];
  const references: Octets[] = [];
  const faults: string[] = [];
  for (const part of parts) {
    if (part.type !== 'application/pidf+xml') continue;
    const read = readPidfLo(part.body);
    if ('fault' in read) faults.push(`its location object can't be read: ${read.fault}`);
    else if (objects.length < mostPlaces) objects.push({ id: idOf(part), body: detach(part.body) });
  }
  for (const value of invite.all('geolocation').slice(0, mostPlaces)) {
    const uri = parseNameAddress(value)?.uri ?? '';
    const scheme = parseUri(uri)?.scheme;
    // Those of parts are written anew, with the parts.
    if (scheme === 'https' || scheme === 'http' || scheme === 'sips' || scheme === 'sip' || scheme === 'pres')
      references.push(detach(uri));
  }
  if (objects.length + references.length + faults.length === 0) return undefined;
  return { objects, references, faults };
}

/** An id as it may stand in a header of ours. */
function idOf({ id }: BodyPart): Octets {
  return /^[\x21-\x3b\x3d\x3f-\x7e]{1,200}$/.test(id) ? detach(id) : '';
}
