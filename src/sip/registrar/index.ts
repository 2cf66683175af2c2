export type { Binding } from './binding.ts';
export { Bindings, type BindingsOptions, type Registrant } from './bindings.ts';
export { instanceMeant, isTemporary } from './gruu.ts';
export type { Expiries } from './read-register.ts';
