import { parseNameAddress, parseUri, type SipRequest, type SipResponse, splitList } from '#codec/sip-message';
import type { Octets } from '#kernel';
import { type Person, personOf, readPerson } from './person.ts';

/** Whom a message says, beside From, that it speaks for. Whether that is believed is another matter. */
export interface Asserted {
  /** A sip and a tel URI at most. */
  readonly people: readonly Person[];
  /** Remote-Party-ID says that he is not to be shown. */
  readonly hides: boolean;
  readonly unscreened: boolean;
  /** The fields that said so, and how many: "P-Asserted-Identity (2), Remote-Party-ID". */
  readonly fields: string;
}

/**
 * RFC 3325 9.1 and 9.2, and the draft that many speak instead (draft-ietf-sip-privacy-04). `party`: of whom a Remote-Party-ID
 * is heeded, the caller of an INVITE or who was called; `either`: who sends a request in the dialog, since those who were
 * called call themselves that there too.
 */
export function readAsserted(message: SipRequest | SipResponse, party: 'calling' | 'called' | 'either'): Asserted {
  const asserted = message.all('p-asserted-identity');
  const preferred = message.all('p-preferred-identity');
  const remote = remoteParties(message);
  const standard = onePerScheme(asserted.length > 0 ? asserted : preferred);
  let hides = false;
  let unscreened = false;
  const older: Person[] = [];
  for (const value of remote) {
    const address = parseNameAddress(value);
    const person = address && personOf(parseUri(address.uri), address.displayName);
    const said = address?.params.get('party')?.toLowerCase() ?? party;
    if (!person || (said !== party && !(party === 'either' && (said === 'calling' || said === 'called')))) continue;
    hides ||= (address.params.get('privacy')?.toLowerCase() ?? 'off') !== 'off';
    if (older.length > 0) continue;
    older.push(person);
    unscreened = address.params.get('screen')?.toLowerCase() === 'no';
  }
  return {
    people: standard.length > 0 ? standard : older,
    hides,
    unscreened: standard.length === 0 && unscreened,
    fields: [
      counted('P-Asserted-Identity', asserted.length),
      counted('P-Preferred-Identity', preferred.length),
      counted('Remote-Party-ID', remote.length),
    ]
      .filter((text) => text !== '')
      .join(', '),
  };
}

function remoteParties(message: SipRequest | SipResponse): readonly Octets[] {
  const values: Octets[] = [];
  for (const value of message.all('remote-party-id')) splitList(value, values);
  return values;
}

function onePerScheme(values: readonly Octets[]): readonly Person[] {
  const people: Person[] = [];
  for (const value of values) {
    if (people.length === 2) break;
    const person = readPerson(value);
    if (person && person.scheme !== people[0]?.scheme) people.push(person);
  }
  return people;
}

function counted(field: string, count: number): string {
  return count < 2 ? field.repeat(count) : `${field} (${count})`;
}
