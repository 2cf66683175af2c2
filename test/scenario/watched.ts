/** What watchers are told of a user, as ladders write it: "full 0: recipient early", "open, on the phone". */
import type { SipRequest, SipResponse } from '#codec/sip-message';

/** The body of a message; of documents of ours what they say. */
export function bodyText({ contentType, body }: SipRequest | SipResponse): string {
  if (!body.startsWith('<?xml ')) return body;
  if (contentType === 'application/dialog-info+xml') return dialogs(body);
  return contentType === 'application/pidf+xml' && body.includes('data-model') ? presence(body) : body;
}

function dialogs(body: string): string {
  const [, version, state] = /<dialog-info [^>]* version="(\d+)" state="(\w+)" entity="[^"]+">/.exec(body)!;
  const each = [...body.matchAll(/<dialog id="[^"]+" direction="(\w+)">\s*<state>(\w+)<\/state>/g)];
  return `${state} ${version}: ${each.map(([, direction, now]) => `${direction} ${now}`).join(', ') || 'none'}`;
}

function presence(body: string): string {
  const basic = /<basic>(\w+)<\/basic>/.exec(body)![1]!;
  return body.includes('<rpid:on-the-phone/>') ? `${basic}, on the phone` : basic;
}
