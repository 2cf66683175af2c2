import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCapabilityBody } from './capability-body.ts';
import { PeeringFailure } from './failure.ts';

const space = 'urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering';
const container = (inner: string, more = '') => `<sip-auto-peering xmlns="${space}"${more}>${inner}</sip-auto-peering>`;

function read(body: string | Uint8Array, mediaType = 'application/xml') {
  const octets = typeof body === 'string' ? Buffer.from(body) : body;
  return readCapabilityBody(
    { url: new URL('https://a.example'), status: 200, headers: {}, mediaType, body: octets },
    'GET',
  );
}
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('XML (RFC 7950)', () => {
  test('elements of one name are a list, wherever they stand', () => {
    expect(
      plain(read(container('<extension>gin</extension><variant>v1-0</variant><extension>path</extension>'))),
    ).toEqual({
      extension: ['gin', 'path'],
      variant: 'v1-0',
    });
  });

  test('texts are trimmed; references, CDATA and comments are what XML makes of them', () => {
    expect(
      plain(read(container('<variant> v1&#45;0\n</variant><!-- no --><extension><![CDATA[gin]]></extension>'))),
    ).toEqual({
      variant: 'v1-0',
      extension: 'gin',
    });
  });

  test('a prefix is only a name for the namespace', () => {
    const text = `<p:sip-auto-peering xmlns:p="${space}"><p:variant>v1-0</p:variant><variant>other</variant></p:sip-auto-peering>`;
    expect(plain(read(text))).toEqual({ variant: 'v1-0', 'other:variant': 'other' });
  });

  test.each([
    ['<!DOCTYPE a><a/>'],
    ['<?xml version="1.0"?>\n<!doctype a SYSTEM "file:///etc/passwd"><a/>'],
    [container('<!ENTITY x "y">')],
  ])('%j is not read', (text) => {
    expect(() => read(text)).toThrow('document type');
  });

  test('in UTF-16 it is no way around that', () => {
    expect(() => read(Buffer.from('\ufeff<!DOCTYPE a><a/>', 'utf16le'))).toThrow(PeeringFailure);
  });
});

describe('whatever comes', () => {
  const long = 200_000;

  // What parsers of XML are slow at, or recurse into.
  test.each([
    ['<', '<'],
    ['&', '&'],
    ['tags', '<a>'],
    ['attributes', '<a b="c" '],
    ['one with attributes', '<a' + ' b="c"'],
    ['comments', '<!-- '],
    ['instructions', '<?a '],
    ['CDATA', '<![CDATA['],
    ['namespaces', '<a xmlns="'],
    ['ends', '</a>'],
    ['references', '&#x41;'],
  ])('%s without end take no time to speak of', (_what, part) => {
    const text = part.repeat(Math.floor(long / part.length));
    const before = process.cpuUsage().user;
    // References without end are text, and may stand.
    if (part.startsWith('&')) read(container(text));
    else expect(() => read(container(text))).toThrow(PeeringFailure);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(5);
  });

  test('nothing but a PeeringFailure is thrown', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            '<a>',
            '</a>',
            '<',
            '>',
            '&',
            ';',
            '"',
            ' b="c"',
            '<!--',
            '-->',
            '<?',
            '?>',
            ']]>',
            'x',
            container(''),
          ),
          { maxLength: 40 },
        )
        .map((parts) => parts.join('')),
      fc.json({ maxDepth: 6 }),
      fc.json({ maxDepth: 6 }).map((text) => `{"ietf-sip-auto-peering:sip-auto-peering":${text}}`),
    );
    fc.assert(
      fc.property(noise, fc.constantFrom('application/json', 'application/xml', 'text/html', ''), (body, mediaType) => {
        try {
          expect(typeof read(body, mediaType)).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(PeeringFailure);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
