import type { Distribution } from './call-figures.ts';

/** A value and, in the order of the labels, what they are. */
export type Sample = readonly [value: number | Distribution, ...labels: readonly string[]];

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: Iterable<Sample>;
}

/** The text format of Prometheus, version 0.0.4. A family without samples leaves nothing: what is not measured is not there. */
export function exposition(families: Iterable<Family>): string {
  const lines: string[] = [];
  for (const { name, type, help, labels, samples } of families) {
    let isNamed = false;
    for (const [value, ...values] of samples) {
      if (!isNamed) lines.push(`# HELP ${name} ${helpText(help)}`, `# TYPE ${name} ${type}`);
      isNamed = true;
      const pairs = labels.map((label, index) => `${label}="${labelText(values[index] ?? '')}"`);
      if (typeof value === 'number') lines.push(`${name}${braced(pairs)} ${numeral(value)}`);
      else lines.push(...ofDistribution(name, pairs, value));
    }
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function ofDistribution(
  name: string,
  pairs: readonly string[],
  { bounds, counts, count, sum }: Distribution,
): string[] {
  const buckets = bounds.map(
    (bound, i) => `${name}_bucket${braced([...pairs, `le="${numeral(bound)}"`])} ${counts[i]}`,
  );
  return [
    ...buckets,
    `${name}_bucket${braced([...pairs, 'le="+Inf"'])} ${count}`,
    `${name}_sum${braced(pairs)} ${numeral(sum)}`,
    `${name}_count${braced(pairs)} ${count}`,
  ];
}

function braced(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function numeral(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : `${value > 0 ? '+' : '-'}Inf`;
}

function labelText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function helpText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
