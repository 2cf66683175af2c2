import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** PEM. */
export interface OwnCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Years that it is good for. */
const years = 5;

/**
 * A certificate of our own for `name`, a host name or an address, signed by itself (RFC 5280 4.1, ECDSA with P-256): what a listener of TLS must have, and
 * enough for a provider that knows us by our account.
 */
export function ownCertificate(name: string, now = Date.now()): OwnCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const subject = sequence(set(sequence(oid('550403'), tagged(0x0c, Buffer.from(name.slice(0, 64))))));
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + years);
  const serial = randomBytes(16);
  serial[0]! &= 0x7f; // It is a positive number, in as few octets as it takes.
  serial[0]! |= 0x40;
  const signed = sequence(
    tagged(0xa0, integer(2)),
    tagged(0x02, serial),
    ecdsaWithSha256,
    subject,
    sequence(time(new Date(now)), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(oid('551d11'), tagged(0x04, sequence(alternativeName(name)))))),
  );
  const signature = tagged(0x03, Buffer.from([0]), sign('sha256', signed, privateKey));
  const certificate = sequence(signed, ecdsaWithSha256, signature).toString('base64');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 0) return tagged(0x82, Buffer.from(name));
  return tagged(0x87, addressOctets(name));
}

function addressOctets(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const [before, after] = [groups(head), groups(tail ?? '')];
  const between = new Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.from([...before, ...between, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** UTCTime, until 2049; GeneralizedTime after it. */
function time(when: Date): Buffer {
  const digits = when.toISOString().replace(/[-:T]|\.\d+/g, '');
  return when.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function set(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, ...parts);
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...header]), body]);
}
