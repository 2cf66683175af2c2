/** Octets of a name in text form (RFC 1035 2.3.4, less the root's label). */
export const longestName = 253;

/**
 * A host's name as it is asked for: lower case, without the root's dot. Undefined when it is none: characters other than
 * letters, digits, hyphen and underscore, an empty or too long label, or a last label of digits only, which would be a
 * broken address (RFC 3261 25.1 `toplabel`).
 */
export function domainName(text: string): string | undefined {
  const end = text.endsWith('.') ? text.length - 1 : text.length;
  if (end < 1 || end > longestName) return undefined;
  let label = 0;
  let digits = 0;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (label === 0) return undefined;
      label = 0;
      digits = 0;
      continue;
    }
    if (++label > 63) return undefined;
    if (code >= 0x30 && code <= 0x39) digits++;
    else if (!isLetter(code) && code !== 0x2d && code !== 0x5f) return undefined;
  }
  if (label === 0 || digits === label) return undefined;
  return text.slice(0, end).toLowerCase();
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}
