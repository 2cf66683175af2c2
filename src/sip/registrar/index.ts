export type { Binding } from './binding.ts';
export { Bindings, type BindingsOptions, type Registrant } from './bindings.ts';
export { deviceParam, instanceMeant, isTemporary, nodeOfTemporary, temporaryAt } from './gruu.ts';
export type { Expiries } from './read-register.ts';
