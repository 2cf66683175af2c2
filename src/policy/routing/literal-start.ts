/**
 * What every text begins with that a pattern fits: the literal characters after its "^". '' where it is not anchored, or may
 * begin in several ways. Used to look at fewer routes, never to decide.
 */
export function literalStart(pattern: string): string {
  if (!pattern.startsWith('^') || pattern.includes('|')) return '';
  let start = '';
  for (let i = 1; i < pattern.length; i++) {
    let char = pattern.charAt(i);
    if (char === '\\') {
      i++;
      char = pattern.charAt(i);
      // "\d", "\w" and the like are classes.
      if (/[A-Za-z0-9]/.test(char) || char === '') return start;
    } else if (/[()[\]{}.*+?$^]/.test(char)) {
      return start;
    }
    // What follows may let it be absent.
    if (/[*?{]/.test(pattern.charAt(i + 1))) return start;
    start += char;
  }
  return start;
}
