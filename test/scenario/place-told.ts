/** Places in messages of ladders, by the name that stands in their LOC element. */
import { joinMultipart } from '#codec/multipart';
import { readPidfLo, writePidfLo } from '#codec/pidf-lo';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { PlaceOutcome } from '#engine/ports';

/** The headers of a body and the body: a session description, and where its sender is. */
export function withPlace(sdp: string, place: string): [Header[], string] {
  const object = locationObject(place);
  const { contentType, body } = joinMultipart(
    [
      { headers: [['Content-Type', 'application/sdp']], body: sdp },
      {
        headers: [
          ['Content-Type', 'application/pidf+xml'],
          ['Content-ID', '<place@pbx.example>'],
        ],
        body: object,
      },
    ],
    'ladder-boundary',
  );
  const headers: Header[] = [
    ['Content-Type', contentType],
    ['Geolocation', '<cid:place@pbx.example>'],
    ['Supported', 'geolocation'],
  ];
  return [headers, body];
}

/** "place room 4": as a location server says it (RFC 6753 4); all else as it stands. */
export function placeAnswered(text: string): PlaceOutcome {
  if (!text.startsWith('place ')) return { kind: 'answered', octets: text };
  const object = locationObject(text.slice('place '.length)).replace(/^<\?xml.*\?>\r\n/, '');
  const octets = `<?xml version="1.0"?><locationResponse xmlns="urn:ietf:params:xml:ns:geopriv:held">${object}</locationResponse>`;
  return { kind: 'answered', octets };
}

function locationObject(place: string): string {
  const at = Date.UTC(2026, 0, 1);
  const civic = { country: 'US', LOC: place };
  return writePidfLo({ entity: 'pres:caller@pbx.example', civic, method: 'LLDP-MED', at, expires: at });
}

/** Undefined when it tells none; throws where what tells it is not whole. */
export function placeIn(message: SipRequest | SipResponse): string | undefined {
  const part = message.parts?.find(({ type }) => type === 'application/pidf+xml');
  const field = message.get('geolocation');
  if (!part) {
    // By reference it is elsewhere (RFC 6442 4.1).
    if (field !== undefined && !field.startsWith('<https:')) throw new Error(`a Geolocation of nothing: ${field}`);
    return undefined;
  }
  if (field !== `<cid:${part.id}>`) throw new Error(`Geolocation: ${field} is not of the part ${part.id}`);
  if (message.get('geolocation-routing') !== 'yes') throw new Error('no Geolocation-Routing');
  if (!message.all('supported').includes('geolocation'))
    throw new Error('it does not say that it supports geolocation');
  const read = readPidfLo(part.body);
  if ('fault' in read) throw new Error(read.fault);
  const { LOC = '?', SEAT } = read.civic ?? {};
  return SEAT === undefined ? LOC : `${LOC}, ${SEAT}`;
}
