export { isContactOf, TrunkIndex } from './identify.ts';
export { contains, NetworkTable, type Prefix, prefixOf } from './network.ts';
