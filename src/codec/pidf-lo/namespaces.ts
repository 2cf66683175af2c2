/** RFC 3863, RFC 4119, RFC 5139, RFC 5491. */
export const namespaces = {
  pidf: 'urn:ietf:params:xml:ns:pidf',
  geopriv: 'urn:ietf:params:xml:ns:pidf:geopriv10',
  civic: 'urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr',
  /** RFC 4119 as it was, and still written by many. */
  oldCivic: 'urn:ietf:params:xml:ns:pidf:geopriv10:civicLoc',
  policy: 'urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy',
} as const;

export const pidfLoType = 'application/pidf+xml';
