export { TrunkIndex } from './identify.ts';
export { contains, type Prefix, prefixOf } from './network.ts';
