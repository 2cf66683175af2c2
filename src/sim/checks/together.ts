import type { CallRecord, EndCause } from '#engine/ports';
import type { History } from '../peer/line.ts';
import { Violation } from './safety.ts';

/** Of those that ring together one is answered: the record has one answer, and no two of them talk. */
export function checkTogether({ call, answeredAt, attempts, decisions }: CallRecord): void {
  const answered = attempts.filter(
    ({ answeredAt: at, end }) => at !== undefined && end.reason !== 'answered-elsewhere' && !isUseless(end),
  );
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

/** A call for help goes on when an answer is of no use, or there is nothing to relay it by. */
function isUseless({ by, reason }: EndCause): boolean {
  return by === 'tandem' && (reason === 'rejected' || reason === 'no-media-ports');
}
