/** Trunks that have series of their own: beyond them all others have one together. */
const mostTrunks = 1_000;

/** Of a leg that is no trunk's. No trunk can be called so. */
export const users = '(users)';
const others = '(others)';

/** How a trunk is called in a label: names of the configuration alone, and not more of them than anybody can store. */
export function trunkLabels(trunks: readonly { readonly name: string }[]): (name: string) => string {
  const known = new Map(trunks.map(({ name }, index) => [name, index < mostTrunks ? name : others]));
  return (name) => known.get(name) ?? users;
}
