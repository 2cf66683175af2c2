import { type Configuration, HelpingRouter, judge, type SampleResult } from '#engine/ports';
import { harmless } from './cdr-text.ts';
import { planText } from './plan-text.ts';

/** What would come of each sample call. */
export function sampleResults(configuration: Configuration): readonly SampleResult[] {
  const { samples = [] } = configuration;
  if (samples.length === 0) return [];
  const router = new HelpingRouter(configuration);
  return samples.map((sample) => judge(router, sample));
}

export function isWrong({ differences }: SampleResult): boolean {
  return differences.length > 0;
}

/** A line for each, and of what is wrong how it differs and why; then how many are right. */
export function samplesText(results: readonly SampleResult[]): string {
  const lines = results.map((result) => {
    const { sample, plan, differences } = result;
    const line = `${isWrong(result) ? 'WRONG ' : 'ok    '} ${harmless(`${sample.name}: ${sample.from} to ${sample.to}`)}\n`;
    if (!isWrong(result)) return line;
    const differs = differences.map((one) => `         ${harmless(one)}\n`).join('');
    return `${line}${differs}${planText(plan).replace(/^(?=.)/gm, '         ')}\n`;
  });
  const right = results.filter((result) => !isWrong(result)).length;
  return `${lines.join('')}${right} of ${results.length} sample calls are as expected\n`;
}
