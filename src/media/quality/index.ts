export { Reception } from './reception.ts';
