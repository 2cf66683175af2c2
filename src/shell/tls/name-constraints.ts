import { type Certificate, encodings, nameTags, type TaggedName } from './certificate.ts';
import { elements } from './der.ts';

/**
 * What of the certificate, the one in question or an authority above it, lies outside the names that an authority above it may vouch for (RFC 5280 4.2.1.10), for a message; undefined
 * when nothing does. What cannot be judged counts as outside.
 */
export function outsideConstraints(
  certificate: Certificate,
  authority: Certificate,
  isLeaf: boolean,
): string | undefined {
  const constraints = authority.nameConstraints;
  if (!constraints) return undefined;
  const { permitted, excluded } = constraints;
  for (const name of namesOf(certificate, isLeaf)) {
    const kind = (one: TaggedName) => one.tag === name.tag;
    const allowed = permitted.filter(kind);
    if (allowed.length > 0 && !allowed.some((base) => within(name, base) === true)) return describe(name);
    if (excluded.filter(kind).some((base) => within(name, base) !== false)) return describe(name);
  }
  return undefined;
}

function namesOf(certificate: Certificate, isLeaf: boolean): readonly TaggedName[] {
  const subject = certificate.subjectNames;
  const { commonName } = certificate;
  // Where there is no subjectAltName, the CN is taken for a name (RFC 5922 7.1): of whom is authenticated, not of those above.
  const stand = commonName === undefined || !isLeaf ? [] : [{ tag: nameTags.dns, octets: Buffer.from(commonName) }];
  return [
    ...(certificate.alternatives ?? stand),
    ...(subject.length > 0 ? [{ tag: nameTags.directory, octets: Buffer.concat(subject.map(withLength)) }] : []),
  ];
}

/** Undefined: this kind of name is not understood, or not written as it should be. */
function within({ tag, octets }: TaggedName, base: TaggedName): boolean | undefined {
  switch (tag) {
    case nameTags.dns:
      return withinDomain(text(octets), text(base.octets), true);
    case nameTags.uri: {
      const host = hostOf(text(octets));
      return host === undefined ? undefined : withinDomain(host, text(base.octets), false);
    }
    case nameTags.ip: {
      const size = octets.length;
      if (base.octets.length !== size * 2)
        return base.octets.length === 8 || base.octets.length === 32 ? false : undefined;
      return octets.every((octet, at) => ((octet ^ base.octets[at]!) & base.octets[size + at]!) === 0);
    }
    case nameTags.directory:
      return withinDirectory(octets, base.octets);
    default:
      return undefined;
  }
}

/** `below`: a base without a leading dot takes in what lies below it as well (dNSName), otherwise itself alone (URI). */
function withinDomain(name: string, base: string, below: boolean): boolean {
  if (base === '') return true;
  if (base.startsWith('.')) return name.endsWith(base) && name.length > base.length;
  return name === base || (below && name.endsWith(`.${base}`));
}

/** The base's relative names are the first of the name. Encodings that differ may mean the same name: then nobody knows. */
function withinDirectory(octets: Uint8Array, base: Uint8Array): boolean | undefined {
  const name = setsOf(octets);
  const wrapper = elements(base)?.[0];
  const wanted = wrapper && encodings(base, wrapper);
  if (!name || !wanted) return undefined;
  if (wanted.length > name.length) return false;
  return wanted.every((one, at) => Buffer.from(one).equals(name[at]!)) ? true : undefined;
}

function setsOf(octets: Uint8Array): readonly Uint8Array[] | undefined {
  return elements(octets)?.map(({ start, end }) => octets.subarray(start, end));
}

function withLength(octets: Uint8Array): Buffer {
  const size = octets.length;
  return Buffer.concat([Buffer.from([0x31, 0x82, size >> 8, size & 0xff]), octets]);
}

function hostOf(uri: string): string | undefined {
  const colon = uri.indexOf(':');
  const rest = uri.slice(colon + 1).replace(/^\/\//, '');
  const at = rest.lastIndexOf('@');
  const host = /^[a-z0-9._-]+/.exec(rest.slice(at + 1));
  return colon > 0 ? host?.[0] : undefined;
}

function text(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1').toLowerCase();
}

function describe({ tag, octets }: TaggedName): string {
  if (tag === nameTags.dns || tag === nameTags.uri || tag === nameTags.email) return text(octets);
  return tag === nameTags.ip ? octets.join('.') : tag === nameTags.directory ? 'its subject' : 'a name of another kind';
}
