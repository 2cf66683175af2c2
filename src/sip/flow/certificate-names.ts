/** What of a certificate's subject and subjectAltName says whose it is. Values as they stand in it. */
export interface CertificateNames {
  /** Undefined when there is no subjectAltName at all. */
  readonly alternatives: readonly GeneralName[] | undefined;
  /** CN of the subject, the most specific one. */
  readonly commonName: string | undefined;
}

export interface GeneralName {
  readonly kind: 'uri' | 'dns' | 'ip';
  readonly value: string;
}

/** Who a certificate proves somebody to be. */
export interface CertificateIdentity {
  /** SIP domains, lower case, each once. */
  readonly names: readonly string[];
  /** IP addresses of its subjectAltName as they stand in it, lower case. */
  readonly addresses: readonly string[];
}

/**
 * RFC 5922 7.1: the hosts of sip URIs without a user part; where there are none, DNS names; where there is no subjectAltName, the CN.
 * Names that no DNS name can be are left out: nothing they match is meant.
 */
export function certificateIdentity({ alternatives, commonName }: CertificateNames): CertificateIdentity {
  if (alternatives === undefined) {
    const name = commonName === undefined ? undefined : dnsName(commonName);
    return { names: name === undefined ? [] : [name], addresses: [] };
  }
  const of = (kind: GeneralName['kind'], read: (value: string) => string | undefined) => [
    ...new Set(
      alternatives.flatMap((one) => {
        const name = one.kind === kind ? read(one.value) : undefined;
        return name === undefined ? [] : [name];
      }),
    ),
  ];
  const domains = of('uri', sipDomain);
  return {
    names: domains.length > 0 ? domains : of('dns', dnsName),
    addresses: of('ip', (value) => value.toLowerCase()),
  };
}

/**
 * RFC 5922 7.2: the whole name, whatever the case. `wildcards` lets `*.` of the certificate stand for one label, which that section
 * forbids and RFC 6125 6.4.3 knows. An IP literal is looked for among the addresses only.
 */
export function bearsName({ names, addresses }: CertificateIdentity, wanted: string, wildcards = false): boolean {
  const address = addressGroups(wanted);
  if (address !== undefined) return addresses.some((one) => addressGroups(one) === address);
  const name = dnsName(wanted);
  if (name === undefined || name.startsWith('*')) return false;
  const parent = name.slice(name.indexOf('.'));
  return names.some((one) => one === name || (wildcards && name.includes('.') && one === `*${parent}`));
}

/** The host of `sip:host`, without user; ports and parameters say nothing about whose it is. */
function sipDomain(uri: string): string | undefined {
  if (uri.slice(0, 4).toLowerCase() !== 'sip:' || uri.includes('@')) return undefined;
  let end = 4;
  while (end < uri.length && !':;?'.includes(uri[end]!)) end++;
  return dnsName(uri.slice(4, end));
}

/** Lower case and without the root's dot, when it is one; `*` may be its first label. */
function dnsName(text: string): string | undefined {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name === '' || name.length > 253) return undefined;
  let label = 0;
  for (let i = name.startsWith('*.') ? 2 : 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const isWord = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
    if (isWord) label++;
    else if (code === 0x2e && label > 0) label = 0;
    else return undefined;
    if (label > 63) return undefined;
  }
  return label > 0 ? name : undefined;
}

/** One text for each IP address, however it is written; undefined when it is none. */
function addressGroups(text: string): string | undefined {
  if (!text.includes(':')) {
    const parts = text.split('.');
    return parts.length === 4 && parts.every((part) => isDigits(part) && Number(part) < 256)
      ? parts.map(Number).join('.')
      : undefined;
  }
  const literal = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const [head, tail, ...more] = literal.split('::');
  if (more.length > 0) return undefined;
  const before = groups(head!);
  const after = tail === undefined ? [] : groups(tail);
  if (!before || !after) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array<number>(missing).fill(0), ...after].map((group) => group.toString(16)).join(':');
}

/** The 16-bit groups of a part of an IPv6 literal, whose end may be a dotted quad. */
function groups(text: string): number[] | undefined {
  if (text === '') return [];
  const all: number[] = [];
  for (const [at, part] of text.split(':').entries()) {
    if (part.includes('.')) {
      const quad = text.endsWith(part) && text.split(':').length === at + 1 ? addressGroups(part) : undefined;
      if (quad === undefined) return undefined;
      const [a, b, c, d] = quad.split('.').map(Number);
      all.push(a! * 256 + b!, c! * 256 + d!);
    } else {
      if (part === '' || part.length > 4) return undefined;
      const value = Number(`0x${part}`);
      if (!Number.isInteger(value)) return undefined;
      all.push(value);
    }
  }
  return all;
}

function isDigits(text: string): boolean {
  if (text === '' || text.length > 3) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
