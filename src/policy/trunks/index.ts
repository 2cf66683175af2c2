export { isContactOf, isJoined, TrunkIndex } from './identify.ts';
export { contains, NetworkTable, type Prefix, prefixOf } from './network.ts';
export { isPublic } from './public.ts';
