// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { z } from 'zod';
import { count, file } from './leaves.ts';
import { secret } from './leaves-sip.ts';

/** The shorter ways in which lists and maps may be written. */

/** A list, for which a single entry may stand alone. */
export function oneOrMany<T extends z.ZodType>(item: T) {
  return listOf(item, 1);
}

/** One that may be empty, which says something else than none at all. */
export function noneOrMany<T extends z.ZodType>(item: T) {
  return listOf(item, 0);
}

function listOf<T extends z.ZodType>(item: T, least: number) {
  const list = z.array(item);
  return z
    .preprocess((value) => (isSingle(value) ? [value] : value), least === 0 ? list : list.min(least))
    .meta({ 'x-single': true });
}

function isSingle(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

/** A map, for which its one main key may stand alone. */
export function shortFor<T extends z.ZodType>(key: string, map: T) {
  return z.preprocess((value) => (typeof value === 'string' ? { [key]: value } : value), map).meta({ 'x-short': key });
}

/** A map, for which its one main key may stand alone, which is a list. */
export function shortForList<T extends z.ZodType>(key: string, map: T) {
  const isShort = (value: unknown) => typeof value === 'string' || Array.isArray(value);
  return z.preprocess((value) => (isShort(value) ? { [key]: value } : value), map).meta({ 'x-short': key });
}

/** The two places a password may be in; exactly one is given (check-security.ts). */
export const passwordKeys = () => ({
  password: secret()
    .optional()
    .describe('The password; better from a variable, `${NAME}`, or from `password-file`. It is shown nowhere.'),
  'password-file': file()
    .optional()
    .describe('The file that holds the password and nothing else. Read at start; a line end behind it does not count.'),
});

export const minVersion = () =>
  z.enum(['1.2', '1.3']).prefault('1.2').describe('The lowest version of TLS that is spoken.');

/** How many calls something may carry. */
export const callLimits = () =>
  z.strictObject({
    calls: count(1, 1_000_000).optional().describe('Calls at once.'),
    'calls-per-second': count(1, 100_000).optional().describe('New calls in any second.'),
  });

/** What may carry a trunk, or all calls of a plan. */
export const tunnelKinds = ['ipsec', 'ipsec-nat', 'wireguard', 'gre', 'gre-ipsec'] as const;
