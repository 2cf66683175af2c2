export { Bypass, type MediaEnd } from './bypass.ts';
