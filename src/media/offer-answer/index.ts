export { answerFor, type HoldWords, meaningOf, permitted, receives, type Said, sends, told, wishOf } from './hold.ts';
export {
  atRest,
  type Carrier,
  type End,
  type OfferAnswerState,
  type Outcome,
  type Passing,
  type Role,
  step,
} from './machine.ts';
