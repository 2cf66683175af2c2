export { type Code, type CodeEntry, codes, soundFile } from './errors.ts';
export { jsonSchema } from './json-schema.ts';
export { type Loaded, loadConfiguration, readConfiguration } from './load.ts';
export { errorIndex, errorPage, errorText, manual } from './pages.ts';
export { formatProblem, formatProblems, type Problem } from './problems.ts';
export type { Environment } from './variables.ts';
