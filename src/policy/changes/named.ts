/** By which name a part of a list is known among the others: listeners have an id each, for each of their transports. */
export function nameIn(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  const { id, name } = part as { readonly id?: unknown; readonly name?: unknown };
  return typeof id === 'string' ? id : typeof name === 'string' ? name : undefined;
}
