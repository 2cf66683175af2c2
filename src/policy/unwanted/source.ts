/**
 * What counts as one source: an IPv4 address, or an IPv6 /64, of which one machine has all addresses to choose from.
 * `host` is an IP literal.
 */
export function sourceOf(host: string): string {
  if (!host.includes(':') || host.endsWith('/64')) return host;
  const [head = '', tail = ''] = host.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (groups.length < 4 && tail !== '') {
    const after = tail.split(':');
    // An IPv4 tail stands for two groups.
    const size = after.length + (tail.includes('.') ? 1 : 0);
    while (groups.length + size < 8) groups.push('0');
    groups.push(...after);
  }
  while (groups.length < 4) groups.push('0');
  return `${groups.slice(0, 4).join(':')}::/64`;
}
