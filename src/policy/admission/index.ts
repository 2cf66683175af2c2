export { Occupancy, type Refusal } from './occupancy.ts';
