/**
 * Bytes as a string, one char (0..255) a byte ("latin1").
 *
 * SIP and SDP travel through the pure layers in this form: `length` is the byte count that Content-Length wants,
 * slices of a received message share its memory, untouched bytes leave exactly as they came, and no Buffer is needed.
 * Shells convert at the socket. Decode to text only where a person reads it (`toText`).
 */
export type Octets = string;

/**
 * Copies a slice out of its parent so that a long-lived field does not keep a whole received message in memory. What was put
 * together of parts becomes one piece: for what checkpoints hold, since JSON is written of such strings in half the time.
 */
export function detach(slice: Octets): Octets {
  // V8 copies slices shorter than 13 chars anyhow. What is joined is written anew: with one copy, not char by char.
  return slice.length < 13 ? slice : [slice[0], slice.slice(1)].join('');
}

/** The text that UTF-8 octets stand for; octets that are not UTF-8 come back as latin1 (RFC 3261 25.1 wants UTF-8). */
export function toText(octets: Octets): string {
  let ascii = true;
  for (let i = 0; i < octets.length; i++) {
    if (octets.charCodeAt(i) > 0x7f) {
      ascii = false;
      break;
    }
  }
  if (ascii) return octets;
  let percent = '';
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i) & 0xff;
    percent += `%${code < 16 ? '0' : ''}${code.toString(16)}`;
  }
  try {
    return decodeURIComponent(percent);
  } catch {
    return octets;
  }
}

/** UTF-8 octets of a text; half a surrogate pair becomes U+FFFD. */
export function toOctets(text: string): Octets {
  let out = '';
  for (const char of text.toWellFormed()) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) out += char;
    else if (code < 0x800) out += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      out += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      out += String.fromCharCode(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return out;
}
