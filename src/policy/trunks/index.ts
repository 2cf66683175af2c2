export { TrunkIndex } from './identify.ts';
