import { Sensitive } from '#kernel';

/** Keys whose values are nobody's business, and parts of such keys. */
const hidden = new Set(['text', 'old', 'new', 'code', 'key', 'pin', 'credentials', 'authorization', 'cookie']);
const hiddenPart = /password|passphrase|secret|token|totp/i;

const longestText = 300;
const deepest = 8;
const mostParts = 100;

/** What may be written of something that was sent: no secrets, no texts of pages, and not more than somebody reads. */
export function masked(value: unknown, depth = 0): unknown {
  if (value instanceof Sensitive) return '(secret)';
  if (typeof value === 'string')
    // A text of several lines may hold anything: a configuration, a key.
    return value.length > longestText || value.includes('\n') ? `(text of ${value.length} characters)` : ofUrl(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '(more)';
  if (Array.isArray(value)) {
    const parts = value.slice(0, mostParts).map((part) => masked(part, depth + 1));
    return value.length > mostParts ? [...parts, `(${value.length - mostParts} more)`] : parts;
  }
  const parts = Object.entries(value).slice(0, mostParts);
  // An edit of a configuration says beside the value what it is of.
  const { path } = value as { readonly path?: unknown };
  const ofSecret = Array.isArray(path) && path.some((step) => typeof step === 'string' && isHidden(step));
  const hides = (key: string) => isHidden(key) || (ofSecret && key !== 'path');
  return Object.fromEntries(
    parts.map(([key, part]) => [
      key,
      hides(key) && part !== null && typeof part !== 'boolean' ? '(secret)' : masked(part, depth + 1),
    ]),
  );
}

/** Of a URL of the web where it is: what follows lets in who knows it, often. */
function ofUrl(text: string): string {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (!url || (url.pathname === '/' && url.search === '' && url.username === '')) return text;
  return `${url.origin}/(secret)`;
}

function isHidden(key: string): boolean {
  return hidden.has(key.toLowerCase()) || hiddenPart.test(key);
}
