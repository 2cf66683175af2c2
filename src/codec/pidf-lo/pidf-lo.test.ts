import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { civicElements, civicLine, readPidfLo, writePidfLo } from './index.ts';

const at = Date.UTC(2026, 10, 23, 7, 0, 0);
const hq = {
  country: 'US',
  A1: 'IL',
  A3: 'Springfield',
  RD: 'Main',
  STS: 'St',
  HNO: '1',
  FLR: '2',
  ROOM: '4',
  PC: '62701',
};
const written = (civic: Readonly<Record<string, string>>, entity = 'pres:+12175550100@example.com') =>
  writePidfLo({ entity, civic, method: 'Manual', at, expires: at + 86_400_000 });

describe('a location object that we write', () => {
  test('has its elements in the order of the schema, whatever the order they were given in', () => {
    const document = written({ ROOM: '4', country: 'US', HNO: '1', A1: 'IL' });
    const order = [...document.matchAll(/<ca:(\w+)>/g)].map(([, name]) => name);
    expect(order).toEqual(['civicAddress', 'country', 'A1', 'HNO', 'ROOM']);
  });

  test('says who, how and until when', () => {
    const document = written(hq);
    expect(document).toContain('entity="pres:+12175550100@example.com"');
    expect(document).toContain('<gp:method>Manual</gp:method>');
    expect(document).toContain('<gbp:retention-expiry>2026-11-24T07:00:00Z</gbp:retention-expiry>');
    expect(document).toContain('<timestamp>2026-11-23T07:00:00Z</timestamp>');
  });

  test('is read as what it was made of, whatever stands in it', () => {
    const value = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      // XML has no way to write controls; the edges of an element are blanks that nobody meant.
      .map((text) => text.replace(/[\u0000-\u001f]/g, '').trim())
      .filter((text) => text !== '' && text.isWellFormed());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...civicElements), value, { minKeys: 1 }), (civic) => {
        expect(readPidfLo(written(civic))).toEqual({
          entity: 'pres:+12175550100@example.com',
          civic: { ...civic },
          geodetic: false,
          method: 'Manual',
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('a location object that comes', () => {
  test.each([
    ['<?xml version="1.0"?><!DOCTYPE presence [<!ENTITY a "b">]><presence/>', /document type/],
    ['<presence xmlns="urn:ietf:params:xml:ns:pidf">&a;</presence>', /reference/],
    ['<presence xmlns="urn:ietf:params:xml:ns:pidf"/>', /names no place/],
    ['<presence/>', /no presence document/],
    ['<list xmlns="urn:ietf:params:xml:ns:pidf"/>', /no presence document/],
    ['<presence xmlns="urn:ietf:params:xml:ns:pidf"><a></presence></a>', /closes nothing/],
    ['<presence xmlns="urn:ietf:params:xml:ns:pidf">', /without an end/],
    ['<a:presence/>', /prefix/],
    ['<presence a="1" a="2"/>', /twice/],
    ['<presence/><presence/>', /second root/],
    ['words', /outside/],
    ['', /no element/],
    [`<a>${' '.repeat(33_000)}</a>`, /longer/],
    ['<a>'.repeat(40), /deeper/],
    [`<a>${'<b/>'.repeat(1100)}</a>`, /more than 1024/],
  ])('%.60s is refused', (document, why) => {
    const read = readPidfLo(document);
    expect('fault' in read && read.fault).toMatch(why);
  });

  test('never throws', () => {
    const document = written(hq);
    fc.assert(
      fc.property(
        fc.nat(document.length),
        fc.nat(document.length),
        fc.string({ maxLength: 8 }),
        (from, length, put) => {
          readPidfLo(document.slice(0, from) + put + document.slice(from + length));
        },
      ),
      { numRuns: 500 },
    );
  });

  const samples = process.env.TANDEM_PIDF_LO;
  test.skipIf(samples === undefined)('those of others are read (TANDEM_PIDF_LO names a folder with .xml files)', () => {
    for (const name of readdirSync(samples!)) {
      if (!name.endsWith('.xml')) continue;
      const read = readPidfLo(readFileSync(`${samples}/${name}`, 'latin1'));
      if (/ByReference/.test(name)) continue;
      expect(read, name).not.toHaveProperty('fault');
    }
  });
});

test('an address in one line, the narrowest first', () => {
  expect(civicLine(hq)).toBe('room 4, floor 2, 1 Main St, Springfield, IL 62701, US');
  expect(civicLine({ country: 'DE' })).toBe('DE');
});
