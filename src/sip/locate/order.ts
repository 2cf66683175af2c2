import type { Random } from '#kernel';
import type { SrvRecord } from './dns.ts';

/**
 * The order in which SRV targets are tried, drawn anew each time: by priority and, within one, at random by weight as
 * RFC 2782 has it ("Usage rules", Weight). A target of weight 0 among others is hardly ever the first; where all have 0
 * they are equals.
 */
export function srvOrder(records: readonly SrvRecord[], random: Random): readonly SrvRecord[] {
  if (records.length < 2) return records;
  const order: SrvRecord[] = [];
  const byPriority = [...shuffled(records, random)].sort((a, b) => a.priority - b.priority);
  for (let start = 0; start < byPriority.length; ) {
    let end = start + 1;
    while (end < byPriority.length && byPriority[end]!.priority === byPriority[start]!.priority) end++;
    // Those of weight 0 stand first, in any order: only a draw of 0 finds the first of them.
    const group = byPriority.slice(start, end).sort((a, b) => Math.sign(a.weight) - Math.sign(b.weight));
    let sum = group.reduce((total, { weight }) => total + weight, 0);
    while (group.length > 0) {
      let left = sum === 0 ? 0 : random.integer(sum + 1);
      let index = 0;
      while (left > group[index]!.weight) left -= group[index++]!.weight;
      const [next] = group.splice(index, 1);
      sum -= next!.weight;
      order.push(next!);
    }
    start = end;
  }
  return order;
}

/** In any order, each as likely (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  if (items.length < 2) return items;
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const item = order[last]!;
    order[last] = order[other]!;
    order[other] = item;
  }
  return order;
}

/** One of each in turn, as long as there are any: a family that is broken costs one try, not all (RFC 8305 4). */
export function interleaved<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const order: T[] = [];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let index = 0; index < longest; index++) {
    for (const list of lists) if (index < list.length) order.push(list[index]!);
  }
  return order;
}
