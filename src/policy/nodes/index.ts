export { atNode, nodeTrunkName } from './at-node.ts';
export { Homes } from './homes.ts';
