import type { Octets } from '#kernel';

/** What a peer may make us read. */
const scanLimits = { octets: 32 * 1024, elements: 1024, depth: 32, attributes: 32 } as const;

/** What stands in a document, in the order in which it stands there. */
export interface XmlEvents {
  /** `name` is what follows the prefix; `space` '' where no namespace holds. */
  opened(space: string, name: string, attributes: ReadonlyMap<string, Octets>): void;
  /** Text of the element that is open, with its references put in. */
  text(octets: Octets): void;
  closed(): void;
}

interface Open {
  readonly qualified: string;
  /** Namespaces by prefix that hold within it. */
  readonly spaces: ReadonlyMap<string, string>;
}

/**
 * Reads an XML document as strictly as its safety needs, and no DTD: with `<!DOCTYPE` it is refused, so there is no entity but the
 * five that XML has, and nothing can grow. Returns why it can't be read; undefined when it was read to its end.
 */
export function scanXml(octets: Octets, events: XmlEvents): string | undefined {
  if (octets.length > scanLimits.octets) return `longer than ${scanLimits.octets} octets`;
  const open: Open[] = [];
  let elements = 0;
  let at = octets.startsWith('\xef\xbb\xbf') ? 3 : 0;
  if (octets.startsWith('<?xml', at)) {
    at = octets.indexOf('?>', at) + 2;
    if (at < 2) return 'an XML declaration without an end';
  }
  while (at < octets.length) {
    if (octets[at] !== '<') {
      const end = octets.indexOf('<', at);
      const raw = octets.slice(at, end < 0 ? octets.length : end);
      at += raw.length;
      if (open.length === 0) {
        if (raw.trim() !== '') return 'text outside of the root element';
        continue;
      }
      const text = dereferenced(raw);
      if (text === undefined) return 'a reference to an entity';
      events.text(text);
      continue;
    }
    if (octets.startsWith('<!--', at)) {
      at = octets.indexOf('-->', at + 4) + 3;
      if (at < 3) return 'a comment without an end';
      continue;
    }
    const sign = octets[at + 1];
    if (sign === '!' || sign === '?') return 'a document type, CDATA or processing instruction';
    if (sign === '/') {
      const end = octets.indexOf('>', at);
      const last = open.pop();
      if (end < 0 || last === undefined || octets.slice(at + 2, end).trimEnd() !== last.qualified)
        return 'a tag that closes nothing';
      at = end + 1;
      events.closed();
      continue;
    }
    if (open.length === 0 && elements > 0) return 'a second root element';
    if (++elements > scanLimits.elements) return `more than ${scanLimits.elements} elements`;
    if (open.length === scanLimits.depth) return `deeper than ${scanLimits.depth} elements`;
    const tag = readTag(octets, at + 1);
    if (typeof tag === 'string') return tag;
    const spaces = spacesWithin(open.at(-1)?.spaces ?? new Map(), tag.attributes);
    const colon = tag.name.indexOf(':');
    const space = spaces.get(colon < 0 ? '' : tag.name.slice(0, colon));
    if (space === undefined && colon >= 0) return 'a prefix that stands for no namespace';
    events.opened(space ?? '', tag.name.slice(colon + 1), tag.attributes);
    if (tag.empty) events.closed();
    else open.push({ qualified: tag.name, spaces });
    at = tag.end;
  }
  if (open.length > 0) return 'an element without an end';
  return elements === 0 ? 'no element' : undefined;
}

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, Octets>;
  readonly empty: boolean;
  /** After its ">". */
  readonly end: number;
}

function readTag(octets: Octets, start: number): Tag | string {
  let at = nameEnd(octets, start);
  if (at === start) return 'a tag without a name';
  const name = octets.slice(start, at);
  const attributes = new Map<string, Octets>();
  for (;;) {
    const from = at;
    at = afterBlanks(octets, at);
    if (octets[at] === '>') return { name, attributes, empty: false, end: at + 1 };
    if (octets.startsWith('/>', at)) return { name, attributes, empty: true, end: at + 2 };
    if (at === from) return 'a malformed tag';
    if (attributes.size === scanLimits.attributes) return `more than ${scanLimits.attributes} attributes`;
    const stop = nameEnd(octets, at);
    const equals = afterBlanks(octets, stop);
    const quote = afterBlanks(octets, equals + 1);
    if (stop === at || octets[equals] !== '=' || (octets[quote] !== '"' && octets[quote] !== "'"))
      return 'a malformed attribute';
    const close = octets.indexOf(octets[quote]!, quote + 1);
    const raw = close < 0 ? '<' : octets.slice(quote + 1, close);
    const value = raw.includes('<') ? undefined : dereferenced(raw);
    if (value === undefined) return 'a malformed attribute';
    const attribute = octets.slice(at, stop);
    if (attributes.has(attribute)) return 'an attribute that stands twice';
    attributes.set(attribute, value);
    at = close + 1;
  }
}

function spacesWithin(
  outside: ReadonlyMap<string, string>,
  attributes: ReadonlyMap<string, Octets>,
): ReadonlyMap<string, string> {
  let spaces: Map<string, string> | undefined;
  for (const [name, value] of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    spaces ??= new Map(outside);
    spaces.set(name.slice(6), value);
  }
  return spaces ?? outside;
}

function nameEnd(octets: Octets, from: number): number {
  let at = from;
  for (; at < octets.length; at++) {
    const code = octets.charCodeAt(at);
    const letter = ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) || code === 0x5f || code === 0x3a || code > 0x7f;
    const later = (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;
    if (!letter && !(later && at > from)) break;
  }
  return at;
}

function afterBlanks(octets: Octets, from: number): number {
  let at = from;
  while (octets[at] === ' ' || octets[at] === '\t' || octets[at] === '\r' || octets[at] === '\n') at++;
  return at;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Undefined where something is referred to that XML does not have by itself. A character above ASCII stays as it is written. */
function dereferenced(raw: Octets): Octets | undefined {
  if (!raw.includes('&')) return raw;
  let out = '';
  for (let at = 0; at < raw.length; ) {
    const from = raw.indexOf('&', at);
    if (from < 0) return out + raw.slice(at);
    const end = raw.indexOf(';', from);
    if (end < 0 || end - from > 10) return undefined;
    const name = raw.slice(from + 1, end);
    const char = entities[name] ?? character(name);
    if (char === undefined) return undefined;
    out += raw.slice(at, from) + char;
    at = end + 1;
  }
  return out;
}

function character(name: string): Octets | undefined {
  const isHex = name.startsWith('#x');
  const digits = name.slice(isHex ? 2 : 1);
  if (name[0] !== '#' || digits === '') return undefined;
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(i) | 0x20;
    const isDecimal = digits.charCodeAt(i) >= 0x30 && digits.charCodeAt(i) <= 0x39;
    if (!isDecimal && !(isHex && code >= 0x61 && code <= 0x66)) return undefined;
  }
  const code = Number.parseInt(digits, isHex ? 16 : 10);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : `&#${code};`;
}
