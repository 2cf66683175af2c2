import { AsYouType, validatePhoneNumberLength } from 'libphonenumber-js';

/** What the metadata of phone numbers say: for checks, never on the way of a call. */

/** Why nobody can have a number that begins with "+"; undefined when somebody may, or it is no such number. */
export function impossible(number: string): string | undefined {
  if (!number.startsWith('+')) return undefined;
  const main = number.split(';')[0]!;
  switch (validatePhoneNumberLength(main)) {
    case undefined:
      return undefined;
    case 'INVALID_COUNTRY':
      return 'begins with the code of no country';
    case 'TOO_SHORT':
      return `is too short${among(main)}`;
    case 'TOO_LONG':
      return `is too long${among(main)}`;
    default:
      return `has a length that none has${among(main)}`;
  }
}

function among(number: string): string {
  const typed = new AsYouType();
  typed.input(number);
  const code = typed.getCallingCode();
  return code === undefined ? '' : ` among those of +${code}`;
}
