export { type Answer, answerLimits, readAnswer } from './answer.ts';
export { Breaker } from './breaker.ts';
export { type EnumPlace, type EnumRecord, type EnumResult, enumLimits, enumName, placesOf } from './enum.ts';
export type { DecisionOutcome, DecisionQuestion } from './question.ts';
