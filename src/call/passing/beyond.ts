import { type NameAddress, parseUri, quoted, type SipMessage } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { permitsOf } from './permits.ts';

/** What the far side of a call says of itself that holds for this side as well: our Contact and Recv-Info say it. */
export interface Beyond {
  /** Parameters of its Contact (RFC 3840), as they are written behind ours. */
  readonly features: Octets;
  /** The conference that its Contact names: it is joined and watched by this name (RFC 4579 5). */
  readonly conference?: Octets;
  /** Packages of INFO that it takes (RFC 6086). */
  readonly packages: readonly Octets[];
}

export const nothingBeyond: Beyond = { features: '', packages: [] };

/** Feature tags of RFC 3840 that say what somebody is and does. The others speak of our own dialogs, and so for us. */
const said: ReadonlySet<string> = new Set([
  'isfocus',
  'audio',
  'video',
  'text',
  'application',
  'data',
  'control',
  'automata',
  'class',
  'duplex',
  'mobility',
  'actor',
  'description',
  'language',
  'priority',
  'type',
]);
/** Tags of later RFCs pass but these: they name one device, or the way to it. */
const ofDevice: ReadonlySet<string> = new Set(['+sip.instance', '+sip.pnsreg', '+sip.pnspurr']);

const mostFeatures = 16;
const longestFeature = 256;
const longestConference = 128;
const mostPackages = 16;

/** What `message` of `from` says of itself that `to` is to hear; what it does not speak of is as before. */
export function beyondOf(message: SipMessage, from: Trunk, to: Trunk, before: Beyond = nothingBeyond): Beyond {
  const { contact } = message;
  const features = contact ? featuresOf(contact) : before.features;
  const conference = contact ? conferenceOf(contact) : before.conference;
  const packages = packagesOf(message, from, to) ?? before.packages;
  if (features === '' && packages.length === 0) return nothingBeyond;
  return { features, packages, ...(conference === undefined ? {} : { conference }) };
}

/** Both say the same. */
export function isSameBeyond(one: Beyond, other: Beyond): boolean {
  if (one === other) return true;
  return (
    one.features === other.features &&
    one.conference === other.conference &&
    String(one.packages) === String(other.packages)
  );
}

function featuresOf({ params }: NameAddress): Octets {
  if (params.raw === '') return '';
  let features = '';
  let count = 0;
  for (const [name, value] of params) {
    const passes = said.has(name) || (name.startsWith('+sip.') && !ofDevice.has(name));
    if (!passes || (value?.length ?? 0) > longestFeature || name.length > longestFeature) continue;
    if (++count > mostFeatures) break;
    features += value === undefined ? `;${name}` : `;${name}=${quoted(value)}`;
  }
  return detach(features);
}

function conferenceOf({ params, uri }: NameAddress): Octets | undefined {
  if (!params.has('isfocus')) return undefined;
  const user = parseUri(uri)?.user;
  return user === undefined || user === '' || user.length > longestConference ? undefined : detach(user);
}

/** Undefined where it does not say. */
function packagesOf(message: SipMessage, from: Trunk, to: Trunk): readonly Octets[] | undefined {
  const here = permitsOf(from);
  const there = permitsOf(to);
  if (!here.passes('INFO') || !there.passes('INFO') || message.get('recv-info') === undefined) return undefined;
  return message
    .all('recv-info')
    .filter((one) => one.length <= longestFeature && here.let('INFO', one) && there.let('INFO', one))
    .slice(0, mostPackages)
    .map(detach);
}
