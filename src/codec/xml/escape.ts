import { type Octets, toOctets } from '#kernel';

/** Text as it stands in an element or an attribute, in UTF-8. Characters that XML 1.0 has no way to write are left out. */
export function escapeXml(text: string): Octets {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === '&') out += '&amp;';
    else if (char === '<') out += '&lt;';
    else if (char === '>') out += '&gt;';
    else if (char === '"') out += '&quot;';
    else if (code >= 0x20 || code === 0x09) out += char;
    else if (code === 0x0a || code === 0x0d) out += ' ';
  }
  return toOctets(out);
}
