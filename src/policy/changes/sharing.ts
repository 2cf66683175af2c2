import { Sensitive } from '#kernel';
import { nameIn } from './named.ts';

/**
 * `after`, in which every part that equals what stood there in `before` is that very object: what a configuration has not changed is known
 * by its identity, as are the trunks that calls hold on to. Parts of a list are told by their names.
 */
export function shared<T>(before: unknown, after: T): T {
  if (before instanceof Sensitive && after instanceof Sensitive)
    return before.reveal() === after.reveal() ? (before as T) : after;
  if (!isObject(before) || !isObject(after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) return sharedList(before, after) as T;
  if ([before, after].some((part) => part instanceof Sensitive || Array.isArray(part))) return after;
  const old = before as Record<string, unknown>;
  const parts = Object.entries(after).map(([key, part]) => [key, shared(old[key], part)] as const);
  const isSame =
    parts.length === Object.keys(old).length && parts.every(([key, part]) => key in old && old[key] === part);
  return (isSame ? before : Object.fromEntries(parts)) as T;
}

function sharedList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const byName = new Map(before.flatMap((part) => (nameIn(part) === undefined ? [] : [[nameIn(part), part]])));
  const sameAs = (part: unknown, index: number) => {
    const name = nameIn(part);
    return name === nameIn(before[index]) ? before[index] : (byName.get(name) ?? before[index]);
  };
  const parts = after.map((part, index) => shared(sameAs(part, index), part));
  return parts.length === before.length && parts.every((part, index) => part === before[index]) ? before : parts;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
