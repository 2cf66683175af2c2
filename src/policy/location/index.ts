export { type End, hasLocationRules, obstacle } from './rules.ts';
export { Whereabouts } from './whereabouts.ts';
