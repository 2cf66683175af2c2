export { type Edit, editConfiguration } from './edit.ts';
export { type Code, codes, soundFile } from './errors.ts';
export { type Inserted, insertTrunk, trunkText } from './insert-trunk.ts';
export { jsonSchema } from './json-schema.ts';
export { type Loaded, loadConfiguration, readConfiguration } from './load.ts';
export { errorIndex, errorPage, errorText, manual } from './pages.ts';
export { formatProblems, type Problem } from './problems.ts';
export { profileOf, type ReadProfile, readCapabilitySet } from './profile.ts';
export { profileManual } from './profile-pages.ts';
