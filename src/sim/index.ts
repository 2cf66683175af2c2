export { type Fault, faults, type Mix } from './mix.ts';
export { type Outcome, type SimulationOptions, simulate } from './world.ts';
