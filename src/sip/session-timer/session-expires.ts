import { Params, parseDeltaSeconds } from '#codec/sip-message';
import type { Octets } from '#kernel';

/** The value of a Session-Expires field (RFC 4028 4). */
export interface SessionExpires {
  /** Seconds. */
  readonly expires: number;
  /** Undefined when it is left open. */
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** Undefined when there is none, or none that can be read: then no timer was asked for. */
export function parseSessionExpires(value: Octets | undefined): SessionExpires | undefined {
  if (value === undefined) return undefined;
  const expires = parseDeltaSeconds(value);
  if (expires === undefined) return undefined;
  const semicolon = value.indexOf(';');
  const said = semicolon < 0 ? undefined : new Params(value, semicolon, value.length, false).get('refresher');
  const refresher = said?.toLowerCase();
  return { expires, refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}
