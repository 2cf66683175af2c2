import { harmless } from './cdr-text.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text in HTML, whoever wrote it: never markup. */
export function escaped(text: string): string {
  let out = '';
  for (const char of harmless(text)) out += entities[char] ?? char;
  return out;
}
