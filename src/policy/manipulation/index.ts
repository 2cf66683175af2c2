export type { Circumstances, Draft, DraftField } from './draft.ts';
export { draftOf, fieldsOf, formatDraft, messageOf } from './message.ts';
export { Pattern } from './pattern.ts';
export { type Preview, type PreviewFacts, type PreviewLine, preview } from './preview.ts';
export { type Change, Manipulation, manipulationLimits, type RuleFault, ruleFaults } from './rules.ts';
