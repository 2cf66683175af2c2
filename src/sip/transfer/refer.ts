import { parseNameAddress, parseUri, type SipRequest, type SipUri, unescapeUser } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';
import { parseReplaces, type Replaces } from './replaces.ts';

/** Option tags of RFC 3891 and RFC 4488. */
export const replacesTag = 'replaces';
export const noSubscriptionTag = 'norefersub';

/** What a REFER asks for (RFC 3515): an INVITE to somebody. */
export interface Refer {
  readonly to: SipUri;
  /** Refer-To as it came, less its angle brackets. */
  readonly uri: Octets;
  /** Whose place is to be taken there (RFC 3891). */
  readonly replaces: Replaces | undefined;
  /** False: no notices of what comes of it are wanted (RFC 4488). */
  readonly notifies: boolean;
  readonly referredBy: Octets | undefined;
}

/** Why a REFER can't be carried out. */
export interface BadRefer {
  readonly status: number;
  readonly phrase?: string;
}

/** Header fields of a Refer-To that are looked at. */
const mostHeaders = 16;

export function readRefer(request: SipRequest): Refer | BadRefer {
  const value = request.get('refer-to');
  // RFC 3515 2.4.1: one, no more and no less; the parser has refused a second.
  if (value === undefined) return { status: 400, phrase: 'No Refer-To' };
  const uri = parseNameAddress(value)?.uri;
  const to = uri === undefined ? undefined : parseUri(uri);
  if (uri === undefined || !to) return { status: 400, phrase: 'Bad Refer-To' };
  // Nothing but a call can be made of it.
  if (to.scheme !== 'sip' && to.scheme !== 'sips' && to.scheme !== 'tel') return { status: 416 };
  const method = to.params.get('method');
  if (method !== undefined && method.toUpperCase() !== 'INVITE')
    return { status: 501, phrase: 'Only calls are referred' };
  const written = headerIn(to.headers, 'replaces');
  const replaces = written === undefined ? undefined : parseReplaces(written);
  if (written !== undefined && !replaces) return { status: 400, phrase: 'Bad Replaces in Refer-To' };
  const referredBy = request.get('referred-by');
  return {
    to,
    uri: detach(uri),
    replaces,
    notifies: request.get('refer-sub')?.trim().toLowerCase().startsWith('false') !== true,
    referredBy: referredBy === undefined ? undefined : detach(referredBy),
  };
}

/** A header field that a URI asks for (RFC 3261 19.1.1); undefined when it does not. */
function headerIn(headers: Octets | undefined, name: string): Octets | undefined {
  if (headers === undefined) return undefined;
  for (const one of headers.split('&', mostHeaders)) {
    const equals = one.indexOf('=');
    if (equals > 0 && unescapeUser(one.slice(0, equals)).toLowerCase() === name)
      return detach(unescapeUser(one.slice(equals + 1)));
  }
  return undefined;
}
