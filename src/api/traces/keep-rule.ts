import { type CallRecord, type EndCause, isLike, type KeepRule, partiesOwnEnds } from '#engine/ports';

/** Whether the messages of a call are to be kept. */
export function isToBeKept(record: CallRecord, rules: readonly KeepRule[]): boolean {
  return rules.some((rule) => fits(record, rule));
}

function fits(record: CallRecord, { failed, trunk, number }: KeepRule): boolean {
  if (failed && !hasFailed(record)) return false;
  if (trunk !== undefined && !trunksOf(record).includes(trunk)) return false;
  return number === undefined || numbersOf(record).some((one) => isLike(one, number));
}

/** Of both sides, and of every try. */
export function trunksOf({ leg, attempts }: CallRecord): readonly string[] {
  return [...new Set([leg.trunk, ...attempts.map((attempt) => attempt.leg.trunk)])];
}

function hasFailed({ end, attempts, answeredAt }: CallRecord): boolean {
  if (isFailure(end, answeredAt !== undefined)) return true;
  return attempts.some((attempt) => isFailure(attempt.end, attempt.answeredAt !== undefined));
}

function isFailure({ reason }: EndCause, wasAnswered: boolean): boolean {
  return !partiesOwnEnds.has(reason) && !(wasAnswered && reason === 'transferred') && reason !== 'operator';
}

function numbersOf({ caller, called, attempts }: CallRecord): readonly string[] {
  return [caller, called, ...attempts.flatMap((attempt) => [attempt.caller, attempt.called])];
}
