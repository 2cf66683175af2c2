/** What stands between backticks is of the file. */
export function Words({ children = '' }: { children?: string | undefined }) {
  const parts = children.split('`');
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text.
  return parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
