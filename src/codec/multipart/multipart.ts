import { type BodyPart, type Header, headerName, Params, quoted } from '#codec/sip-message';
import type { Octets } from '#kernel';

export interface MultipartFault {
  readonly fault: string;
}

/** What a peer may make us look at. */
export const multipartLimits = { parts: 16, head: 4096, depth: 4 } as const;

/** True of the Content-Type of a body that has parts. */
export function isMultipart(contentType: string | undefined): boolean {
  return contentType?.startsWith('multipart/') === true;
}

/** The parts of a body (RFC 2046 5.1, RFC 5621), in order. `contentType`: the whole value of the field. */
export function splitMultipart(contentType: Octets, body: Octets): readonly BodyPart[] | MultipartFault {
  const boundary = paramsOf(contentType).get('boundary');
  // 5.1.1: 1 to 70 characters, and no space at the end.
  if (boundary === undefined || boundary === '' || boundary.length > 70 || boundary.endsWith(' '))
    return { fault: 'no boundary' };
  const parts: BodyPart[] = [];
  const delimiter = `--${boundary}`;
  let at = delimiterAt(body, delimiter, 0);
  if (at < 0) return { fault: 'its boundary does not stand in it' };
  for (;;) {
    const after = at + delimiter.length;
    if (body.startsWith('--', after)) return parts.length === 0 ? { fault: 'no parts' } : parts;
    const line = lineEnd(body, after);
    if (line < 0) return { fault: 'a boundary that ends nothing' };
    const next = delimiterAt(body, delimiter, line);
    if (next < 0) return { fault: 'the closing boundary is missing' };
    if (parts.length === multipartLimits.parts) return { fault: `more than ${multipartLimits.parts} parts` };
    // The line break before a delimiter belongs to it. A part may be empty, and then it may be the same line break.
    let end = next;
    if (end > line && body[end - 1] === '\n') end -= end - 1 > line && body[end - 2] === '\r' ? 2 : 1;
    const part = partOf(body.slice(line, end));
    if ('fault' in part) return part;
    parts.push(part);
    at = next;
  }
}

/** A body of parts, and the value of its Content-Type. `boundary`: a token that stands in none of them. */
export function joinMultipart(
  parts: readonly { readonly headers: readonly Header[]; readonly body: Octets }[],
  boundary: string,
): { readonly contentType: Octets; readonly body: Octets } {
  let body = '';
  for (const part of parts) {
    body += `--${boundary}\r\n`;
    for (const [name, value] of part.headers) body += `${name}: ${value}\r\n`;
    body += `\r\n${part.body}\r\n`;
  }
  return { contentType: `multipart/mixed;boundary=${quoted(boundary)}`, body: `${body}--${boundary}--\r\n` };
}

/** Where a line begins with the delimiter and holds nothing else but "--" and blanks; -1 when none does. */
function delimiterAt(body: Octets, delimiter: string, from: number): number {
  for (let at = body.indexOf(delimiter, from); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && body[at - 1] !== '\n') continue;
    let end = at + delimiter.length;
    if (body.startsWith('--', end)) end += 2;
    while (body[end] === ' ' || body[end] === '\t') end++;
    if (end >= body.length || body[end] === '\r' || body[end] === '\n') return at;
  }
  return -1;
}

/** After the line break that ends the line; -1 when nothing follows. */
function lineEnd(text: Octets, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? -1 : at + 1;
}

function partOf(octets: Octets): BodyPart | MultipartFault {
  const fields = new Map<string, Octets>();
  let at = 0;
  for (;;) {
    if (at > multipartLimits.head) return { fault: 'the head of a part is too long' };
    const stop = octets.indexOf('\n', at);
    const end = stop < 0 ? octets.length : stop;
    const line = octets.slice(at, end > at && octets[end - 1] === '\r' ? end - 1 : end);
    at = stop < 0 ? octets.length : stop + 1;
    if (line === '') break;
    const colon = line.indexOf(':');
    if (line[0] === ' ' || line[0] === '\t') {
      // A folded line (RFC 822): it goes on with the field before.
      const [last] = [...fields.keys()].slice(-1);
      if (last === undefined) return { fault: 'the head of a part is malformed' };
      fields.set(last, `${fields.get(last)} ${withoutBlanks(line)}`);
      continue;
    }
    if (colon <= 0) return { fault: 'the head of a part is malformed' };
    const name = headerName(withoutBlanks(line.slice(0, colon)));
    if (!fields.has(name)) fields.set(name, withoutBlanks(line.slice(colon + 1)));
    if (stop < 0) break;
  }
  const contentType = fields.get('content-type') ?? 'text/plain';
  const disposition = fields.get('content-disposition') ?? '';
  const handling = paramsOf(disposition).get('handling')?.toLowerCase();
  return {
    type: bare(contentType),
    contentType,
    id: (fields.get('content-id') ?? '').replace(/^<|>$/g, ''),
    disposition: bare(disposition),
    optional: handling === 'optional',
    body: octets.slice(at),
  };
}

function bare(value: Octets): string {
  const end = value.indexOf(';');
  return (end < 0 ? value : value.slice(0, end)).trimEnd().toLowerCase();
}

/** Spaces and tabs: `trim` would take octets of characters beyond ASCII for blanks too. */
function withoutBlanks(value: Octets): Octets {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}

function paramsOf(value: Octets): Params {
  const from = value.indexOf(';');
  return from < 0 ? Params.none : new Params(value, from, value.length, false);
}
