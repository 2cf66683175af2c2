import { withSessionBody } from '#codec/multipart';
import type { SipRequest, SipResponse } from '#codec/sip-message';
import type { Rewriter } from '#sip/transaction';

/** As it is to be read: by the rules of the trunk that it came from, where it has any. */
export function read<Message extends SipRequest | SipResponse>(
  message: Message,
  rewriter: Rewriter | undefined,
): Message {
  const plain = withSessionBody(message);
  return rewriter ? rewriter.received(plain) : plain;
}
