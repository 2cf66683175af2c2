import { joinMultipart } from '#codec/multipart';
import type { Header } from '#codec/sip-message';
import type { Octets } from '#kernel';
import type { Line } from './line.ts';

const sdp: Header = ['Content-Type', 'application/sdp'];

const object = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"',
  ' xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:somebody@example.com">',
  '<tuple id="here"><status><gp:geopriv><gp:location-info><ca:civicAddress><ca:country>DE</ca:country>',
  '<ca:A3>Potsdam</ca:A3></ca:civicAddress></gp:location-info><gp:usage-rules/></gp:geopriv></status></tuple>',
  '</presence>',
].join('\r\n');

/** The fields and the body of an INVITE, which may tell where it comes from by value or by reference (RFC 6442). */
export function placeOf(line: Line, body: Octets): { readonly headers: readonly Header[]; readonly body: Octets } {
  const plain = { headers: body === '' ? [] : [sdp], body };
  if (!line.tellsPlaces || !line.dice.chance(0.3)) return plain;
  if (line.dice.chance(0.4)) {
    const reference: Header = ['Geolocation', '<https://lis.example/somebody>'];
    return { ...plain, headers: [...plain.headers, reference] };
  }
  const place = {
    headers: [
      ['Content-Type', 'application/pidf+xml'],
      ['Content-ID', '<place@example.com>'],
    ],
    body: object,
  } as const;
  const joined = joinMultipart(body === '' ? [place] : [{ headers: [sdp], body }, place], 'between-the-parts');
  const headers: Header[] = [
    ['Content-Type', joined.contentType],
    ['MIME-Version', '1.0'],
    ['Geolocation', '<cid:place@example.com>'],
  ];
  return { headers, body: joined.body };
}
