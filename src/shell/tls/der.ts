/** One element of DER (X.690): its tag octet, and where its content lies. */
export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

export const tags = { boolean: 0x01, integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, set: 0x31 } as const;

/** The elements of `[start, end)`, or undefined where it is not DER with tags of one octet. */
export function elements(der: Uint8Array, start = 0, end = der.length): readonly Element[] | undefined {
  const found: Element[] = [];
  let at = start;
  while (at < end) {
    const tag = der[at]!;
    if ((tag & 0x1f) === 0x1f || at + 2 > end) return undefined;
    let length = der[at + 1]!;
    at += 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 3 || at + octets > end) return undefined;
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + der[at++]!;
    }
    if (length > end - at) return undefined;
    found.push({ tag, start: at, end: at + length });
    at += length;
  }
  return found;
}

/** The elements inside a constructed one. */
export function inside(der: Uint8Array, element: Element): readonly Element[] | undefined {
  return elements(der, element.start, element.end);
}

/** "2.5.29.17" */
export function objectIdentifier(der: Uint8Array, { start, end }: Element): string {
  const arcs: number[] = [];
  let value = 0;
  for (let at = start; at < end; at++) {
    const octet = der[at]!;
    value = value * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      arcs.push(first, value - first * 40);
    } else arcs.push(value);
    value = 0;
  }
  return arcs.join('.');
}
