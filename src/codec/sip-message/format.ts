import type { Octets } from '#kernel';
import type { Method } from './message.ts';

export type Header = readonly [name: string, value: Octets];

/** A request as octets. Content-Length is added, in place of one given; a body needs a Content-Type among the headers. */
export function formatRequest(method: Method, uri: Octets, headers: readonly Header[], body: Octets = ''): Octets {
  return requestOf(method, uri, formatFields(headers), body);
}

/** A response as octets. Content-Length is added, in place of one given. */
export function formatResponse(status: number, phrase: Octets, headers: readonly Header[], body: Octets = ''): Octets {
  return responseOf(status, phrase, formatFields(headers), body);
}

/** The same of `fields` that are lines already, all but Content-Length. */
export function requestOf(method: Method, uri: Octets, fields: Octets, body: Octets): Octets {
  return `${oneLine(method)} ${oneLine(uri)} SIP/2.0\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** The same of `fields` that are lines already, all but Content-Length. */
export function responseOf(status: number, phrase: Octets, fields: Octets, body: Octets): Octets {
  return `SIP/2.0 ${status} ${oneLine(phrase)}\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** A header field as a line. */
export function formatField(name: string, value: Octets): Octets {
  return `${oneLine(name)}: ${oneLine(value)}\r\n`;
}

/** Header fields as lines, but for Content-Length. */
export function formatFields(headers: readonly Header[]): Octets {
  let lines = '';
  for (let i = 0; i < headers.length; i++) {
    const header = headers[i]!;
    const name = header[0];
    if (name.length === 14 && name.toLowerCase() === 'content-length') continue;
    lines += formatField(name, header[1]);
  }
  return lines;
}

/** No value ends its line early and goes on as a header field of somebody's making. */
function oneLine(value: Octets): Octets {
  if (!value.includes('\n') && !value.includes('\r')) return value;
  return value.replaceAll('\r', ' ').replaceAll('\n', ' ');
}
