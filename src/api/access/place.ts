/** Where a request is from, for counting: who has one IPv6 address has 2^64 of them. At the Unix socket it is from nowhere. */
export function placeOf(source: string | undefined): string {
  if (source === undefined) return '';
  return source.includes(':') && !source.startsWith('::ffff:') ? source.split(':').slice(0, 4).join(':') : source;
}
