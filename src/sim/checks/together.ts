import type { CallRecord } from '#engine/ports';
import type { History } from '../peer/line.ts';
import { Violation } from './safety.ts';

/** Of those that ring together one is answered: the record has one answer, and no two of them talk. */
export function checkTogether({ call, answeredAt, attempts, decisions }: CallRecord): void {
  const answered = attempts.filter((one) => one.answeredAt !== undefined && one.end.reason !== 'answered-elsewhere');
  const isJoined = decisions.some(({ rule }) => rule === 'transfer');
  if (answeredAt !== undefined && answered.length !== 1 && !isJoined)
    throw new Violation(`${call} has ${answered.length} answers: ${JSON.stringify(attempts)}`);
}

/** A while after its end nothing of a call rings any more. `histories`: those that were there then, and have not crashed since. */
export function checkSilenced(record: CallRecord, histories: readonly History[]): void {
  const ids = new Set(record.attempts.map(({ leg }) => leg.callId));
  for (const { agent, callId, role, said, final } of histories)
    if (role === 'callee' && said && final === undefined && ids.has(callId))
      throw new Violation(`${agent} rings on though ${record.call} is over: ${callId}`);
}
