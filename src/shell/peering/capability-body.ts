import { DOMParser, type Element, type Node } from '@xmldom/xmldom';
import { PeeringFailure, printable } from './failure.ts';
import type { Answer } from './http-client.ts';
import { jsonOf, summary, textOf } from './json.ts';

/** A capability set document in JSON or XML: maps, lists and texts, whichever it was. */

const namespace = 'urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering';
const container = 'sip-auto-peering';
const mostDepth = 16;
const mostNodes = 20_000;

/** What stands below its container. Throws PeeringFailure, and nothing else, whatever came. */
export function readCapabilityBody(answer: Answer, asked: string): Record<string, unknown> {
  const { mediaType } = answer;
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return fromJson(answer, asked);
  if (/^(application|text)\/xml$/.test(mediaType) || mediaType.endsWith('+xml'))
    return fromXml(textOf(answer, asked), asked);
  throw new PeeringFailure('What came is no capability set.', {
    asked,
    came: summary(answer),
    cure: 'Check the URL; a capability set is application/json.',
  });
}

function notOurs(asked: string, came: string): PeeringFailure {
  return new PeeringFailure('What came is no capability set.', {
    asked,
    came,
    cure: `It should hold one \`ietf-sip-auto-peering:${container}\` (RFC 10006 7); ask the provider.`,
  });
}

/** RFC 7951. */
function fromJson(answer: Answer, asked: string): Record<string, unknown> {
  const value = jsonOf(answer, asked, 'The capability set');
  const root = value[`ietf-sip-auto-peering:${container}`] ?? value[container];
  if (typeof root !== 'object' || root === null || Array.isArray(root))
    throw notOurs(asked, `JSON with ${printable(Object.keys(value).join(', ')) || 'nothing in it'}`);
  let nodes = 0;
  const texts = (from: unknown, depth: number): unknown => {
    if (++nodes > mostNodes || depth > mostDepth) throw notOurs(asked, 'JSON that is too deep or too large');
    if (Array.isArray(from)) return from.map((one) => texts(one, depth + 1));
    if (typeof from !== 'object' || from === null) return String(from);
    const map: Record<string, unknown> = Object.create(null);
    for (const [key, inner] of Object.entries(from)) map[key] = texts(inner, depth + 1);
    return map;
  };
  return texts(root, 0) as Record<string, unknown>;
}

/** RFC 7950: leaf-lists and lists are elements of one name, one after the other. */
function fromXml(text: string, asked: string): Record<string, unknown> {
  // Before any parser sees it: entities are declared nowhere else.
  if (/<!(doctype|entity)/i.test(text))
    throw new PeeringFailure('The XML has a document type, which is not read.', {
      asked,
      came: 'XML with <!DOCTYPE',
      cure: 'Ask the provider for a document without it, or for JSON.',
    });
  const root = parseXml(text, asked);
  if (root?.localName !== container || root.namespaceURI !== namespace)
    throw notOurs(
      asked,
      `XML with <${printable(root?.tagName ?? '', 64)}> of ${printable(root?.namespaceURI ?? 'no namespace')}`,
    );
  let nodes = 0;
  const value = (element: Element, depth: number): unknown => {
    if (++nodes > mostNodes || depth > mostDepth) throw notOurs(asked, 'XML that is too deep or too large');
    const inner = elementsOf(element);
    if (inner.length === 0) return (element.textContent ?? '').trim();
    const map: Record<string, unknown> = Object.create(null);
    for (const child of inner) {
      const key = child.namespaceURI === namespace ? child.localName! : `${child.prefix ?? 'other'}:${child.localName}`;
      const here = value(child, depth + 1);
      const before = map[key];
      if (before === undefined) map[key] = here;
      else if (Array.isArray(before)) before.push(here);
      else map[key] = [before, here];
    }
    return map;
  };
  const tree = value(root, 0);
  return typeof tree === 'string' ? {} : (tree as Record<string, unknown>);
}

function parseXml(text: string, asked: string): Element | null {
  let wrong: string | undefined;
  try {
    const parser = new DOMParser({ onError: (_level, message) => (wrong ??= message) });
    const document = parser.parseFromString(text, 'text/xml');
    if (wrong === undefined) return document.documentElement;
  } catch (error) {
    wrong ??= (error as Error).message;
  }
  throw new PeeringFailure('The XML cannot be read.', {
    asked,
    came: printable(wrong),
    cure: 'Ask the provider what is wrong.',
  });
}

function elementsOf(element: Element): Element[] {
  const found: Element[] = [];
  for (let node: Node | null = element.firstChild; node; node = node.nextSibling)
    if (node.nodeType === 1) found.push(node as Element);
  return found;
}
