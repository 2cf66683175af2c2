/** Classes of octets of RFC 3261 25.1, one bit each, to be tested with `classes[code]! & bit`. */
export const isToken = 1;
/** What may stand raw in the user part: unreserved, user-unreserved, "%", and what PBXs send: "#" and octets over 0x7f. */
export const isUser = 2;
/** Letters, digits, "-", ".", and "_", which private names have. */
export const isHost = 4;
/** Not a control, not a space. Octets over 0x7f are UTF-8 somewhere and pass. */
export const isVisible = 8;
/** A parameter's unquoted value: visible, and none of `"` `,` `;` `<` `>`. */
export const isValue = 16;
/** What may stand in a URI of any kind: visible, and none of `"` `<` `>`. */
export const isUriText = 256;
/** A URI parameter's name or value: paramchar, and octets over 0x7f. */
export const isUriParam = 32;
export const isDigit = 64;
/** Hexadecimal digits, ":" and ".": an IPv6 address with or without an IPv4 tail. */
export const isIpv6 = 128;

export const classes = new Uint16Array(256);

const mark = (bit: number, members: string) => {
  for (let i = 0; i < members.length; i++) classes[members.charCodeAt(i)]! |= bit;
};
const digits = '0123456789';
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const unreserved = `${letters}${digits}-_.!~*'()`;
mark(isToken, `${letters}${digits}-.!%*_+\`'~`);
mark(isUser, `${unreserved}%&=+$,;?/#`);
mark(isHost, `${letters}${digits}-._`);
mark(isUriParam, `${unreserved}%[]/:&+$`);
mark(isDigit, digits);
mark(isIpv6, `${digits}abcdefABCDEF:.`);
for (let code = 0x21; code < 0x100; code++) {
  if (code !== 0x7f) classes[code]! |= isVisible;
  if (code > 0x7f) classes[code]! |= isUser | isUriParam;
}
for (let code = 0x21; code < 0x100; code++) {
  if (code !== 0x7f && !'"<>'.includes(String.fromCharCode(code))) classes[code]! |= isUriText;
  if (code !== 0x7f && !'",;<>'.includes(String.fromCharCode(code))) classes[code]! |= isValue;
}

/** Every octet of text[start, end) is in the class, and there is at least one. */
export function all(bit: number, text: string, start: number, end: number): boolean {
  if (start >= end) return false;
  for (let i = start; i < end; i++) {
    if ((classes[text.charCodeAt(i)]! & bit) === 0) return false;
  }
  return true;
}

/** The first index at or after `at` that is no SP and no HTAB. */
export function skipSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09) return at;
    at++;
  }
}

/** The end of text[start, end) without the SP and HTAB before it. */
export function trimEnd(text: string, start: number, end: number): number {
  while (end > start) {
    const code = text.charCodeAt(end - 1);
    if (code !== 0x20 && code !== 0x09) break;
    end--;
  }
  return end;
}

/** Reads 1*DIGIT; -1 when it is something else or greater than `most`. Leading zeros are allowed, signs are not. */
export function digitsWithin(text: string, start: number, end: number, most: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > most) return -1;
  }
  return value;
}

/** text[start, end) equals `lower` but for the case of ASCII letters. */
export function equalsNoCase(text: string, start: number, end: number, lower: string): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    let code = text.charCodeAt(start + i);
    if (code >= 0x41 && code <= 0x5a) code |= 0x20;
    if (code !== lower.charCodeAt(i)) return false;
  }
  return true;
}
