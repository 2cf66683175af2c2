import { isIP } from 'node:net';

/** DER as it is written (X.690), as far as certificates and requests for them need it. */

export function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...header]), body]);
}

export function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

export function set(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, ...parts);
}

/** By the octets of its arcs. */
export function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

export function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

export function bits(octets: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), octets);
}

export function text(value: string): Buffer {
  return tagged(0x0c, Buffer.from(value));
}

/** UTCTime, until 2049; GeneralizedTime after it. */
export function time(when: Date): Buffer {
  const digits = when.toISOString().replace(/[-:T]|\.\d+/g, '');
  return when.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

/** The extension subjectAltName (RFC 5280 4.2.1.6) of host names and addresses. */
export function alternativeNames(names: readonly string[]): Buffer {
  return sequence(oid('551d11'), tagged(0x04, sequence(...names.map(alternativeName))));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? tagged(0x82, Buffer.from(name)) : tagged(0x87, addressOctets(name));
}

function addressOctets(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (part: string) => part.split(':').filter(Boolean);
  const [before, after] = [groups(head), groups(tail ?? '')];
  const between = new Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.from([...before, ...between, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

export function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`;
}
