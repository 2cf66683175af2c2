/** What is read from the tree as it is written, of entries that are not sound too. */

export function entriesOf(tree: unknown, section: string): readonly unknown[] {
  const entries = (tree as Record<string, unknown>)[section];
  return Array.isArray(entries) ? entries : [];
}

/** The names in a section, by index; undefined where there is none. */
export function namesIn(tree: unknown, section: string): readonly unknown[] {
  return entriesOf(tree, section).map((entry) => (entry as { name?: unknown } | undefined)?.name);
}
