import { type CallRecord, describeEnd } from '#cdr';
import type { StreamSideCounters } from '#codec/media-control';
import type { LabCall } from '../lab-call.ts';
import { count, harmless, type Paint, seconds, spaced } from './text.ts';

/** A call that is over: what the program's record says of it, and what the parties heard; or what went wrong. */
export function endedCall(call: LabCall, paint: Paint): string[] {
  const { plan, record } = call;
  const good = call.faults.length === 0;
  const mark = good ? paint('green', '✓') : paint('red', '✗');
  const number = paint('bold', `#${plan.number}`.padStart(5));
  const lines: string[] = [];
  if (record === undefined) {
    lines.push(`${mark}${number}  ${plan.from} ${spaced(plan.caller)} → ${spaced(plan.called)}: no record`);
  } else {
    const to = record.attempts.at(-1)?.leg.trunk ?? 'nowhere';
    const what = record.answeredAt === undefined ? 'not answered' : `talked ${seconds(record.talkMs)}`;
    lines.push(
      `${mark}${number}  ${record.leg.trunk} ${spaced(record.caller)} → ${to} ${spaced(record.called)}  ` +
        `${paint('bold', what)}  ${harmless(describeEnd(record.end))}`,
    );
    lines.push(paint('dim', `${margin}${setUp(record)}  ·  record ${record.call.slice(0, 8)}`));
    const audio = record.media?.[0];
    if (audio) {
      lines.push(
        `${paint('dim', `${margin}${call.caller?.law ?? ''}  →  ${side(audio.a)}  ·  ←  ${side(audio.b)}`)}  ·  ${heard(call, paint)}`,
      );
    }
  }
  for (const fault of call.faults) lines.push(`${margin}${paint('red', harmless(fault))}`);
  return lines;
}

const margin = ' '.repeat(8);

function setUp(record: CallRecord): string {
  const parts = [`route ${record.route ?? 'none'}`];
  for (const { leg, end } of record.attempts.slice(0, -1)) {
    parts.push(`${leg.trunk} refused${end.sip ? ` (${end.sip.status} ${harmless(end.sip.phrase)})` : ''}, hunted on`);
  }
  if (record.ringingAt !== undefined) parts.push(`rang after ${record.ringingAt - record.startedAt} ms`);
  if (record.answeredAt !== undefined) parts.push(`answered after ${seconds(record.answeredAt - record.startedAt)}`);
  return parts.join('  ·  ');
}

function side({ packets, lost, jitterMs }: StreamSideCounters): string {
  return `${count(packets, 'packet')}, ${lost} lost, jitter ${jitterMs === undefined ? '-' : `${jitterMs.toFixed(1)} ms`}`;
}

function heard({ caller, callee, plan }: LabCall, paint: Paint): string {
  const held = plan.hold ? ', held between' : '';
  if (caller?.heard && callee?.heard) return paint('green', `heard both ways${held}`);
  if (caller?.heard) return paint('red', 'only the caller heard the other');
  return paint('red', callee?.heard ? 'only the callee heard the other' : 'nobody heard anything');
}
