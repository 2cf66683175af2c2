import type { Octets } from '#kernel';

export interface MaskOptions {
  /** The keys that people pressed can be read. */
  readonly keys?: boolean;
}

/** Header fields with what stands in folded lines behind them (RFC 3261 7.3.1). */
const challenged = /^((?:proxy-)?authorization|(?:proxy-)?authentication-info)([ \t]*:)((?:[^\r\n]|\r?\n[ \t])*)/gim;
/** Those of somebody's own that say what they hold: X-API-Key, X-Auth-Token. */
const telling =
  /^([a-z0-9-]{0,64}(?:token|secret|password|passwd|credential|api-?key)[a-z0-9-]{0,64})([ \t]*:[ \t]*)((?:[^\r\n]|\r?\n[ \t])*)/gim;
const answers = /(response|cnonce|rspauth)(\s*=\s*"?)([^",\s]+)/gi;
/** RFC 3261 19.1.1: `sip:user:password@host`. */
const passwords = /(sips?:[^\s<>@:;?"]{1,256})(:)([^\s<>@;?"]{1,256})(?=@)/gi;
const cryptoLine = /^a=crypto:.*$/gim;
const inlineKey = /(inline)(:)([^\s|;]+)/gi;
const sdpSecret = /^(k=(?:clear|base64)|a=ice-pwd|a=key-mgmt:mikey)([: \t]+)(\S+)/gim;
const signal = /^([ \t]*(?:signal|d)[ \t]*)(=[ \t]*)(\S+)/gim;
const pressed = /(digits)(\s*=\s*["'])([^"']+)/gi;

/**
 * A message without its secrets, each char of theirs an x: answers to challenges (RFC 7616) and other credentials, passwords in URIs, keys
 * of SRTP (RFC 4568) and of ICE, and the keys that people pressed, in INFO or reports (RFC 4730). Its lengths stay, and all that it
 * takes to understand it.
 */
export function masked(octets: Octets, options: MaskOptions = {}): Octets {
  return maskedPart(octets, options.keys === true, deepest);
}

/** Parts in parts, as far as they are looked into; what is deeper is not shown at all. */
const deepest = 4;
/** Some write lines as they like: a line feed alone is taken for an end as well. */
const blankLine = /\r?\n\r?\n/;
const contentType = /^(?:content-type|c)[ \t]*:[ \t]*(?:\r?\n[ \t]+)?([^\s;]+)((?:[^\r\n]|\r?\n[ \t])*)/im;
const boundary = /boundary[ \t]*=[ \t]*(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))/i;

function maskedPart(octets: Octets, keys: boolean, depth: number): Octets {
  const end = blankLine.exec(octets)?.index ?? octets.length;
  const head = octets.slice(0, end);
  if (end === octets.length) return maskedHead(head);
  const body = octets.slice(end);
  const [, type = '', parameters = ''] = contentType.exec(head) ?? [];
  return maskedHead(head) + maskedBody(body, type.toLowerCase(), parameters, keys, depth);
}

function maskedBody(body: Octets, type: string, parameters: string, keys: boolean, depth: number): Octets {
  const isMixed = type.startsWith('multipart/');
  // A piece of a message, as NOTIFY has it (RFC 3420), or a whole one: secrets may stand in it as they do here.
  if (!isMixed && type !== 'message/sipfrag' && type !== 'message/sip')
    return keys ? maskedSdp(body) : maskedKeys(type, maskedSdp(body));
  if (depth === 0) return crossed(body);
  const begin = /^[\r\n]*/.exec(body)![0];
  if (!isMixed) return begin + maskedPart(body.slice(begin.length), keys, depth - 1);
  const [, quoted, bare] = boundary.exec(parameters) ?? [];
  const between = `--${quoted ?? bare ?? ''}`;
  return body
    .split(between)
    .map((part) => maskedPart(part, keys, depth - 1))
    .join(between);
}

function maskedHead(head: Octets): Octets {
  return head
    .replace(challenged, (_field, name: string, colon: string, value: string) => {
      const isDigest = /^\s*digest\s/i.test(value) || /-info$/i.test(name);
      return name + colon + (isDigest ? value.replace(answers, hide) : hiddenToken(value));
    })
    .replace(telling, (_field, name: string, colon: string, value: string) => name + colon + crossed(value))
    .replace(passwords, hide);
}

/** Of `Bearer …`, `Basic …`: all but what it is. */
function hiddenToken(value: string): string {
  const begin = /^\s*\S+\s+/.exec(value)?.[0] ?? '';
  return begin + crossed(value.slice(begin.length));
}

function maskedSdp(body: Octets): Octets {
  return body.replace(cryptoLine, (line) => line.replace(inlineKey, hide)).replace(sdpSecret, hide);
}

const aboutKeys: ReadonlySet<string> = new Set([
  'application/dtmf-relay',
  'application/dtmf',
  'application/vnd.nortelnetworks.digits',
  'application/kpml-response+xml',
]);

function maskedKeys(type: string, body: Octets): Octets {
  if (!aboutKeys.has(type)) return body;
  if (type === 'application/dtmf') return crossed(body);
  return body.replace(type.endsWith('xml') ? pressed : signal, hide);
}

/** Each char of it an x, but for spaces and line ends. */
function crossed(text: string): string {
  return text.replace(/\S/g, 'x');
}

function hide(_all: string, before: string, between: string, secret: string): string {
  return before + between + 'x'.repeat(secret.length);
}
