import { type NumberType, parsePhoneNumberWithError } from 'libphonenumber-js/max';

/** What the metadata of phone numbers know of one. */
export interface NumberFacts {
  /** ISO 3166-1; null where the number belongs to no country, as those for free calls from anywhere. */
  readonly country: string | null;
  /** Null where its range is in no use that is known. */
  readonly type: NumberType | null;
  /** In a range that is in use. */
  readonly valid: boolean;
  /** The code of the country, without "+". */
  readonly code: string;
}

/** Undefined where it does not begin with "+" and the code of a country. */
export function numberFacts(number: string): NumberFacts | undefined {
  if (!number.startsWith('+')) return undefined;
  try {
    const parsed = parsePhoneNumberWithError(number.split(';')[0]!);
    return {
      country: parsed.country ?? null,
      type: parsed.getType() ?? null,
      valid: parsed.isValid(),
      code: parsed.countryCallingCode,
    };
  } catch {
    return undefined;
  }
}

const kinds: Partial<Record<NumberType & string, string>> = {
  FIXED_LINE: 'a fixed line',
  MOBILE: 'a mobile',
  FIXED_LINE_OR_MOBILE: 'a fixed line or a mobile',
  PREMIUM_RATE: 'a premium rate',
  TOLL_FREE: 'a free call',
  SHARED_COST: 'a number of shared cost',
  VOIP: 'a number of no place (VoIP)',
  PERSONAL_NUMBER: 'a personal number',
  PAGER: 'a pager',
  UAN: 'a number of a company',
  VOICEMAIL: 'voice mail',
};

/** A sentence; undefined where nothing is known. */
export function numberText(number: string): string | undefined {
  if (!number.startsWith('+')) return undefined;
  const facts = numberFacts(number);
  if (!facts) return `${number} is no number of any country.`;
  const { country, type, valid, code } = facts;
  if (!valid) return `${number} is in no range of +${code} that is in use: nobody has it.`;
  const where = country === null ? 'of no country' : `in ${countryNames.of(country)} (${country})`;
  return `${number} is ${(type && kinds[type]) ?? 'a number'} ${where}.`;
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' });
