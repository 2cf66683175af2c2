import type { Summary } from '../summary.ts';
import { count, type Paint, seconds } from './text.ts';

export function summaryText(summary: Summary, tookMs: number, paint: Paint): string[] {
  const { calls } = summary;
  const of = (n: number, what: string) => paint(n === calls ? 'green' : 'red', `${n} ${what}`);
  const lines = [
    '',
    `${paint('bold', count(calls, 'call'))} in ${seconds(tookMs)}: ${of(summary.answered, 'answered')}, ` +
      `${of(summary.heard, 'heard both ways')}, ${of(summary.recorded, 'recorded')}` +
      (summary.failed > 0 ? `, ${paint('red', `${summary.failed} with faults`)}` : '') +
      (summary.brokenOff > 0 ? `, ${paint('yellow', `${summary.brokenOff} broken off`)}` : ''),
    `longest set-up ${summary.longestSetUp.toFixed(0)} ms  ·  ${count(summary.packets, 'RTP packet')} received, ` +
      `${Math.max(0, summary.lost)} lost (${summary.lossPercent().toFixed(2)} %)  ·  worst jitter ${summary.worstJitter.toFixed(1)} ms`,
  ];
  return lines;
}
