export { bestOf, type FailedAttempt } from './best.ts';
export { type FinalResponse, type Judgement, judge, type Verdict } from './judge.ts';
