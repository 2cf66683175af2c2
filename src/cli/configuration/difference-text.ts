import type { components } from '#client';
import { harmless } from '../cdr-text.ts';
import type { Painter } from '../output/fitted-table.ts';

type Difference = components['schemas']['Difference'];
type Examination = components['schemas']['Examination'];

const effects: Readonly<Record<Difference['effect'], string>> = {
  live: 'at once',
  'new-calls': 'for new calls',
  restart: 'after a restart',
};

/** Each difference with what was, what is, and when it holds. */
export function differencesText(differences: readonly Difference[], paint: Painter): string {
  return differences.map((one) => differenceText(one, paint)).join('');
}

function differenceText({ path, was, is, effect }: Difference, paint: Painter): string {
  const sign = was === undefined ? '+' : is === undefined ? '-' : '~';
  const when = paint(effect === 'restart' ? 'yellow' : 'dim', `(${effects[effect]})`);
  const lines = [`${sign} ${paint('bold', harmless(path.join(' ')))} ${when}`];
  if (was !== undefined) lines.push(...valueLines(was).map((line) => paint('red', `    - ${line}`)));
  if (is !== undefined) lines.push(...valueLines(is).map((line) => paint('green', `    + ${line}`)));
  return `${lines.join('\n')}\n`;
}

/** Of a map a line for each of its keys. */
function valueLines(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [valueText(value)];
  return Object.entries(value).map(([key, one]) => `${harmless(key)}: ${valueText(one)}`);
}

function valueText(value: unknown): string {
  return harmless(typeof value === 'string' ? value : JSON.stringify(value));
}

/** All that a configuration would mean: faults first. */
export function examinationText({ findings, differences, samples }: Examination, paint: Painter): string {
  const out: string[] = [];
  for (const { code, severity, line, place, message, cure } of findings)
    out.push(
      `${paint(severity === 'error' ? 'red' : 'yellow', `${severity} ${harmless(code)}`)} line ${line}${place === '' ? '' : `, ${harmless(place)}`}: ${harmless(message)}\n    ${harmless(cure)}\n`,
    );
  out.push(differencesText(differences, paint));
  if (samples.length > 0) out.push('\nSample calls of which something else becomes:\n');
  for (const { name, was, is, differences: unlike } of samples)
    out.push(
      `  ${paint('bold', harmless(name))}: ${harmless(was ?? 'cannot be made')} -> ${harmless(is ?? 'cannot be made')}\n`,
      ...unlike.map((one) => `    ${harmless(one)}\n`),
    );
  return out.join('');
}

/** `2 differences`, and what they want. */
export function summary({ sound, findings, differences, samples }: Examination): string {
  if (!sound) {
    const faults = findings.filter(({ severity }) => severity === 'error').length;
    return `It cannot be committed: ${counted(faults, 'fault')}.`;
  }
  if (differences.length === 0) return 'It means what runs already.';
  const restart = differences.some(({ effect }) => effect === 'restart') ? ', some after a restart (--restart)' : '';
  const calls = samples.length === 0 ? '' : `; acknowledge ${counted(samples.length, 'sample call')} (--acknowledge)`;
  return `${counted(differences.length, 'difference')}${restart}${calls}.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
