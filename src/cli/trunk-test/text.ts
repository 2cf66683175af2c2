import type { styleText } from 'node:util';
import { duration, exactTime, harmless } from '../cdr-text.ts';
import type { Step, StepVerdict, TestReport } from './report.ts';

type Format = Parameters<typeof styleText>[0];
export type Paint = (format: Format, text: string) => string;

const marks: Readonly<Record<StepVerdict, readonly [mark: string, format: Format]>> = {
  passed: ['ok', 'green'],
  warning: ['warn', 'yellow'],
  failed: ['FAIL', 'red'],
  skipped: ['-', 'dim'],
};

export const plain: Paint = (_format, text) => text;

/** One step: its verdict, what was sent (>), what came (<), what to do (!). */
export function stepText({ name, verdict, summary, sent, came, todo, tookMs }: Step, paint: Paint): string {
  const [mark, format] = marks[verdict];
  const took = verdict === 'skipped' ? '' : paint('dim', `  (${duration(tookMs)})`);
  const lines = [`${paint(format, mark.padEnd(4))}  ${name.padEnd(13)}  ${harmless(summary)}${took}`];
  const add = (sign: string, texts: readonly string[], how: Format) => {
    for (const text of texts) lines.push(paint(how, `        ${sign} ${harmless(text)}`));
  };
  add('>', sent, 'dim');
  add('<', came, 'dim');
  add('!', todo, verdict === 'passed' || verdict === 'skipped' ? 'dim' : 'bold');
  return `${lines.join('\n')}\n`;
}

export function headText({ trunk, number }: Pick<TestReport, 'trunk' | 'number'>, startedAt: number): string {
  const call = number === undefined ? '' : `, with a call to ${harmless(number)}`;
  return `Test of trunk ${harmless(trunk)}${call}, ${exactTime(startedAt)}\n\n`;
}

export function verdictText({ ok, verdict }: Pick<TestReport, 'ok' | 'verdict'>, paint: Paint): string {
  return `\n${paint(ok ? 'green' : 'red', harmless(verdict))}\n`;
}

/** The whole report. */
export function reportText(report: TestReport): string {
  const steps = report.steps.map((step) => stepText(step, plain));
  return headText(report, report.startedAt) + steps.join('') + verdictText(report, plain);
}
