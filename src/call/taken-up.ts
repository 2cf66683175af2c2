import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { ServerTransaction } from '#sip/transaction';
import { resumeAnswer } from './answer.ts';
import { Call } from './call.ts';
import { CallLeg, type LegState, listenerOf } from './call-leg.ts';
import { byTandem, retryAfter } from './causes.ts';
import type { ConfirmedState, EndedState, SetupState } from './checkpoint.ts';
import { Orphan } from './orphan.ts';
import type { CallServices, Party } from './services.ts';

/**
 * Ms from the answer to a restart in which the 200 may never have left, or not have come: a process that hangs is given 5 s.
 * After that only a caller who asks again gets it: all others have long sent their ACK.
 */
const unsureFor = 8_000;

/** Takes up a call of a process that died after it was answered; undefined when its sockets are not there any more. */
export function answeredCall(
  services: CallServices,
  state: ConfirmedState,
  source: Trunk,
  callee: Trunk,
  now: Instant,
): Call | undefined {
  const socketA = listenerOf(services, source, state.a.flow);
  const socketB = listenerOf(services, callee, state.b.flow);
  if (!socketA || !socketB) return undefined;
  const call = Call.taken(services, source, state);
  // Its ACK may have come after the checkpoint; a 200 that was lost moments before the crash must come again.
  const { answer } = state.a;
  const age = now.wall - state.answeredAt;
  const fresh = age < unsureFor;
  const caller = CallLeg.restored(call, 'a', source, state.a, socketA, fresh ? answer : undefined, now);
  if (answer && !fresh) resumeAnswer(services, answer.octets, state.a.flow, age, now);
  call.resume(caller, CallLeg.restored(call, 'b', callee, state.b, socketB, undefined, now), state, now);
  // Its requests have higher CSeqs from now on: another crash must not lead back to those of before.
  if (call.phase === 'answered') call.checkpoint();
  return call;
}

/** Ends a call that a dead process was setting up: the caller is refused, the callee's INVITE cancelled. */
export function orphanedCall(
  services: CallServices,
  state: SetupState,
  source: Trunk,
  server: ServerTransaction<Party> | undefined,
  trunkNamed: (name: string) => Trunk | undefined,
  now: Instant,
): Call {
  const call = Call.taken(services, source, state);
  const { pending, alsoPending = [], standing, answered } = state;
  const cause = byTandem('restarted', 503);
  for (const invite of pending ? [pending, ...alsoPending] : []) {
    const callee = trunkNamed(invite.trunk);
    if (callee && services.flows.socket(invite.flow.listener))
      call.attempted(Orphan.cancel(call, callee, invite, now).record(cause, now.wall));
  }
  const toTag = state.facts.caller.localTag;
  if (server) services.transactions.respond(server, { status: 503, toTag, headers: retryAfter }, now.mono);
  // Who transferred it had hung up already: it would wait for ever.
  if (standing) leave(call, standing.side, source, standing, undefined, now);
  if (answered) {
    const callee = trunkNamed(answered.leg.trunk);
    if (callee) leave(call, 'b', callee, answered.leg, undefined, now);
    call.attempted({ ...answered.record, endedAt: now.wall, end: cause });
  }
  // Its session, if it had one, is closed when the media process says what it has.
  call.refused(cause, undefined, now);
  return call;
}

/** Sends the BYEs again of a call that ended under a process that died, so that nobody is left talking to nobody. */
export function leavingCall(
  services: CallServices,
  { record, leaving = [], refusal }: EndedState,
  trunkOf: (name: string) => Trunk | undefined,
  now: Instant,
): Call | undefined {
  if (refusal) resumeAnswer(services, refusal.octets, refusal.flow, now.wall - record.endedAt, now);
  const source = trunkOf(record.leg.trunk);
  if (!source || leaving.length === 0) return undefined;
  const call = Call.over(services, source, record, now);
  for (const state of leaving) {
    const trunk = trunkOf(state.trunk);
    if (trunk) leave(call, state.side, trunk, state, state.answer, now);
  }
  return call;
}

/** Hangs up on a leg of the dead process, where its sockets are there still. */
function leave(
  call: Call,
  side: 'a' | 'b',
  trunk: Trunk,
  state: LegState,
  answer: LegState['answer'],
  now: Instant,
): void {
  const socket = listenerOf(call.services, trunk, state.flow);
  if (!socket) return;
  const left = CallLeg.restored(call, side, trunk, state, socket, answer, now);
  call.spare(left);
  left.hangUp(now, undefined);
}
