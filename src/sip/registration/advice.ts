import { phrases, type SipResponse } from '#codec/sip-message';
import { type Octets, toText } from '#kernel';

/** What a refusal of REGISTER usually means, for whoever has to mend it. */
const meanings: Readonly<Record<number, string>> = {
  400: 'the registrar could not read our REGISTER',
  402: 'the provider wants to be paid',
  403: 'the account or password is wrong, or this address is not allowed',
  404: 'the registrar does not know this address of record: is the user of the identity right, and the domain?',
  405: 'this server takes no registrations: is it the registrar, or is this trunk to do without registration?',
  406: 'the registrar wants something of our REGISTER that we do not offer',
  408: 'a server behind it did not answer',
  410: 'the account is gone',
  413: 'our REGISTER is too large for it',
  414: 'our REGISTER is too large for it',
  416: 'it does not take sip: addresses',
  420: 'it lacks an extension that the configuration requires',
  421: 'it requires an extension that we do not offer',
  423: 'it wants longer registrations than it says',
  430: 'the edge lost our connection',
  439: 'the first hop does not support RFC 5626: turn outbound off',
  480: 'it takes no registrations for now',
  482: 'our REGISTER went in a circle: does the next hop send it back to us?',
  483: 'our REGISTER went in a circle: does the next hop send it back to us?',
  484: 'the address of record is incomplete: is the user of the identity right?',
  485: 'the address of record is ambiguous: is the user of the identity right?',
  488: 'the registrar does not take our Contact',
  493: 'it cannot read what we sent',
  494: 'it wants a security agreement (RFC 3329), which we do not offer',
  500: 'the registrar has a fault',
  501: 'this server takes no registrations: is it the registrar?',
  502: 'a server behind it has a fault',
  503: 'the registrar is overloaded or down for maintenance',
  504: 'a server behind it did not answer',
  505: 'it does not speak SIP/2.0',
  513: 'our REGISTER is too large for it',
  603: 'it declines, and would elsewhere too',
  604: 'the address of record exists nowhere: is the user of the identity right, and the domain?',
};

/** "403 Forbidden: the account or password is wrong, or this address is not allowed" */
export function meaningOf(response: SipResponse): string {
  const { status } = response;
  const extra = extraOf(response);
  const meaning = meanings[status] ?? classMeaning(status);
  return `${status} ${phraseOf(response)}: ${meaning}${extra === '' ? '' : ` (${extra})`}`;
}

/** Its reason phrase, or ours where it has none. */
export function phraseOf({ status, phrase }: SipResponse): string {
  return shown(phrase === '' ? (phrases[status] ?? '') : phrase);
}

function classMeaning(status: number): string {
  if (status < 400) return 'it sends us elsewhere: put the right registrar into the configuration';
  if (status < 500) return 'the registrar refuses us';
  return status < 600 ? 'the registrar has a fault' : 'the registrar refuses us, and would elsewhere too';
}

/** What the answer itself says of why. */
function extraOf(response: SipResponse): string {
  const { status } = response;
  if (status === 420) return shown(`it does not support: ${response.all('unsupported').join(', ')}`);
  if (status === 421) return shown(`it requires: ${response.all('require').join(', ')}`);
  if (status < 400) return shown(response.contact?.uri ?? '');
  const warning = response.get('warning') ?? response.get('reason');
  return warning === undefined ? '' : shown(warning);
}

/** A peer's words, short and on one line. */
function shown(octets: Octets): string {
  let out = '';
  for (const char of toText(octets.slice(0, 200))) out += char < ' ' || char === '\x7f' ? ' ' : char;
  return out.slice(0, 160);
}
