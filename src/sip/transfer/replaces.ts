import { Params } from '#codec/sip-message';
import type { Octets } from '#kernel';

/** The dialog that a new one is to take the place of (RFC 3891 6.1), as its receiver knows it. */
export interface Replaces {
  readonly callId: Octets;
  /** The tag of the one who gets the INVITE. */
  readonly toTag: Octets;
  readonly fromTag: Octets;
  /** Only while it is not answered. */
  readonly earlyOnly: boolean;
}

/** A Replaces value; undefined when it is none: both tags once each. */
export function parseReplaces(value: Octets): Replaces | undefined {
  const end = value.indexOf(';');
  if (end < 0) return undefined;
  const callId = value.slice(0, end).trim();
  const params = new Params(value, end, value.length, false);
  const toTag = params.get('to-tag');
  const fromTag = params.get('from-tag');
  if (callId === '' || callId.includes(' ') || !toTag || !fromTag) return undefined;
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

export function formatReplaces({ callId, toTag, fromTag, earlyOnly }: Replaces): Octets {
  return `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ';early-only' : ''}`;
}
