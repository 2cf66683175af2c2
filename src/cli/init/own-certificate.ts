import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { der } from '#shell/tls';

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
  const { sequence, set, tagged, oid, integer, bits, text, time, alternativeNames, pem } = der;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const subject = sequence(set(sequence(oid('550403'), text(name.slice(0, 64)))));
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
    tagged(0xa3, sequence(alternativeNames([name]))),
  );
  const certificate = sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, privateKey)));
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
