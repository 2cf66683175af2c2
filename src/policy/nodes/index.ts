export { atNode, nodesOf, nodeTrunkName } from './at-node.ts';
export { type Home, Homes } from './homes.ts';
