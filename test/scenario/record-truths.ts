/** What holds of every record, whatever the ladder: it says what the parties saw. */
import type { AttemptRecord, CallRecord, LegIdentifiers } from '#cdr';
import { formatHostPort } from '#kernel';
import type { Phone } from './phone.ts';

/** What is untrue in a record, or undefined. `steady`: the wall clock was not set meanwhile. */
export function untruth(record: CallRecord, phones: readonly Phone[], steady: boolean): string | undefined {
  const { leg, attempts, answeredAt } = record;
  const caller = phones.find(({ callId }) => callId === leg.callId);
  const traced = (rule: string) => record.decisions.some((decision) => decision.rule === rule);
  // Its legs are, or one is, of other calls.
  const isJoined = record.decisions.some(({ rule, outcome }) => rule === 'replaces' || / of call /.test(` ${outcome}`));
  if (!caller || !(caller.caller || isJoined)) return `nobody called with ${leg.callId}`;
  const { from, to, meant } = caller.numbers;
  // A user is known by his line, whatever his phone says.
  const name = caller.place.line ?? (caller.caller ? from : to);
  // Whoever has rules on messages says in the trace what they did.
  const ruled = record.decisions.some(
    ({ rule, outcome }) => rule.includes(', rule ') && outcome.startsWith('INVITE from it'),
  );
  if (record.caller !== name && !ruled) return `caller ${record.caller}, not ${name}`;
  if (!isJoined && !ruled && record.called !== to && !meant.includes(record.called))
    return `called ${record.called}, not ${to}`;
  if (attempts.length > 0 && record.route === undefined && !isJoined && !traced('directory'))
    return 'attempts and no route';
  const { route, decisions } = record;
  // With its usage before it, where it has one.
  if (route !== undefined && !traced(route) && !decisions.some(({ rule }) => rule.endsWith(` / ${route}`)))
    return 'a route and no decision';
  if (record.end.reason === 'no-capacity' && !record.decisions.some(({ outcome }) => outcome.includes('capacity')))
    return 'no decision tells of the capacity';
  const wrong =
    identity(leg, caller) ?? times(record, caller.began, isJoined ? record.startedAt : caller.began, steady);
  if (wrong !== undefined) return `of the caller: ${wrong}`;
  for (const attempt of attempts) {
    const callee = phones.find(({ callId }) => callId === attempt.leg.callId);
    const untrue =
      callee &&
      (attemptUntruth(attempt, callee, isJoined) ??
        times(attempt, record.startedAt, isJoined ? attempt.startedAt : callee.began, steady));
    if (untrue !== undefined) return `of ${attempt.leg.trunk}: ${untrue}`;
    const failed = attempt.answeredAt === undefined && ['callee', 'tandem'].includes(attempt.end.by);
    const told = traced(`trunk ${attempt.leg.trunk}`) || traced(`user ${attempt.leg.trunk}`);
    if (failed && !told && !ended.has(attempt.end.reason)) return `no decision tells of ${attempt.leg.trunk}`;
  }
  // The caller's 200 may have waited for its PRACK.
  if (answeredAt !== undefined && !(attempts.at(-1)!.answeredAt! <= answeredAt))
    return 'answered, but not by the last attempt';
  return undefined;
}

/** Ends of the whole call by us: the trace is of the trunks. */
const ended: ReadonlySet<string> = new Set([
  'restarted',
  'drained',
  'operator',
  'no-ack',
  'media-lost',
  'no-media-ports',
  'internal',
  'answered-elsewhere',
]);

function identity({ trunk, remote, remoteTag, localTag }: LegIdentifiers, phone: Phone): string | undefined {
  if (!phone.place.trunks.includes(trunk)) return `trunk ${trunk}`;
  if (!remote.endsWith(formatHostPort(phone.place.address))) return `remote ${remote}`;
  if (remoteTag !== '' && !phone.wrote(remoteTag)) return `remote tag "${remoteTag}"`;
  return phone.wasShown(localTag) ? undefined : `local tag "${localTag}"`;
}

function attemptUntruth(attempt: AttemptRecord, phone: Phone, isJoined: boolean): string | undefined {
  if (attempt.answeredAt !== undefined && attempt.leg.remoteTag === '') return 'no tag of who answered';
  if (attempt.ringingAt !== undefined && attempt.leg.remoteTag === '') return 'no tag of who rang';
  // An attempt that a dead process made is known by what could cancel it.
  if (attempt.called !== '' && !isJoined && !phone.numbers.to.includes(attempt.called) && !phone.place.user)
    return `called ${attempt.called}`;
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
  if (!order.every(Number.isFinite)) return `no times: ${order.join(' ')}`;
  return order.every((time, i) => i === 0 || time >= order[i - 1]!)
    ? undefined
    : `times out of order: ${order.join(' ')}`;
}
