export { atNode, nodesOf, nodeTrunkName, shareOf } from './at-node.ts';
export { type Home, Homes } from './homes.ts';
export { mediaOf, waysTo } from './ways.ts';
