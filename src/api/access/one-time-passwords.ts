import { Secret, TOTP } from 'otpauth';

/** One-time passwords by time (RFC 6238), as every app of telephones knows them: SHA-1, six digits, thirty seconds. */
const period = 30;

/** A new secret, base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an app scans. */
export function totpUri(secret: string, name: string): string {
  return generator(secret, name).toString();
}

/** The time step that a code is of, the last one's and the next one's taken as well since clocks differ; undefined when it is of none. */
export function stepOf(code: string, secret: string, now: number): number | undefined {
  const delta = generator(secret, '').validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / 1000 / period) + delta;
}

function generator(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Tandem', label, secret: Secret.fromBase32(secret), period, digits: 6, algorithm: 'SHA1' });
}
