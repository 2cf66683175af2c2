import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { row, type SheetRow } from './sheet-row.ts';

/** What a certificate says of itself, as rows; a chain is told by its first. */
export function certificateRows(prefix: string, file: string): SheetRow[] {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readFileSync(file));
  } catch (error) {
    return [row(prefix, [], `${file} cannot be read: ${(error as Error).message}`)];
  }
  const { subject, subjectAltName, issuer, validFromDate, validToDate, fingerprint256 } = certificate;
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return [
    row(`${prefix}: subject`, [oneLine(subject) || 'none']),
    row(`${prefix}: names`, names(subjectAltName)),
    row(`${prefix}: issuer`, [oneLine(issuer)], subject === issuer ? 'signed by itself' : undefined),
    row(`${prefix}: valid`, [`${day(validFromDate)} to ${day(validToDate)}`]),
    row(`${prefix}: SHA-256`, [fingerprint256]),
  ];
}

/** The names that a certificate bears, without their kinds. */
export function certificateNames(file: string): string[] {
  try {
    return names(new X509Certificate(readFileSync(file)).subjectAltName);
  } catch {
    return []; // told by certificateRows
  }
}

function names(subjectAltName: string | undefined): string[] {
  return (subjectAltName ?? '').split(', ').flatMap((one) => {
    const name = /^(?:DNS|URI|IP Address):(.+)$/.exec(one)?.[1];
    return name === undefined ? [] : [name];
  });
}

/** Node writes one attribute a line, the most general first. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').reverse().join(', ');
}
