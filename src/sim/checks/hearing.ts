import type { AllocatedStream, SessionPlan } from '#codec/media-control';
import type { Direction } from '#codec/sdp';
import type { HostPort } from '#kernel';

import { agreed, nowhere } from '../peer/sdp.ts';
import type { LegMedia } from '../peer/session.ts';
import { Violation } from './safety.ts';

/** A call whose ends have had nothing to settle for a while. */
export interface SettledCall {
  readonly number: string;
  readonly caller: LegMedia;
  readonly callee: LegMedia;
  /** What the media process has; undefined where the parties send to each other (bypass). */
  readonly session:
    | { readonly plan: SessionPlan | undefined; readonly streams: readonly AllocatedStream[] }
    | undefined;
  /** A trunk has words of its own for a hold: what one end is told is not what the other has said. */
  readonly isReworded: boolean;
}

/**
 * Can the parties hear each other? Each sends to our port of its side, the media process to where each listens, and
 * whoever sends is listened to.
 */
export function checkHearing({ number, caller, callee, session, isReworded }: SettledCall): void {
  const all = JSON.stringify({ caller, callee, session });
  const same = (one: HostPort | undefined, other: HostPort) => {
    if (one?.host !== other.host || one.port !== other.port) throw new Violation(`${number} is not heard: ${all}`);
  };
  if (session) {
    const ports = session.streams.find(({ stream }) => stream === 0);
    const plan = session.plan?.streams[0];
    if (!ports || !plan) throw new Violation(`${number} talks without media`);
    if (caller.told.host !== nowhere) same(caller.told, ports.a);
    if (callee.told.host !== nowhere) same(callee.told, ports.b);
    same(plan.a.remote?.rtp, caller.own);
    same(plan.b.remote?.rtp, callee.own);
    if (plan.a.sends !== sends(caller.direction) || plan.b.sends !== sends(callee.direction))
      throw new Violation(`${number}: the plan is not what the ends agreed on: ${all}`);
  } else {
    same(caller.told, callee.own);
    same(callee.told, caller.own);
  }
  if (isReworded) return;
  const ours = agreed(caller.direction, callee.direction);
  const theirs = agreed(callee.direction, caller.direction);
  if (ours !== caller.direction || theirs !== callee.direction)
    throw new Violation(`${number}: one end is ${caller.direction}, the other ${callee.direction}`);
}

function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}
