/** What holds of every record, whatever the ladder: it says what the parties saw. */
import type { AttemptRecord, CallRecord, LegIdentifiers } from '#cdr';
import type { Phone } from './phone.ts';

/** What is untrue in a record, or undefined. `steady`: the wall clock was not set meanwhile. */
export function untruth(record: CallRecord, phones: readonly Phone[], steady: boolean): string | undefined {
  const { leg, attempts, answeredAt } = record;
  const caller = phones.find(({ callId }) => callId === leg.callId);
  if (!caller?.caller) return `nobody called with ${leg.callId}`;
  if (record.caller !== caller.numbers.from) return `caller ${record.caller}, not ${caller.numbers.from}`;
  if (record.called !== caller.numbers.to) return `called ${record.called}, not ${caller.numbers.to}`;
  if (record.route !== undefined && record.decisions.length === 0) return 'a route and no decision';
  const wrong = identity(leg, caller) ?? times(record, caller.began, caller.began, steady);
  if (wrong !== undefined) return `of the caller: ${wrong}`;
  for (const attempt of attempts) {
    const callee = phones.find(({ callId }) => callId === attempt.leg.callId);
    const untrue =
      callee && (attemptUntruth(attempt, callee) ?? times(attempt, record.startedAt, callee.began, steady));
    if (untrue !== undefined) return `of ${attempt.leg.trunk}: ${untrue}`;
    const failed = attempt.answeredAt === undefined && ['callee', 'tandem'].includes(attempt.end.by);
    const told = record.decisions.some(({ rule }) => rule === `trunk ${attempt.leg.trunk}`);
    const ended = attempt.end.reason === record.end.reason && record.end.by === 'tandem';
    if (failed && !told && !ended) return `no decision tells of ${attempt.leg.trunk}`;
  }
  if (answeredAt !== undefined && attempts.at(-1)?.answeredAt !== answeredAt)
    return 'answered, but not by the last attempt';
  return undefined;
}

function identity({ trunk, remote, remoteTag, localTag }: LegIdentifiers, phone: Phone): string | undefined {
  if (trunk !== phone.place.trunk) return `trunk ${trunk}`;
  if (!remote.endsWith(`${phone.place.address.host}:${phone.place.address.port}`)) return `remote ${remote}`;
  if (remoteTag !== '' && !phone.wrote(remoteTag)) return `remote tag "${remoteTag}"`;
  return phone.wasShown(localTag) ? undefined : `local tag "${localTag}"`;
}

function attemptUntruth(attempt: AttemptRecord, phone: Phone): string | undefined {
  if (attempt.answeredAt !== undefined && attempt.leg.remoteTag === '') return 'no tag of who answered';
  // An attempt that a dead process made is known by what could cancel it.
  if (attempt.called !== '' && !phone.numbers.to.includes(attempt.called)) return `called ${attempt.called}`;
  return identity(attempt.leg, phone);
}

interface Times {
  readonly startedAt: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
  readonly endedAt: number;
}

/** The times of a call or attempt in order, its beginning between `earliest` and `latest`. */
function times(
  { startedAt, ringingAt, answeredAt, endedAt }: Times,
  earliest: number,
  latest: number,
  steady: boolean,
): string | undefined {
  if (!steady) return undefined;
  if (startedAt < earliest || startedAt > latest) return `began at ${startedAt}, not within ${earliest} to ${latest}`;
  const order = [startedAt, ringingAt, answeredAt, endedAt].filter((time) => time !== undefined);
  return order.every((time, i) => i === 0 || time >= order[i - 1]!)
    ? undefined
    : `times out of order: ${order.join(' ')}`;
}
