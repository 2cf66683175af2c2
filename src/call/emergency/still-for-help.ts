import { parseUri } from '#codec/sip-message';
import type { Trunk } from '#policy/configuration';
import type { OutgoingRequest } from '#sip/transaction';

/**
 * A call for help as a trunk's rules on messages leave it: they may change what they like but whom it calls, and that it is one. A rule that
 * is right for all other calls could otherwise make another number of 911.
 */
export function stillForHelp(
  plain: OutgoingRequest,
  ruled: OutgoingRequest,
  { name }: Trunk,
  call: { decide(rule: string, outcome: string): void },
): OutgoingRequest {
  const isSame = ruled.uri === plain.uri || parseUri(ruled.uri)?.user === parseUri(plain.uri)?.user;
  const isMarked = ruled.headers.some(([key, value]) => key === 'Priority' && value === 'emergency');
  if (isSame && isMarked) return ruled;
  if (!isSame) call.decide(`trunk ${name}`, 'its rules on messages would call another number: not for help');
  const others = ruled.headers.filter(([key]) => key.toLowerCase() !== 'priority');
  return {
    ...ruled,
    ...(isSame ? {} : { uri: plain.uri, to: plain.to }),
    headers: [...others, ['Priority', 'emergency']],
  };
}
