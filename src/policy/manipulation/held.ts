import { isSingleField } from '#codec/sip-message';
import type { Part } from './part.ts';

/** What no rule may touch, and what instead. */

const transaction = 'transactions, dialogs and routes stand on it (RFC 3261 8.1.1, 12, 17)';
const credentials = 'credentials are reckoned over the message as it is sent';
const reliability = 'reliable responses and their PRACK are matched by it (RFC 3262)';
const length = 'it is reckoned when the message is written';

const held: Readonly<Record<string, string>> = {
  via: transaction,
  route: transaction,
  'record-route': transaction,
  'call-id': transaction,
  cseq: transaction,
  'max-forwards': 'it ends loops (RFC 3261 8.1.1.6)',
  'content-length': length,
  rseq: reliability,
  rack: reliability,
  authorization: credentials,
  'proxy-authorization': credentials,
  'www-authenticate': credentials,
  'proxy-authenticate': credentials,
  'authentication-info': credentials,
};

/** Names that wildcards pass over. */
export const isHeld = (name: string): boolean => Object.hasOwn(held, name) || kept.has(name);
const kept: ReadonlySet<string> = new Set(['from', 'to', 'contact', 'content-type']);

export type Deed = 'add' | 'set' | 'remove' | 'replace' | 'copy';

export interface Refusal {
  readonly message: string;
  readonly cure: string;
}

/** Why the step may not be, and what to do. */
export function refusalOf(deed: Deed, part: Part): Refusal | undefined {
  const { text, field, name, slice } = part;
  const header = text.split('.')[0]!;
  const whole = slice.of === 'whole';
  if (part.all) {
    if (deed === 'remove') return undefined;
    return { message: `${text} names no field that could be written.`, cure: 'Name one, or `remove` them.' };
  }
  const why = field === 'header' ? held[name] : undefined;
  if (why !== undefined)
    return { message: `${header} is not to be changed: ${why}.`, cure: 'Leave it to us; take the step out.' };
  if ((field === 'from' || field === 'to') && whole)
    return {
      message: `${header} as a whole bears the tag that the dialog is known by.`,
      cure: `Name the part that is meant: ${header}.user, ${header}.host, ${header}.display, ${header}.uri.`,
    };
  if ((field === 'from' || field === 'to') && slice.of === 'param' && slice.name === 'tag')
    return { message: `the tag of ${header} is what the dialog is known by.`, cure: 'Take the step out.' };
  if (slice.of === 'value' && field !== 'header')
    return { message: `${header} is an address.`, cure: `Name its part: ${header}.uri, ${header}.user.` };
  if (deed === 'add') {
    if (!whole || field !== 'header')
      return { message: `${text} is no header field that could be added.`, cure: 'Write it with `set`.' };
    if (name === 'contact' || isSingleField(name))
      return { message: `a message has one ${header} at the most.`, cure: 'Write it with `set`.' };
  }
  if (deed === 'remove') {
    const needed = field === 'request-uri' || name === 'contact' || name === 'content-type';
    if (needed && whole) return { message: `a message needs its ${header}.`, cure: 'Change parts of it.' };
    if (
      slice.of === 'uri' ||
      slice.of === 'value' ||
      (slice.of === 'uri-part' && ['scheme', 'host'].includes(slice.part))
    )
      return { message: `${text} cannot be missing.`, cure: 'Write another with `set`, or change it with `replace`.' };
  }
  return undefined;
}

/** True of what identifies a dialog, or is where a request goes: it is written when the dialog begins, and holds. */
export function identifies({ field }: Part): boolean {
  return field !== 'header';
}
