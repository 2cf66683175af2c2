import type { Configuration, User } from '#engine/ports';

/** Where the phone of a user stands: within the first network of his site, each at an address of its own. */
export function phoneHost({ sites = [], users = [] }: Configuration, { name, site }: User): string | undefined {
  const network = sites.find((one) => one.name === site)?.subnets[0]?.network;
  if (!network) return undefined;
  const at = users.findIndex((user) => user.name === name);
  return network.host.replace(/\d+$/, String(51 + at));
}
