/** A schema with what its keys mean in the words of who reads it. */
export function inWords<T>(schema: T, tell: (text: string) => string): T {
  if (Array.isArray(schema)) return schema.map((one) => inWords(one, tell)) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      // A key of the file may have these names too: then it is a schema.
      (key === 'description' || key === 'x-range') && typeof value === 'string' ? tell(value) : inWords(value, tell),
    ]),
  ) as T;
}
