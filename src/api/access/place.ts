/** Where a request is from, for counting: who has one IPv6 address has the 2^64 of its network. At the Unix socket it is from nowhere. */
export function placeOf(source: string | undefined): string {
  if (source === undefined) return '';
  if (!source.includes(':')) return source;
  // IPv4 as a socket of both kinds tells it (RFC 4291 2.5.5.2).
  if (source.includes('.')) return source.slice(source.lastIndexOf(':') + 1);
  const [head = '', tail] = source.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? 0 : tail.split(':').length;
    while (groups.length + rest < 8) groups.push('0');
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}
