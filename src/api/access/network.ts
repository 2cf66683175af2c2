import { BlockList, isIP, isIPv6 } from 'node:net';
import type { ManagementConfiguration } from '#engine/ports';

type Networks = NonNullable<ManagementConfiguration['metrics']>['from'];

const lists = new WeakMap<Networks, BlockList>();

/** Whether an address is in one of some networks; what is no address is in none: a proxy may have written anything. */
export function isWithin(address: string, networks: Networks): boolean {
  let list = lists.get(networks);
  if (!list) {
    list = new BlockList();
    for (const { host, bits } of networks) list.addSubnet(host, bits, isIPv6(host) ? 'ipv6' : 'ipv4');
    lists.set(networks, list);
  }
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
