import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Context } from './check-context.ts';
import { readPassword } from './leaves-sip.ts';
import { passwordIn } from './passwords.ts';
import type { Path } from './problems.ts';

/** The files that a configuration names: are they there, and are they what they should be? */

/** A certificate and its private key; `path` holds `certificate` and `key`. The certificate, when it can be read. */
export function checkCertificate(
  { certificate, key }: { certificate: string; key: string },
  path: Path,
  context: Context,
): X509Certificate | undefined {
  const shown = readCertificate(certificate, [...path, 'certificate'], context);
  const own = readKey(key, [...path, 'key'], context);
  if (shown && own && !shown.checkPrivateKey(own))
    context.report('TDM-1404', [...path, 'key'], `${key} is not the key of ${certificate}.`);
  if (shown) checkDates(shown, [...path, 'certificate'], context);
  return shown;
}

export function readCertificate(file: string, path: Path, { files, report }: Context): X509Certificate | undefined {
  const { text, reason } = files.read(file);
  if (text === undefined) {
    report('TDM-1401', path, `${file} cannot be read: ${reason}.`);
    return undefined;
  }
  try {
    return new X509Certificate(text);
  } catch {
    const cure = text.includes('PRIVATE KEY-----') ? 'This is a key: name the file of the certificate.' : undefined;
    report('TDM-1402', path, `${file} holds no certificate in PEM.`, cure);
    return undefined;
  }
}

function readKey(file: string, path: Path, { files, report }: Context): KeyObject | undefined {
  const { text, open, reason } = files.read(file);
  if (text === undefined) {
    report('TDM-1401', path, `${file} cannot be read: ${reason}.`);
    return undefined;
  }
  if (open) report('TDM-1311', path, `everybody on this machine may read ${file}.`);
  try {
    return createPrivateKey(text);
  } catch {
    const cure = text.includes('ENCRYPTED')
      ? 'Take the passphrase off: nobody is there to give it when the program starts.'
      : undefined;
    report('TDM-1403', path, `${file} holds no private key in PEM that can be used.`, cure);
    return undefined;
  }
}

function checkDates(certificate: X509Certificate, path: Path, { now, report }: Context): void {
  const { validFromDate, validToDate } = certificate;
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (validToDate.getTime() < now) report('TDM-1310', path, `it expired on ${day(validToDate)}.`);
  else if (validFromDate.getTime() > now)
    report('TDM-1310', path, `it is valid from ${day(validFromDate)} on.`, 'Set the clock, or wait.');
}

export function checkPasswordFile(file: string, path: Path, { files, report }: Context): void {
  const { text, open, reason } = files.read(file);
  if (text === undefined) {
    report('TDM-1401', path, `${file} cannot be read: ${reason}.`);
    return;
  }
  if (open) report('TDM-1311', path, `everybody on this machine may read ${file}.`);
  const wrong = readPassword(passwordIn(text));
  if (wrong !== undefined) report('TDM-1405', path, `${file} is not a password: ${wrong}.`);
}
