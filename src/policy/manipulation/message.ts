import {
  formatRequest,
  formatResponse,
  type Header,
  headerName,
  type ParseFault,
  parseMessage,
  phrases,
  type SipMessage,
} from '#codec/sip-message';
import type { Octets } from '#kernel';
import type { Draft } from './draft.ts';

/** A message that came, as a draft. */
export function draftOf(message: SipMessage): Draft {
  const isRequest = message.kind === 'request';
  return {
    kind: message.kind,
    method: isRequest ? message.method : message.cseq.method,
    status: isRequest ? 0 : message.status,
    phrase: isRequest ? '' : message.phrase,
    uri: isRequest ? message.uri : '',
    from: message.get('from') ?? '',
    to: message.get('to') ?? '',
    fields: message.fields(),
    body: message.body,
    within: isRequest && message.to.tag !== undefined,
  };
}

/** The octets of a draft that was made of a message. */
export function formatDraft(draft: Draft): Octets {
  const headers: Header[] = [];
  for (const { name, display, value } of draft.fields) {
    // Reckoned anew, whatever form its name had.
    if (name === 'content-length') continue;
    headers.push([display, name === 'from' ? draft.from : name === 'to' ? draft.to : value]);
  }
  if (draft.kind === 'request') return formatRequest(draft.method, draft.uri, headers, draft.body);
  return formatResponse(draft.status, draft.phrase || (phrases[draft.status] ?? ''), headers, draft.body);
}

/** The draft as a message again. A fault only where the message had one that the parser did not look for. */
export function messageOf(draft: Draft): SipMessage | ParseFault {
  return parseMessage(formatDraft(draft));
}

/** Header fields that are yet to be written. */
export function fieldsOf(headers: readonly Header[]): Draft['fields'] {
  return headers.map(([display, value]) => ({ name: headerName(display), display, value }));
}
