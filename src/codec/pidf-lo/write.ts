import { escapeXml } from '#codec/xml';
import type { Octets } from '#kernel';
import { type CivicAddress, civicElements } from './civic.ts';
import { namespaces } from './namespaces.ts';

export interface LocationObject {
  /** Whose place it is: a `pres:` URI. */
  readonly entity: string;
  readonly civic: CivicAddress;
  /** How it was found out (RFC 4119 6.1): "Manual" of what an operator wrote down. */
  readonly method: string;
  /** Unix ms: when it was said, and how long it may be kept (RFC 4119 2.2.2). */
  readonly at: number;
  readonly expires: number;
}

/** A presence document with one place in it (RFC 4119, RFC 5139, RFC 5491 3: one tuple, one location-info), in UTF-8. */
export function writePidfLo({ entity, civic, method, at, expires }: LocationObject): Octets {
  const elements = civicElements
    .filter((name) => civic[name] !== undefined && civic[name] !== '')
    .map((name) => `<ca:${name}>${escapeXml(civic[name]!)}</ca:${name}>`);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<presence xmlns="${namespaces.pidf}" xmlns:gp="${namespaces.geopriv}"`,
    ` xmlns:gbp="${namespaces.policy}" xmlns:ca="${namespaces.civic}" entity="${escapeXml(entity)}">`,
    '<tuple id="caller">',
    '<status>',
    '<gp:geopriv>',
    '<gp:location-info>',
    '<ca:civicAddress>',
    ...elements,
    '</ca:civicAddress>',
    '</gp:location-info>',
    '<gp:usage-rules>',
    '<gbp:retransmission-allowed>yes</gbp:retransmission-allowed>',
    `<gbp:retention-expiry>${time(expires)}</gbp:retention-expiry>`,
    '</gp:usage-rules>',
    `<gp:method>${escapeXml(method)}</gp:method>`,
    '</gp:geopriv>',
    '</status>',
    `<timestamp>${time(at)}</timestamp>`,
    '</tuple>',
    '</presence>',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** RFC 3339, to the second. */
function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
