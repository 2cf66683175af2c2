import { describe, expect, test } from 'vitest';
import { locationObjectIn, readPidfLo, writePidfLo } from './index.ts';

const at = Date.UTC(2026, 0, 1);
const object = writePidfLo({
  entity: 'pres:a@b',
  civic: { country: 'US', ROOM: '4' },
  method: 'LLDP-MED',
  at,
  expires: at,
});
const presence = object.replace(/^<\?xml[^>]*\?>\r\n/, '').trimEnd();
const held = (inside: string, more = '') =>
  `<?xml version="1.0"?>\n<locationResponse xmlns="urn:ietf:params:xml:ns:geopriv:held"${more}>${inside}</locationResponse>`;

describe('what a location server says (RFC 6753 4)', () => {
  test.each([
    ['a response with the object in it', held(presence), presence],
    ['beside other things', held(`<locationUriSet expires="2026-01-01T00:00:00Z"/>\n${presence}\n`), presence],
    ['the object alone', object, presence],
  ])('%s', (_what, octets, body) => {
    expect(locationObjectIn(octets)).toEqual({ body });
  });

  test('an object with prefixes of its own', () => {
    const prefixed =
      '<p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" xmlns:g="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:c="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:a@b"><p:tuple id="a"><p:status><g:geopriv><g:location-info><c:civicAddress><c:ROOM>7</c:ROOM></c:civicAddress></g:location-info><g:usage-rules/></g:geopriv></p:status></p:tuple></p:presence>';
    const found = locationObjectIn(held(prefixed));
    expect(found).toEqual({ body: prefixed });
    expect(readPidfLo(prefixed)).toMatchObject({ civic: { ROOM: '7' } });
  });

  test.each([
    ['an error', '<error xmlns="urn:ietf:params:xml:ns:geopriv:held" code="locationUnknown"/>', /it says an error/],
    ['nothing', '', /no place is in it/],
    ['a page', '<html><body>presence</body></html>', /no place is in it/],
    ['half of it', held(presence).slice(0, -60), /its place has no end/],
    ['an end before the beginning', `</presence>${'<presence >'}`, /its place has no end/],
    ['names that only the response declares', held(presence.replace(/xmlns:ca="[^"]*"/, ''), ' xmlns:ca="urn:x"'), /./],
    ['no place', held('<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"></presence>'), /names no place/],
  ])('%s is none', (_what, octets, why) => {
    const found = locationObjectIn(octets);
    expect('fault' in found && found.fault).toMatch(why);
  });
});
