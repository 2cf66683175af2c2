import { type Header, parseDeltaSeconds, type SipRequest } from '#codec/sip-message';

/** Seconds that a SUBSCRIBE holds which does not say (RFC 4235 3.4, RFC 3856 6.4), at most, and at least. */
const usual = 3_600;
const least = 60;

/** For how many seconds a SUBSCRIBE is to hold; 0: to be told once. */
export function expiryOf(
  request: SipRequest,
): { readonly seconds: number } | { readonly status: number; readonly headers: readonly Header[] } {
  const said = request.get('expires');
  const seconds = said === undefined ? usual : parseDeltaSeconds(said);
  if (seconds === undefined) return { status: 400, headers: [] };
  // RFC 6665 4.2.1.1
  if (seconds > 0 && seconds < least) return { status: 423, headers: [['Min-Expires', String(least)]] };
  return { seconds: Math.min(seconds, usual) };
}
