import { type CallRecord, describeEnd } from '#cdr';
import type { StreamCounters } from '#codec/media-control';
import type { LabCall } from '../lab-call.ts';
import { harmless, type Paint, seconds } from './text.ts';

const margin = ' '.repeat(7);

/** A call that is over: what the program's record says of it, and what the parties heard; then what went wrong. */
export function endedCall(call: LabCall, paint: Paint): string[] {
  const { plan, record } = call;
  const mark = call.faults.length === 0 ? paint('green', '✓') : paint('red', '✗');
  const number = paint('bold', `#${plan.number}`.padStart(4));
  const lines: string[] = [];
  if (record === undefined) {
    lines.push(`${mark}${number}  ${plan.from} ${plan.caller} → ${plan.called}, ${heard(call, paint)}`);
  } else {
    const { leg, caller, called, attempts, media } = record;
    const to = attempts.at(-1)?.leg.trunk ?? 'nowhere';
    const talk =
      record.answeredAt === undefined ? 'not answered' : `talked ${seconds(record.talkMs)}${plan.hold ? ', held' : ''}`;
    lines.push(
      `${mark}${number}  ${leg.trunk} ${harmless(caller)} → ${to} ${harmless(called)}  ${talk}, ${heard(call, paint)}`,
      paint('dim', `${margin}${course(record)}`),
    );
    for (const { leg, end } of attempts.slice(0, -1)) {
      const why = end.sip ? `${end.sip.status} ${end.sip.phrase}` : describeEnd(end);
      lines.push(paint('dim', `${margin}${leg.trunk} said ${harmless(why)}: on to the next trunk`));
    }
    const audio = media?.[0];
    const about = audio === undefined ? '' : `${call.caller?.law ?? ''}  ${figures(audio)}  `;
    // As much of its name as `tandem cdr show` needs.
    lines.push(paint('dim', `${margin}${about}${record.call.slice(0, 12)}`));
  }
  for (const fault of call.faults) lines.push(`${margin}${paint('red', harmless(fault))}`);
  return lines;
}

/** "outbound: rang at 5 ms, answered at 0.6 s. The caller hung up." */
function course({ route, startedAt, ringingAt, answeredAt, end }: CallRecord): string {
  const parts: string[] = [];
  if (ringingAt !== undefined) parts.push(`rang at ${ringingAt - startedAt} ms`);
  if (answeredAt !== undefined) parts.push(`answered at ${seconds(answeredAt - startedAt)}`);
  return `${route ?? 'no route'}: ${parts.join(', ') || 'no answer'}. ${harmless(describeEnd(end))}`;
}

function figures({ a, b }: StreamCounters): string {
  const ms = (jitter: number | undefined) => jitter?.toFixed(1) ?? '?';
  return (
    `RTP → ${a.packets} ← ${b.packets}  lost → ${a.lost} ← ${b.lost}  ` +
    `jitter → ${ms(a.jitterMs)} ← ${ms(b.jitterMs)} ms`
  );
}

function heard({ caller, callee }: LabCall, paint: Paint): string {
  if (caller?.heard && callee?.heard) return paint('green', 'heard both ways');
  if (caller?.heard) return paint('red', 'only the caller heard the other');
  return paint('red', callee?.heard ? 'only the callee heard the other' : 'nobody heard anything');
}
