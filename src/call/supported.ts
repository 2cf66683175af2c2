import type { Header } from '#codec/sip-message';
import type { Configuration, Trunk } from '#policy/configuration';
import { noSubscriptionTag, replacesTag } from '#sip/transfer';

const both = `${replacesTag}, ${noSubscriptionTag}`;

/**
 * What a trunk is told that we can do with transfers: its INVITEs may take the place of a leg (RFC 3891), and its REFERs need no
 * notices (RFC 4488). '' where media passes us by, since nothing can be led elsewhere then, or where its transfers are refused.
 */
function transfersOf({ transfer }: Trunk, { media }: Configuration): string {
  if (media.mode !== 'anchor' || transfer?.refer === 'refused') return '';
  return transfer?.refer === 'passed' ? replacesTag : both;
}

/** Adds it to what these headers say that we support. */
export function supporting(headers: readonly Header[], trunk: Trunk, configuration: Configuration): readonly Header[] {
  const tags = transfersOf(trunk, configuration);
  if (tags === '') return headers;
  const at = headers.findIndex(([name]) => name === 'Supported');
  if (at < 0) return [...headers, ['Supported', tags]];
  return headers.with(at, ['Supported', `${headers[at]![1]}, ${tags}`]);
}
