import type { CallRecord, EndCause } from '#cdr';
import { byTandem } from './causes.ts';
import type { ConfirmedState, EndedState, SetupState } from './checkpoint.ts';

/** A call that a process died under and that can't be taken up again: its record must not be lost with it. `wall` in ms. */
export function lostCall(state: SetupState | ConfirmedState, wall: number): EndedState {
  const { id, caller, from, to, ...kept } = state.facts;
  const end: EndCause = byTandem('restarted', undefined);
  const answeredAt = state.stage === 'answered' ? state.answeredAt : undefined;
  const record: CallRecord = {
    ...kept,
    call: id,
    leg: caller,
    caller: from,
    called: to,
    ...(answeredAt === undefined ? {} : { answeredAt }),
    endedAt: wall,
    talkMs: answeredAt === undefined ? 0 : Math.max(0, wall - answeredAt),
    end,
    attempts: state.attempts.map((attempt) => (attempt.endedAt === 0 ? { ...attempt, endedAt: wall, end } : attempt)),
  };
  return { v: 1, stage: 'ended', record };
}
