export { isUdptl, longestUdptl, udptlSequenceOf } from './udptl.ts';
