import {
  type BodyPart,
  formatRequest,
  formatResponse,
  type Header,
  parseMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '#codec/sip-message';
import { isMultipart, multipartLimits, splitMultipart } from './multipart.ts';

/** Bodies in which sessions are described: elsewhere parts are the other end's business. */
const ofSessions: ReadonlySet<string> = new Set(['INVITE', 'ACK', 'PRACK', 'UPDATE']);

/** What may stand beside a session description: told to whom it concerns, or of no harm to anybody. */
const understood: ReadonlySet<string> = new Set(['application/pidf+xml']);

/**
 * The message as it is to be read: where its body has parts (RFC 5621), the session description among them is its body, and the others
 * are its `parts`. As it came where nothing has to be done, where the parts can't be told apart, or where a request has one that must be
 * understood and is not: whoever reads it then sees that its body is no session description.
 */
export function withSessionBody<Message extends SipRequest | SipResponse>(message: Message): Message {
  if (message.body === '' || !isMultipart(message.contentType) || !ofSessions.has(message.cseq.method)) return message;
  const parts = flattened(message.get('content-type') ?? '', message.body, 0);
  if (!parts) return message;
  const at = parts.findIndex(isSession);
  const session = parts[at];
  const others = parts.filter((part) => part !== session);
  if (message.kind === 'request' && !others.every((part) => part.optional || understood.has(part.type))) return message;
  const read = parseMessage(rewritten(message, session));
  if (read.kind !== message.kind) return message;
  read.parts = others;
  return read as Message;
}

function isSession({ type, disposition }: BodyPart): boolean {
  // RFC 3261 20.11: `session` is what it is where nothing is said; an early session is another one (RFC 3959).
  return type === 'application/sdp' && (disposition === '' || disposition === 'session');
}

/** Parts of parts among them; of alternatives the last that is a session description, else all (RFC 2046 5.1.4). */
function flattened(contentType: string, body: string, depth: number): readonly BodyPart[] | undefined {
  const parts = splitMultipart(contentType, body);
  if ('fault' in parts) return undefined;
  const flat: BodyPart[] = [];
  for (const part of parts) {
    const inner =
      isMultipart(part.type) && depth < multipartLimits.depth
        ? flattened(part.contentType, part.body, depth + 1)
        : undefined;
    if (inner) flat.push(...inner);
    else flat.push(part);
    if (flat.length > multipartLimits.parts) return undefined;
  }
  const best = contentType.toLowerCase().startsWith('multipart/alternative') ? flat.findLast(isSession) : undefined;
  return best ? [best] : flat;
}

function rewritten(message: SipMessage, session: BodyPart | undefined): string {
  const headers: Header[] = [];
  for (const { name, display, value } of message.fields()) {
    if (name === 'content-disposition' || name === 'content-length' || name === 'mime-version') continue;
    if (name !== 'content-type') headers.push([display, value]);
    else if (session) headers.push([display, 'application/sdp']);
  }
  const body = session?.body ?? '';
  if (message.kind === 'request') return formatRequest(message.method, message.uri, headers, body);
  return formatResponse(message.status, message.phrase, headers, body);
}
