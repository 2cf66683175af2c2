import { escapeXml } from '#codec/xml';
import type { Octets } from '#kernel';

export const pidfType = 'application/pidf+xml';

export interface Presence {
  /** Whose it is: the URI that was subscribed to. */
  readonly entity: string;
  /** He can be reached (RFC 3863 4.1.4). */
  readonly open: boolean;
  /** He talks (RFC 4480 3.2, `on-the-phone`). */
  readonly onThePhone: boolean;
}

/** RFC 3863 4, with the person of RFC 4479 3.1 and what he does (RFC 4480 3.2). */
export function writePidf({ entity, open, onThePhone }: Presence): Octets {
  const uri = escapeXml(entity);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"' +
      ` xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="${uri}">`,
    '<tuple id="devices">',
    `<status><basic>${open ? 'open' : 'closed'}</basic></status>`,
    `<contact>${uri}</contact>`,
    '</tuple>',
  ];
  if (onThePhone)
    lines.push('<dm:person id="person"><rpid:activities><rpid:on-the-phone/></rpid:activities></dm:person>');
  return `${lines.join('\r\n')}\r\n</presence>\r\n`;
}
