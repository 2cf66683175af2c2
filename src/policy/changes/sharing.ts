import { Sensitive } from '#kernel';
import { nameIn } from './named.ts';

/**
 * `after`, in which every part that equals what stood there in `before` is that very object: what a configuration has not changed is known
 * by its identity, as are the trunks that calls hold on to. Parts of a list are told by their names.
 */
export function shared<T>(before: unknown, after: T): T {
  if (before instanceof Sensitive && after instanceof Sensitive)
    return before.reveal() === after.reveal() ? (before as T) : after;
  if (!isObject(before) || !isObject(after) || after instanceof Sensitive) return after;
  if (Array.isArray(after)) return (Array.isArray(before) ? sharedList(before, after) : after) as T;
  const old = before as Record<string, unknown>;
  const parts = Object.entries(after).map(([key, part]) => [key, shared(old[key], part)] as const);
  const isSame =
    parts.length === Object.keys(old).length && parts.every(([key, part]) => key in old && old[key] === part);
  return (isSame ? before : Object.fromEntries(parts)) as T;
}

function sharedList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const byName = new Map(before.flatMap((part) => (nameIn(part) === undefined ? [] : [[nameIn(part), part]])));
  const parts = after.map((part, index) => shared(byName.get(nameIn(part)) ?? before[index], part));
  return parts.length === before.length && parts.every((part, index) => part === before[index]) ? before : parts;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
