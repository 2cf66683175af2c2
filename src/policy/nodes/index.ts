export { atNode, nodesOf, nodeTrunkName } from './at-node.ts';
export { Homes } from './homes.ts';
