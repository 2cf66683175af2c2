/**
 * Environment variables in the file: `${NAME}`, `${NAME:-default}`, and `$${` for a literal `${`.
 *
 * A reference is replaced inside a scalar after YAML has been parsed, so that a value can never become structure. Braces and
 * colons mean something to YAML where a scalar stands bare, so a reference is first masked, char by char, with
 * private-use characters: every position in the file stays what it was.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

// Quotes are left alone: they end a quoted scalar, whatever stands inside.
const reference = /\$\$?\{[^}\n"']*\}/g;
const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** U+E000 + code: no YAML indicator, and not a character that anyone writes in a configuration. */
const maskBase = 0xe000;
const maskEnd = maskBase + 0x80;

/** The text with every reference made opaque to YAML; the same length. */
export function mask(text: string): string {
  return text.replace(reference, (found) => {
    let out = '';
    for (let i = 0; i < found.length; i++) {
      const code = found.charCodeAt(i);
      out += code < 0x80 ? String.fromCharCode(maskBase + code) : found[i];
    }
    return out;
  });
}

/** Undoes `mask`, also in a part of the text. */
export function unmask(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    out += code >= maskBase && code < maskEnd ? String.fromCharCode(code - maskBase) : text[i];
  }
  return out;
}

export interface Substituted {
  readonly text: string;
  /** True when a reference was replaced: an empty text then counts as not written. */
  readonly replaced: boolean;
  /** Names that are not set and have no default. */
  readonly unset: readonly string[];
  /** References that are none, as written. */
  readonly malformed: readonly string[];
}

/** Replaces the references of one (unmasked) scalar. What comes in is not looked at again. */
export function substitute(text: string, env: Environment): Substituted {
  if (!text.includes('${')) return { text, replaced: false, unset: [], malformed: [] };
  const unset: string[] = [];
  const malformed: string[] = [];
  let replaced = false;
  let out = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('${', at);
    if (start < 0) break;
    if (text[start - 1] === '$' && start - 1 >= at) {
      out += `${text.slice(at, start - 1)}\${`;
      at = start + 2;
      continue;
    }
    out += text.slice(at, start);
    const end = text.indexOf('}', start);
    const whole = end < 0 ? text.slice(start) : text.slice(start, end + 1);
    at = start + whole.length;
    const inner = end < 0 ? '' : whole.slice(2, -1);
    const colon = inner.indexOf(':-');
    const variable = colon < 0 ? inner : inner.slice(0, colon);
    const fallback = colon < 0 ? undefined : inner.slice(colon + 2);
    if (!name.test(variable) || fallback?.includes('${')) {
      malformed.push(whole);
      continue;
    }
    // As in a shell, `:-` serves for unset and for empty.
    const value = env[variable];
    if (fallback !== undefined) out += value ? value : fallback;
    else if (value === undefined) unset.push(variable);
    else out += value;
    replaced = true;
  }
  return { text: out + text.slice(at), replaced, unset, malformed };
}
