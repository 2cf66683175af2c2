import type { Octets } from '#kernel';
import type { Method } from './message.ts';

export type Header = readonly [name: string, value: Octets];

/** A request as octets. Content-Length is added, in place of one given; a body needs a Content-Type among the headers. */
export function formatRequest(method: Method, uri: Octets, headers: readonly Header[], body: Octets = ''): Octets {
  return `${oneLine(method)} ${oneLine(uri)} SIP/2.0\r\n${formatFields(headers, body)}`;
}

/** A response as octets. Content-Length is added, in place of one given. */
export function formatResponse(status: number, phrase: Octets, headers: readonly Header[], body: Octets = ''): Octets {
  return `SIP/2.0 ${status} ${oneLine(phrase)}\r\n${formatFields(headers, body)}`;
}

function formatFields(headers: readonly Header[], body: Octets): Octets {
  let out = '';
  for (let i = 0; i < headers.length; i++) {
    const header = headers[i]!;
    const name = header[0];
    if (name.length === 14 && name.toLowerCase() === 'content-length') continue;
    out += `${oneLine(name)}: ${oneLine(header[1])}\r\n`;
  }
  return `${out}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** No value ends its line early and goes on as a header field of somebody's making. */
function oneLine(value: Octets): Octets {
  if (!value.includes('\n') && !value.includes('\r')) return value;
  return value.replaceAll('\r', ' ').replaceAll('\n', ' ');
}
